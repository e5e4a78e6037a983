import { SUITE } from "./support.mjs";
import { test } from "node:test";

const { load } = await import(new URL("index.js", SUITE));
const { conformanceCases, runCase } = await import(new URL("ims_wasm.js", SUITE));
await load();

for (const name of conformanceCases()) {
  // A case ends with what it says of the store.
  test(name, () => runCase(name, name).catch((finding) => Promise.reject(new Error(finding))));
}
