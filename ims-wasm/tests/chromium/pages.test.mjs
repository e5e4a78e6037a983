/** Pages, workers, tabs, bundlers, and how fast it is. */
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { ensure, equal } from "../shared/check.mjs";
import { expected, quickStart } from "../shared/readme.mjs";
import { scenarios } from "../scenario_files.mjs";
import { browser, browserIn } from "./browser.mjs";
import { serve } from "./server.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const source = quickStart(await readFile(join(root, "README.md"), "utf8"));
const START = `<!doctype html><meta charset="utf-8">
<script type="importmap">{"imports":{"ims-wasm":"/dist/index.js"}}</script>
<script type="module">${source}</script>`;

const server = await serve(root, { "/start.html": START });
const chromium = await browser();
const context = await chromium.newContext();
after(async () => {
  await chromium.close();
  server.close();
});

async function open(path, where = context) {
  const page = await where.newPage();
  await page.goto(`${server.url}${path}`);
  return page;
}

async function titled(page, title) {
  await page.waitForFunction((expected) => document.title === expected, title, { timeout: 20_000 });
}

test("the quick start of the README runs in a page as it stands", async () => {
  const page = await context.newPage();
  const printed = [];
  const errors = [];
  page.on("console", (message) => message.type() === "log" && printed.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.goto(`${server.url}/start.html`);
  const lines = expected(source);
  for (let wait = 0; wait < 100 && printed.length < lines.length && errors.length === 0; wait += 1) {
    await page.waitForTimeout(50);
  }
  equal([printed, errors], [lines, []]);
});

test("a plain page with a module script opens a shop, and finds it when it is loaded again", async () => {
  const page = await open("/tests/pages/plain.html");
  await titled(page, "Plain shop");
  await page.reload();
  await titled(page, "Plain shop");
});

test("a worker sells, and its page sees it", async () => {
  const page = await open("/tests/pages/blank.html");
  const [told, seen] = await page.evaluate(async () => {
    const worker = new Worker("/tests/pages/worker.mjs", { type: "module" });
    const told = await new Promise((resolve) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => resolve({ error: message });
      worker.postMessage("in a worker");
    });
    const { Ims } = await import("/dist/index.js");
    const ims = await Ims.open({ name: "in a worker", actor: "page" });
    return [told, await ims.stateHash()];
  });
  equal(told, { total: "13.5", hash: seen });
});

test("two tabs sell from one shelf at once and never oversell", async () => {
  const [one, other] = [await open("/tests/pages/blank.html"), await open("/tests/pages/blank.html")];
  const ids = await one.evaluate(async () => {
    const { Ims } = await import("/dist/index.js");
    const { openShop } = await import("/tests/shared/shop.mjs");
    return openShop(await Ims.open({ name: "two tabs", actor: "one" }));
  });
  const sell = async ({ site, tea }) => {
    const { Ims } = await import("/dist/index.js");
    const ims = await Ims.open({ name: "two tabs", actor: "a tab" });
    const codes = [];
    for (let number = 0; number < 15; number += 1) {
      const sale = ims.sell({ site, lines: [{ item: tea, quantity: "1" }] });
      codes.push(await sale.then(() => "sold").catch(({ code }) => code));
    }
    return codes;
  };
  const codes = (await Promise.all([one.evaluate(sell, ids), other.evaluate(sell, ids)])).flat();
  equal([codes.filter((code) => code === "sold").length, codes.filter((code) => code === "insufficient_stock").length], [20, 10]);
  // When both have ended: what is written while a store is verified looks broken.
  const verify = async () => {
    const { Ims } = await import("/dist/index.js");
    return (await Ims.open({ name: "two tabs", actor: "an auditor" })).verify();
  };
  equal([(await one.evaluate(verify)).ok, (await other.evaluate(verify)).ok], [true, true]);
});

test("what was sold is there after the browser was killed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "ims-chromium-"));
  try {
    const first = await browserIn(folder);
    const page = await open("/tests/pages/blank.html", first);
    const numbers = [];
    await page.exposeFunction("sold", (number) => numbers.push(number));
    const selling = page
      .evaluate(async () => {
        const { Ims } = await import("/dist/index.js");
        const { openShop } = await import("/tests/shared/shop.mjs");
        const ims = await Ims.open({ name: "killed", actor: "me" });
        const { site, honey } = await openShop(ims);
        await ims.receiveStock({ site, lines: [{ item: honey, quantity: "100000", unitCost: "1" }] });
        for (;;) {
          const { order } = await ims.sell({ site, lines: [{ item: honey, quantity: "1" }] });
          await globalThis.sold(order.number);
        }
      })
      .catch(() => "cut off");
    while (numbers.length < 40) await page.waitForTimeout(20);
    // The whole browser at once, in the middle of a sale.
    const session = await first.newCDPSession(page);
    await session.send("Browser.crash").catch(() => "gone");
    await selling;
    const again = await browserIn(folder);
    const reader = await open("/tests/pages/blank.html", again);
    const { last, ok } = await reader.evaluate(async () => {
      const { Ims } = await import("/dist/index.js");
      const ims = await Ims.open({ name: "killed", actor: "me" });
      const { rows } = await ims.orders().page({ limit: 1 });
      return { last: rows[0].number, ok: (await ims.verify()).ok };
    });
    await again.close();
    ensure(ok, "the store is sound");
    const told = numbers.at(-1);
    ensure(last === told || last === told + 1, `${told} was told, ${last} is there`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("it works when it is built by Vite", async () => {
  const folder = await mkdtemp(join(tmpdir(), "ims-vite-"));
  try {
    await build({
      root: join(root, "tests", "vite"),
      base: "./",
      logLevel: "warn",
      resolve: { alias: { "ims-wasm": join(root, "dist", "index.js") } },
      build: { outDir: folder, emptyOutDir: true, target: "es2022" },
    });
    ensure((await readdir(join(folder, "assets"))).some((name) => name.endsWith(".wasm")), "the module is among the assets");
    const built = await serve(folder);
    const page = await context.newPage();
    await page.goto(`${built.url}/index.html`);
    await titled(page, "Vite shop");
    built.close();
  } finally {
    await rm(folder, { recursive: true });
  }
});

// The figures are printed and not judged: the machine may be busy with something else.
test("a shop of many items opens and sells", async () => {
  const page = await open("/tests/pages/blank.html");
  const found = await page.evaluate(async () => {
    const { figures } = await import("/tests/shared/figures.mjs");
    return figures(await import("/dist/index.js"));
  });
  const ms = (number) => `${number.toFixed(2)} ms`;
  const sale = `median ${ms(found.saleMedianMs)}, in the quietest round ${ms(found.quietestMs)}`;
  console.log(`counter sale of 3 lines, durable: ${sale} (${found.sales} sales)`);
  console.log(`${found.items} items: opened and listed in ${ms(found.openMs)}`);
});

const folder = process.env["IMS_SCENARIOS"];
const names = folder === undefined ? [] : await scenarios(folder);
for (const name of names) {
  for (const store of ["memory", "indexed"]) {
    test(`${name} (${store}, chromium)`, async () => {
      const scenario = JSON.parse(await readFile(join(folder, name), "utf8"));
      const page = await open("/tests/pages/blank.html");
      const hash = await page.evaluate(
        async ([scenario, store]) => {
          const { replay } = await import("/tests/shared/replay.mjs");
          const { STORES } = await import("/tests/shared/shop.mjs");
          const ims = await STORES[store](await import("/dist/index.js"), { actor: "replay" });
          return replay(ims, scenario);
        },
        [scenario, store],
      );
      await page.close();
      console.log(`scenario ${name.replace(/\.json$/, "")} chromium ${store} ${hash}`);
    });
  }
}
