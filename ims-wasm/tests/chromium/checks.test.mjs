/** All checks of the package and the whole conformance suite, in a page. */
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { badInput } from "../shared/bad_input.mjs";
import { durable } from "../shared/durable.mjs";
import { panics } from "../shared/panics.mjs";
import { verbs } from "../shared/verbs.mjs";
import { browser } from "./browser.mjs";
import { serve } from "./server.mjs";

const server = await serve(fileURLToPath(new URL("../../", import.meta.url)));
const chromium = await browser();
const page = await chromium.newPage();
const call = (work, ...given) =>
  page.evaluate(
    async ([name, values]) => {
      const checks = await import("/tests/pages/checks.mjs");
      try {
        return await checks[name](...values);
      } catch (error) {
        throw error instanceof Error ? error : new Error(String(error));
      }
    },
    [work, given],
  );

await page.goto(`${server.url}/tests/pages/blank.html`);
after(async () => {
  await chromium.close();
  server.close();
});

for (const name of await call("cases")) test(`${name} (conformance, chromium)`, () => call("runCase", name));

const LISTS = [
  ["dist", "verbs", "verbs", verbs, ["memory", "indexed"]],
  ["dist", "bad_input", "badInput", badInput, ["memory", "indexed"]],
  ["dist", "durable", "durable", durable, ["indexed"]],
  ["dist-suite", "panics", "panics", panics, ["memory"]],
];
for (const [folder, module, list, checks, stores] of LISTS) {
  for (const store of stores) {
    for (const name of Object.keys(checks)) {
      test(`${name} (${store}, chromium)`, () => call("runCheck", folder, module, list, name, store));
    }
  }
}
