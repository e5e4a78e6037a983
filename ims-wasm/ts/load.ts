import init, { initSync as instantiate } from "./ims_wasm.js";
import { InvalidInputError } from "./errors.js";

/** Where the WebAssembly module is, or the module itself. */
export type ModuleSource = string | URL | Response | BufferSource | WebAssembly.Module;

let loading: Promise<void> | undefined;

/**
 * Loads the WebAssembly module; `Ims.open` does it where nobody has. Without an argument it is the file beside this one:
 * fetched in a browser, read in node.
 */
export function load(source?: ModuleSource): Promise<void> {
  loading ??= instantiated(source).catch((error: unknown) => {
    // The next one may find a better network.
    loading = undefined;
    throw error;
  });
  return loading;
}

/** Loads the WebAssembly module at once, from its bytes. A browser's main thread takes only small ones: use {@link load}. */
export function initSync(module: BufferSource | WebAssembly.Module): void {
  if (typeof module !== "object" || module === null) throw new InvalidInputError("a module is bytes, or compiled bytes");
  instantiate({ module });
  loading = Promise.resolve();
}

async function instantiated(source: ModuleSource | undefined): Promise<void> {
  const found = source ?? (await readFile());
  await init({ module_or_path: found ?? new URL("./ims_wasm_bg.wasm", import.meta.url) });
}

interface Node {
  getBuiltinModule?(name: "node:fs/promises"): { readFile(path: URL): Promise<Uint8Array<ArrayBuffer>> };
}

/** Reads the module in node, whose fetch reads no files; nothing elsewhere. */
async function readFile(): Promise<BufferSource | undefined> {
  if (!import.meta.url.startsWith("file:")) return undefined;
  // No import: a bundler for browsers would follow it.
  const { process } = globalThis as { process?: Node };
  return process?.getBuiltinModule?.("node:fs/promises").readFile(new URL("./ims_wasm_bg.wasm", import.meta.url));
}
