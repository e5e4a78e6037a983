import { equal } from "./check.mjs";
import { newName } from "./shop.mjs";

const ITEMS = 10_000;
const ROUNDS = 5;
const SALES_PER_ROUND = 40;

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
  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const times = [];
    for (let sale = 0; sale < SALES_PER_ROUND; sale += 1) {
      const number = round * SALES_PER_ROUND + sale;
      const lines = [1, 2, 3].map((line) => ({ item: items[(number * 37 + line * 1_009) % ITEMS], quantity: "1" }));
      times.push(await timed(() => till.sell({ site, lines })));
    }
    rounds.push(median(times));
  }
  till.close();
  return { items: ITEMS, openMs, sales: ROUNDS * SALES_PER_ROUND, saleMedianMs: median(rounds), quietestMs: Math.min(...rounds) };
}

function median(times) {
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
}

async function timed(work) {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
