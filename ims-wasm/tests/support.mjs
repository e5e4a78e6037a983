/** What the tests in node share: IndexedDB, the package, and a test for each of a list of checks. */
import "fake-indexeddb/auto";
import { test } from "node:test";
import { STORES } from "./shared/shop.mjs";

/** The package as it is published, and the one with the conformance suite and a planted panic. */
export const PACKAGE = new URL("../dist/index.js", import.meta.url);
export const SUITE = new URL("../dist-suite/", import.meta.url);

/** Makes a test of each check, on each kind of store that is named. */
export function onStores(api, checks, stores = Object.keys(STORES)) {
  for (const store of stores) {
    for (const [name, check] of Object.entries(checks)) {
      test(`${name} (${store})`, async () => {
        const opened = [];
        const open = async (options) => {
          const ims = await STORES[store](api, options);
          opened.push(ims);
          return ims;
        };
        await check(api, open);
        for (const ims of opened) ims.close();
      });
    }
  }
}
