import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { PACKAGE } from "./support.mjs";
import { scenarios } from "./scenario_files.mjs";
import { replay } from "./shared/replay.mjs";
import { STORES } from "./shared/shop.mjs";

const folder = process.env["IMS_SCENARIOS"];
const api = await import(PACKAGE);
const names = folder === undefined ? [] : await scenarios(folder);

test("there are scenarios to replay", { skip: folder === undefined && "IMS_SCENARIOS names no folder" }, () => {
  if (names.length === 0) throw new Error(`${folder} has none`);
});

for (const name of names) {
  const scenario = JSON.parse(await readFile(join(folder, name), "utf8"));
  for (const [store, open] of Object.entries(STORES)) {
    test(`${name} (${store})`, async () => {
      const ims = await open(api, { actor: "replay" });
      const hash = await replay(ims, scenario);
      console.log(`scenario ${name.replace(/\.json$/, "")} node ${store} ${hash}`);
      ims.close();
    });
  }
}
