/**
 * Tells who waits for events that there are new ones: in this page, and in others that have the same store open.
 *
 * It says only that there may be something; what it is, and in which order, the log says.
 */
export class News {
  /** Nothing once it is closed: a closed channel may not be used. */
  #channel: BroadcastChannel | undefined;
  readonly #waiting = new Set<() => void>();

  constructor(store: string | undefined) {
    if (store === undefined || typeof BroadcastChannel === "undefined") return;
    this.#channel = new BroadcastChannel(`ims:${store}`);
    this.#channel.onmessage = () => this.#wake();
    // In node a channel keeps the process alive; it must not.
    (this.#channel as { unref?: () => void }).unref?.();
  }

  /** Says that something was written. */
  tell(): void {
    this.#wake();
    this.#channel?.postMessage(null);
  }

  /** Waits until there may be something new, or so many milliseconds. */
  wait(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        this.#waiting.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, timeoutMs);
      this.#waiting.add(wake);
    });
  }

  close(): void {
    this.#channel?.close();
    this.#channel = undefined;
    this.#wake();
  }

  #wake(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}
