/** What has to compile, and what must not. It is never run. */
import {
  Ims,
  ImsError,
  IdReusedError,
  type Item,
  type Moved,
  RejectedError,
  StoreError,
  type Timestamp,
} from "../../dist/index.js";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function same<A, B>(_: Equal<A, B>): void {}

export async function usage(): Promise<void> {
  const ims = await Ims.open({ name: "shop", actor: "till 1" });
  const item = await ims.createItem({ sku: "TEA-1", name: "Green tea", price: "4.50" });
  same<typeof item, Item>(true);
  const { order, lines } = await ims.sell({ site: "x", lines: [{ item: item.id, quantity: "1" }] }, { occurredAt: new Date() });
  same<typeof lines, readonly Moved[]>(true);
  same<typeof order.placedAt, Timestamp>(true);
  for await (const found of ims.items({ text: "tea" })) same<typeof found, Item>(true);
  for await (const event of ims.events({ follow: {} })) {
    if ("done" in event.body && "sold" in event.body.done) same<typeof event.body.done.sold.order.total, string>(true);
  }
  const receipt = await ims.execute({ placeHold: { item: item.id, site: "x", quantity: "1", until: new Date() } });
  if ("holdPlaced" in receipt) same<typeof receipt.holdPlaced.until, string>(true);

  try {
    await ims.verify();
  } catch (error) {
    if (error instanceof RejectedError && error.rejection.code === "insufficient_stock") {
      same<typeof error.rejection.available, string>(true);
      // @ts-expect-error: another refusal has that field
      error.rejection.until;
    }
    if (error instanceof StoreError) same<typeof error.source, string>(true);
    if (error instanceof IdReusedError) same<typeof error.code, "id_reused">(true);
    if (error instanceof ImsError) same<typeof error.code, string>(true);
  }

  // @ts-expect-error: a quantity is a string
  await ims.sell({ site: "x", lines: [{ item: item.id, quantity: 1 }] });
  // @ts-expect-error: there is no such field
  await ims.createItem({ sku: "X", name: "X", colour: "green" });
  // @ts-expect-error: a name is needed
  await ims.createItem({ sku: "X" });
  // @ts-expect-error: there is no such command
  await ims.execute({ destroy: {} });
  // @ts-expect-error: a command is one request
  await ims.execute({ releaseHold: { hold: 42 } });
  ims.orders({ city: "Lisbon", brand: "Leaf", category: "Drinks", from: new Date(), until: "2026-01-31T09:30:00Z" });
  // @ts-expect-error: a supplier is asked for by what comes from it
  ims.orders({ supplier: item.id });
  // @ts-expect-error: there is no such way to tell profit apart
  ims.profit({ by: "colour" });
  // @ts-expect-error: rows cannot be written
  item.name = "x";
  // @ts-expect-error: nobody gives the commands
  await Ims.openMemory({});
}
