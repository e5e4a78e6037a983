/** Runs checks in a page, one at a time, by name. */
import { STORES } from "/tests/shared/shop.mjs";

/** Runs a check of a module on a kind of store, with the package of a folder. */
export async function runCheck(folder, module, list, name, store) {
  const api = await import(`/${folder}/index.js`);
  if (folder === "dist-suite") {
    const { Engine, openPanicking } = await import("/dist-suite/ims_wasm.js");
    Engine.openMemory = openPanicking;
  }
  const checks = await import(`/tests/shared/${module}.mjs`);
  const opened = [];
  const open = async (options) => {
    const ims = await STORES[store](api, options);
    opened.push(ims);
    return ims;
  };
  await checks[list][name](api, open);
  for (const ims of opened) ims.close();
}

/** Names the cases of the conformance suite. */
export async function cases() {
  const { load } = await import("/dist-suite/index.js");
  await load();
  return (await import("/dist-suite/ims_wasm.js")).conformanceCases();
}

/** Runs a case of the conformance suite. */
export async function runCase(name) {
  const { runCase } = await import("/dist-suite/ims_wasm.js");
  await runCase(name, `${name} ${crypto.randomUUID()}`);
}
