import { PACKAGE, onStores } from "./support.mjs";
import { badInput } from "./shared/bad_input.mjs";
import { durable } from "./shared/durable.mjs";
import { verbs } from "./shared/verbs.mjs";

const api = await import(PACKAGE);

onStores(api, verbs);
onStores(api, badInput);
onStores(api, durable, ["indexed"]);
