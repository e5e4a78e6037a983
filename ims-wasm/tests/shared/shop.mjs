/** A moment of the shop's day, in minutes after it opened. */
export function minute(minutes) {
  return new Date(Date.UTC(2026, 0, 31, 9, minutes)).toISOString();
}

let stores = 0;

/** A name that no other test has. */
export function newName() {
  stores += 1;
  return `test ${Date.now()} ${stores} ${crypto.randomUUID()}`;
}

/** The ways to open an engine: each is tested on both. */
export const STORES = {
  memory: ({ Ims }, options) => Ims.openMemory(options),
  indexed: ({ Ims }, options) => Ims.open({ name: newName(), ...options }),
};

/** Opens a shop with a site, and some tea and honey on its shelves. */
export async function openShop(ims) {
  await ims.openShop({ name: "Corner shop", currency: "EUR", timeZone: "Europe/Lisbon" });
  const site = await ims.createLocation({ code: "MAIN", name: "Main street" });
  const tea = await ims.createItem({
    sku: "TEA-1",
    name: "Green tea",
    price: "4.50",
    barcodes: ["4006381333931"],
    reorderPoint: "5",
  });
  const honey = await ims.createItem({ sku: "HONEY", name: "Honey", price: "7.25", brand: "House" });
  await ims.receiveStock({
    site: site.id,
    lines: [
      { item: tea.id, quantity: "20", unitCost: "2" },
      { item: honey.id, quantity: "10", unitCost: "3.1" },
    ],
  });
  return { site: site.id, tea: tea.id, honey: honey.id };
}
