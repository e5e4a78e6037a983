import { ensure, equal } from "./check.mjs";
import { newName } from "./shop.mjs";

const ITEMS = 10_000;
const SALES = 200;

/** Measures a shop with 10,000 items: how long a counter sale takes to be durable, and how long it takes to open. */
export async function figures(api) {
  const name = newName();
  const ims = await api.Ims.open({ name, actor: "till 1" });
  await ims.openShop({ name: "Corner shop", currency: "EUR" });
  const site = (await ims.createLocation({ code: "MAIN", name: "Main street" })).id;
  const items = [];
  for (let first = 0; first < ITEMS; first += 1_000) {
    const create = (_, place) => ({ createItem: { sku: `SKU-${first + place}`, name: `Item ${first + place}`, price: "4.5" } });
    const commands = Array.from({ length: 1_000 }, create);
    const receipts = await ims.executeMany(commands.map((command) => [command]));
    items.push(...receipts.map((receipt) => receipt.itemCreated.id));
    const lines = items.slice(first).map((item) => ({ item, quantity: "1000", unitCost: "2" }));
    await ims.receiveStock({ site, lines });
  }
  ims.close();

  const openMs = await timed(async () => {
    const again = await api.Ims.open({ name, actor: "till 1" });
    equal((await again.items().page({ limit: 1_000 })).rows.length, 1_000);
    again.close();
  });

  const till = await api.Ims.open({ name, actor: "till 1" });
  const times = [];
  for (let sale = 0; sale < SALES; sale += 1) {
    const lines = [1, 2, 3].map((line) => ({ item: items[(sale * 37 + line * 1_009) % ITEMS], quantity: "1" }));
    times.push(await timed(() => till.sell({ site, lines })));
  }
  till.close();
  times.sort((a, b) => a - b);
  return { items: ITEMS, sales: SALES, openMs, saleMedianMs: times[SALES / 2], sale95Ms: times[SALES * 0.95] };
}

/** Ends a test where a figure is worse than it may be. */
export function checkFigures({ openMs, saleMedianMs }) {
  ensure(saleMedianMs < 5, `a sale takes ${saleMedianMs} ms, and may take 5`);
  ensure(openMs < 1_000, `opening takes ${openMs} ms, and may take 1,000`);
}

async function timed(work) {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
