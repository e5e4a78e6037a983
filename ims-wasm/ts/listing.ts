/** Which page of a list. */
export interface PageRequest {
  /** The `next` of the page before, or nothing for the first page. */
  readonly after?: string | null | undefined;
  /** At most so many rows, and at most 1,000. */
  readonly limit?: number | undefined;
}

/** A part of a list. */
export interface Page<T> {
  readonly rows: readonly T[];
  /** Where the next page begins, if there is one. */
  readonly next: string | null;
}

/** A list: all of its rows with `for await`, or page by page. */
export class Listing<T> implements AsyncIterable<T> {
  readonly #ask: (page: PageRequest) => Promise<Page<T>>;

  constructor(ask: (page: PageRequest) => Promise<Page<T>>) {
    this.#ask = ask;
  }

  /** Reads one page. */
  page(request: PageRequest = {}): Promise<Page<T>> {
    return this.#ask(request);
  }

  /** Reads all rows. */
  async toArray(): Promise<T[]> {
    const all: T[] = [];
    for await (const row of this) all.push(row);
    return all;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    let after: string | null = null;
    do {
      const page: Page<T> = await this.#ask({ after });
      yield* page.rows;
      after = page.next;
    } while (after !== null);
  }
}
