import { ensure, equal, fails } from "./check.mjs";
import { minute, openShop } from "./shop.mjs";

const CONTACT = { name: "Tea import", city: "Lisbon", country: "PT" };

/** Every method of every noun, once. */
export const verbs = {
  async a_sale_is_answered_with_its_order(api, open) {
    const ims = await open({ actor: "till 1" });
    const { site, tea } = await openShop(ims);
    const { order, lines } = await ims.sell({ site, lines: [{ item: tea, quantity: "3" }] });
    equal([order.number, order.total, order.status, order.lines[0].costReturned], [1, "13.5", "shipped", "0"]);
    equal(lines.map((line) => [line.quantity, line.cost]), [["3", "6"]]);
    equal(await ims.order(order.id), order);
    equal(await ims.orderNumbered("MAIN", 1), order.id);
    equal((await ims.verify()).ok, true);
  },

  async every_command_has_a_method(api, open) {
    const ims = await open({ actor: "till 1", clock: () => minute(0) });
    const { site, tea, honey } = await openShop(ims);
    const annex = await ims.createLocation({ code: "ANNEX", name: "Annex" });
    equal((await ims.updateLocation({ location: annex.id, name: "The annex" })).name, "The annex");
    const supplier = await ims.createSupplier({ code: "IMPORT", contact: CONTACT });
    equal((await ims.updateSupplier({ supplier: supplier.id, contact: { ...CONTACT, city: "Porto" } })).contact.city, "Porto");
    const customer = await ims.createCustomer({ code: "C-1", contact: CONTACT });
    await ims.updateCustomer({ customer: customer.id, contact: CONTACT });
    equal((await ims.updateItem({ item: tea, price: null })).price, null);
    equal((await ims.updateItem({ item: tea, price: "5" })).price, "5");
    await ims.sendBackStock({ site, lines: [{ item: honey, quantity: "1" }] });
    await ims.adjustStock({ site, reason: "damaged", direction: "down", lines: [{ item: honey, quantity: "1" }] });
    await ims.transferStock({ from: site, to: annex.id, lines: [{ item: honey, quantity: "2" }] });
    const hold = await ims.placeHold({ item: tea, site, quantity: "2", until: new Date(Date.UTC(2026, 0, 31, 10)) });
    equal(hold.until, "2026-01-31T10:00:00Z");
    await ims.extendHold({ hold: hold.id, until: minute(90) });
    equal((await ims.hold(hold.id)).until, "2026-01-31T10:30:00Z");
    await ims.releaseHold({ hold: hold.id });
    equal(await ims.hold(hold.id), null);
    const purchase = await ims.placePurchase({
      supplier: supplier.id,
      site,
      expected: "2026-02-03",
      lines: [{ item: tea, quantity: "6", unitCost: "2.5" }],
    });
    await ims.receivePurchase({ purchase: purchase.id, lines: [{ line: 0, quantity: "2" }] });
    equal((await ims.closePurchase({ purchase: purchase.id })).status, "closed_short");
    const other = await ims.placePurchase({ supplier: supplier.id, site, lines: [{ item: tea, quantity: "1", unitCost: "2" }] });
    equal((await ims.cancelPurchase({ purchase: other.id })).status, "cancelled");
    equal(await ims.purchaseNumbered("P-MAIN", 1), purchase.id);
    await ims.updateItem({ item: tea, brand: "Leaf", category: "Drinks/Tea", supplier: supplier.id });
    const ours = { city: "PORTO", brand: "Leaf", category: "Drinks", from: minute(0), until: minute(0) };
    equal((await ims.purchases(ours).toArray()).length, 2);
    equal(await ims.purchases({ ...ours, city: "Lisbon" }).toArray(), []);
    equal(await ims.purchases({ ...ours, from: minute(1) }).toArray(), []);
    equal((await ims.items({ supplier: supplier.id }).toArray()).map((item) => item.sku), ["TEA-1"]);
    const lines = [{ item: tea, quantity: "2", discount: { fraction: "0.5" } }];
    const order = await ims.placeOrder({ site, customer: customer.id, lines, onShortage: "backorder" });
    equal([order.status, order.lines[0].discount], ["placed", "5"]);
    equal((await ims.shipOrder({ order: order.id })).order.status, "shipped");
    equal((await ims.orders({ ...ours, city: "lisbon" }).toArray()).map((found) => found.id), [order.id]);
    equal(await ims.orders(ours).toArray(), []);
    const second = await ims.placeOrder({ site, lines });
    equal((await ims.cancelOrder({ order: second.id })).status, "cancelled");
    const back = { ofOrder: { order: order.id, lines: [{ line: 0, quantity: "1" }] } };
    equal((await ims.returnGoods({ goods: back })).goods.refund, "2.5");
    const fixed = await ims.createItem({ sku: "CUP", name: "Cup", costing: "standard", standardCost: "1" });
    equal((await ims.setStandardCost({ item: fixed.id, unitCost: "1.25" })).unitCost, "1.25");
    equal((await ims.retireItem({ item: fixed.id })).sku, "CUP");
    await ims.adjustStock({ site, reason: "lost", direction: "down", lines: [{ item: tea, quantity: "18" }] });
    equal((await ims.acknowledgeAlert({ item: tea, site })).kind, "low");
    await ims.closePeriod({ until: "2026-01-30" });
    equal((await ims.shop()).closedUntil, "2026-01-30");
    const verdict = await ims.verify();
    equal([verdict.ok, verdict.broken], [true, []]);
    equal(verdict.stateHash, await ims.stateHash());
  },

  async every_report_has_a_method(api, open) {
    const ims = await open({ actor: "till 1", clock: () => minute(0) });
    const { site, tea, honey } = await openShop(ims);
    await ims.sell({ site, lines: [{ item: tea, quantity: "16" }, { item: honey, quantity: "1" }] });
    equal((await ims.items().toArray()).map((item) => item.sku), ["HONEY", "TEA-1"]);
    equal((await ims.items({ text: "tea" }).toArray()).map((item) => item.sku), ["TEA-1"]);
    equal((await ims.itemBySku("tea-1")).id, tea);
    equal((await ims.itemByBarcode("4006381333931")).id, tea);
    equal((await ims.item(honey)).name, "Honey");
    equal(await ims.item(api.newId()), null);
    ensure((await ims.locations().toArray()).some((place) => place.id === site), "the site is listed");
    equal((await ims.location(site)).code, "MAIN");
    equal([await ims.suppliers().toArray(), await ims.customers().toArray(), await ims.purchases().toArray()], [[], [], []]);
    const [, shelf] = await ims.stock({ site }).toArray();
    equal([shelf.sku, shelf.onHand, shelf.available, shelf.value], ["TEA-1", "4", "4", "8"]);
    equal((await ims.orders({ status: "shipped" }).toArray()).length, 1);
    equal((await ims.alerts().toArray()).map((alert) => [alert.sku, alert.kind]), [["TEA-1", "low"]]);
    const profit = await ims.profit({ by: "item" }).toArray();
    equal(profit.map((line) => [line.key, line.units, line.revenue, line.cost]), [
      ["HONEY", "1", "7.25", "3.1"],
      ["TEA-1", "16", "72", "32"],
    ]);
    equal(await ims.value(), { quantity: "13", value: "35.9" });
    equal(await ims.value({ asOf: new Date(0) }), { quantity: "0", value: "0" });
    equal((await ims.reorder().toArray()).map((line) => [line.sku, line.propose]), [["TEA-1", "6"]]);
    // Both at one moment: then the ids of their commands tell which comes first, and these are random.
    equal((await ims.movements({ item: tea }).toArray()).map((moved) => moved.kind).sort(), ["receipt", "sale"]);
    equal(await ims.movements({ item: tea, from: minute(1) }).toArray(), []);
  },

  async lists_page_by_themselves(api, open) {
    const ims = await open({ actor: "till 1" });
    await ims.openShop({ name: "Corner shop", currency: "EUR" });
    const many = Array.from({ length: 25 }, (_, number) => [{ createItem: { sku: `S-${number + 10}`, name: "Thing" } }]);
    const receipts = await ims.executeMany(many);
    ensure(receipts.every((receipt) => "itemCreated" in receipt), "all were created");
    const items = ims.items();
    const first = await items.page({ limit: 10 });
    equal([first.rows.length, first.rows[0].sku], [10, "S-10"]);
    const second = await items.page({ limit: 10, after: first.next });
    equal([second.rows.length, second.rows[0].sku], [10, "S-20"]);
    equal((await items.page({ limit: 10, after: second.next })).next, null);
    let count = 0;
    for await (const item of items) {
      ensure(item.sku.startsWith("S-"), item.sku);
      count += 1;
    }
    equal(count, 25);
  },

  async a_command_sent_again_is_done_once(api, open) {
    const ims = await open({ actor: "till 1" });
    const { site, tea } = await openShop(ims);
    const id = api.newId();
    const request = { site, lines: [{ item: tea, quantity: "1" }] };
    const first = await ims.sell(request, { id });
    equal(first.order.id, id);
    equal(await ims.sell(request, { id }), first);
    equal(await ims.simulate({ sell: request }, { id }), { sold: first });
    const error = await fails(ims.sell({ ...request, series: "X" }, { id }), api.IdReusedError, "id_reused");
    equal(error.id, id);
    equal((await ims.orders().toArray()).length, 1);
  },

  async a_simulation_changes_nothing(api, open) {
    const ims = await open({ actor: "till 1" });
    const { site, tea } = await openShop(ims);
    const before = await ims.stateHash();
    const { sold } = await ims.simulate({ sell: { site, lines: [{ item: tea, quantity: "1" }] } });
    equal(sold.order.total, "4.5");
    equal(await ims.stateHash(), before);
  },

  async a_refusal_says_why(api, open) {
    const ims = await open({ actor: "till 1" });
    const { site, tea } = await openShop(ims);
    const refused = ims.sell({ site, lines: [{ item: tea, quantity: "21" }] });
    const error = await fails(refused, api.RejectedError, "insufficient_stock");
    equal(error.rejection, { code: "insufficient_stock", sku: "TEA-1", site: "MAIN", wanted: "21", available: "20" });
    equal(error.message, "21 of TEA-1 wanted, 20 available at MAIN");
    ensure(error instanceof api.ImsError && error instanceof Error, "it is an error of the package");
    const named = await fails(ims.createItem({ sku: "X", name: "X", standardCost: "-1" }), api.RejectedError, "amount_negative");
    equal(named.rejection.field, "standardCost");
  },

  async many_commands_are_done_each_for_itself(api, open) {
    const ims = await open({ actor: "till 1" });
    const { site, tea } = await openShop(ims);
    const sell = (quantity) => [{ sell: { site, lines: [{ item: tea, quantity }] } }];
    const [sold, refused, again] = await ims.executeMany([sell("15"), sell("15"), sell("5")]);
    equal([sold.sold.order.number, again.sold.order.number], [1, 2]);
    ensure(refused instanceof api.RejectedError && refused.code === "insufficient_stock", String(refused));
  },

  async events_are_read_in_order_and_followed(api, open) {
    const ims = await open({ actor: "till 1" });
    const { site, tea } = await openShop(ims);
    const offsets = [];
    for await (const event of ims.events()) offsets.push(event.offset);
    equal(offsets, [1, 2, 3, 4, 5]);
    const stop = new AbortController();
    const seen = [];
    const following = (async () => {
      for await (const event of ims.events({ after: 5, follow: { signal: stop.signal } })) {
        seen.push(event.body.done?.sold?.order.number);
        if (seen.length === 2) stop.abort();
      }
    })();
    await ims.sell({ site, lines: [{ item: tea, quantity: "1" }] });
    await ims.sell({ site, lines: [{ item: tea, quantity: "1" }] });
    await following;
    equal(seen, [1, 2]);
  },
};
