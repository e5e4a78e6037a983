import { SUITE, onStores } from "./support.mjs";
import { panics } from "./shared/panics.mjs";

const api = await import(new URL("index.js", SUITE));
const { Engine, openPanicking } = await import(new URL("ims_wasm.js", SUITE));
Engine.openMemory = openPanicking;

onStores(api, panics, ["memory"]);
