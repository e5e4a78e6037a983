import { ensure, equal, fails, thrown } from "./check.mjs";
import { openShop } from "./shop.mjs";

/** Whatever is given: a typed error, nothing half done, and an engine that goes on. */
export const badInput = {
  async wrong_types_are_refused(api, open) {
    const ims = await open({ actor: "me" });
    const { site, tea } = await openShop(ims);
    const before = await ims.stateHash();
    const line = { item: tea, quantity: "1" };
    const wrong = [
      { site, lines: [{ item: tea, quantity: 1 }] },
      { site, lines: [{ item: tea, quantity: 1.5 }] },
      { site, lines: [{ item: tea, quantity: Number.NaN }] },
      { site, lines: [{ item: tea, quantity: Number.POSITIVE_INFINITY }] },
      { site, lines: [{ item: tea, quantity: 10n }] },
      { site, lines: [{ item: tea, quantity: "1e3" }] },
      { site, lines: [{ item: tea, quantity: "١" }] },
      { site, lines: [{ item: tea, quantity: true }] },
      { site, lines: [{ item: "tea", quantity: "1" }] },
      { site, lines: [line, undefined] },
      { site, lines: [null] },
      { site, lines: { 0: line } },
      { site, lines: new Map([[0, line]]) },
      { site, lines: [line], colour: "green" },
      { site, lines: [() => line] },
      { site, lines: [Symbol("line")] },
      { site: null, lines: [line] },
      { lines: [line] },
      null,
      undefined,
      "sell",
      42,
    ];
    for (const request of wrong) await fails(ims.sell(request), api.InvalidInputError, "invalid_input");
    await fails(ims.execute({ destroy: {} }), api.InvalidInputError, "invalid_input");
    await fails(ims.execute({}), api.InvalidInputError, "invalid_input");
    equal(await ims.stateHash(), before);
    await ims.sell({ site, lines: [line] });
  },

  async not_a_number_does_not_empty_a_field(api, open) {
    const ims = await open({ actor: "me" });
    const { tea } = await openShop(ims);
    await fails(ims.updateItem({ item: tea, price: Number.NaN }), api.InvalidInputError, "invalid_input");
    await fails(ims.placeHold({ item: tea, site: tea, quantity: "1", until: new Date(Number.NaN) }), api.InvalidInputError, "invalid_input");
    equal((await ims.item(tea)).price, "4.5");
  },

  async unpaired_surrogates_are_refused(api, open) {
    const ims = await open({ actor: "me" });
    await openShop(ims);
    for (const name of ["\ud83d", "tea \udc00", "\udc00\ud83d"]) {
      await fails(ims.createItem({ sku: "X", name }), api.InvalidInputError, "invalid_input");
      await fails(ims.itemBySku(name), api.InvalidInputError, "invalid_input");
      const context = JSON.stringify({ id: api.newId(), actor: "me", now: "2026-01-31T09:00:00Z" });
      const command = `{"create_item":{"sku":"X","name":"${name}"}}`;
      await fails(ims.executeJson(context, command), api.InvalidInputError, "invalid_input");
    }
    const whole = await ims.createItem({ sku: "WHOLE", name: "tea \ud83c\udf75" });
    equal((await ims.item(whole.id)).name, "tea 🍵");
  },

  async huge_texts_are_refused(api, open) {
    const ims = await open({ actor: "me" });
    await openShop(ims);
    const error = await fails(ims.createItem({ sku: "X", name: "x".repeat(100_000) }), api.RejectedError, "invalid_field");
    equal(error.rejection.field, "name");
    await fails(ims.createItem({ sku: "X", name: "x".repeat(5_000_000) }), api.InvalidInputError, "invalid_input");
    await fails(ims.createItem({ sku: "X", name: "é".repeat(3_000_000) }), api.InvalidInputError, "invalid_input");
    await fails(ims.executeJson("x".repeat(50_000_000), "{}"), api.InvalidInputError, "invalid_input");
    equal((await ims.items().toArray()).length, 2);
  },

  async nonsense_for_json_is_refused(api, open) {
    const ims = await open({ actor: "me" });
    for (const [context, command] of [["", ""], ["{}", "{}"], ["null", "[]"], [undefined, 42], [{}, {}], ["\0", "\u2028"]]) {
      await fails(ims.executeJson(context, command), api.InvalidInputError, "invalid_input");
    }
    await fails(ims.execute({ openShop: {} }, { id: "42" }), api.InvalidInputError, "invalid_input");
    await fails(ims.execute({ openShop: {} }, { id: "00000000-0000-0000-0000-000000000000" }), api.InvalidInputError, "invalid_input");
    await fails(ims.execute({ openShop: {} }, { now: "yesterday" }), api.InvalidInputError, "invalid_input");
    await fails(ims.items({ standing: "maybe" }).page(), api.InvalidInputError, "invalid_input");
    await fails(ims.items().page({ limit: -1 }), api.InvalidInputError, "invalid_input");
    await fails(ims.items().page({ limit: 2 ** 53 }), api.InvalidInputError, "invalid_input");
    await fails(ims.eventPage(-1), api.InvalidInputError, "invalid_input");
    await fails(ims.eventPage(0.5), api.InvalidInputError, "invalid_input");
    await ims.openShop({ name: "Corner shop", currency: "EUR" });
  },

  async what_goes_in_a_circle_is_refused(api, open) {
    const ims = await open({ actor: "me" });
    const circle = { name: "x", currency: "EUR" };
    circle.rounding = circle;
    await fails(ims.openShop(circle), api.InvalidInputError, "invalid_input");
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    await fails(ims.executeJson(deep, deep), api.InvalidInputError, "invalid_input");
  },

  async what_the_caller_throws_comes_back_to_the_caller(api, open) {
    let angry = false;
    const clock = () => {
      if (angry) throw new RangeError("no time");
      return new Date();
    };
    const ims = await open({ actor: "me", clock });
    const { site, tea } = await openShop(ims);
    const before = await ims.stateHash();
    angry = true;
    const line = { item: tea, quantity: "1" };
    ensure((await thrown(ims.sell({ site, lines: [line] }))) instanceof RangeError, "the clock's own error");
    angry = false;
    const trap = { site, get lines() { throw new SyntaxError("a trap"); } };
    ensure((await thrown(ims.sell(trap))) instanceof SyntaxError, "the getter's own error");
    const left = (async () => {
      for await (const _ of ims.events()) throw new EvalError("left");
    })();
    ensure((await thrown(left)) instanceof EvalError, "the loop's own error");
    equal(await ims.stateHash(), before);
    await ims.sell({ site, lines: [line] });
  },

  async a_closed_engine_says_so(api, open) {
    const ims = await open({ actor: "me" });
    const { site, tea } = await openShop(ims);
    const last = ims.sell({ site, lines: [{ item: tea, quantity: "1" }] });
    ims.close();
    equal((await last).order.number, 1, "what was given before is done");
    await fails(ims.sell({ site, lines: [{ item: tea, quantity: "1" }] }), api.StoppedError, "stopped");
    await fails(ims.items().page(), api.StoppedError, "stopped");
    await fails(ims.verify(), api.StoppedError, "stopped");
    ims.close();
  },

  async options_are_checked(api) {
    for (const options of [undefined, null, {}, { actor: 42 }, "me"]) {
      await fails(api.Ims.openMemory(options), api.InvalidInputError, "invalid_input");
    }
    await fails(api.Ims.open({ actor: "me" }), api.InvalidInputError, "invalid_input");
    await fails(api.Ims.open({ actor: "me", name: "\ud83d" }), api.InvalidInputError, "invalid_input");
  },
};
