import { equal, fails } from "./check.mjs";
import { openShop } from "./shop.mjs";

/** On the package with a planted panic: its engine in memory panics when an actor called `panic` has something done. */
export const panics = {
  async a_panic_is_an_error_and_the_engine_goes_on(api) {
    const ims = await api.Ims.openMemory({ actor: "me" });
    const { site, tea } = await openShop(ims);
    const before = await ims.stateHash();
    const sale = { site, lines: [{ item: tea, quantity: "1" }] };
    for (let time = 0; time < 50; time += 1) {
      const error = await fails(ims.sell(sale, { actor: "panic" }), api.InternalError, "internal");
      equal(error.message.includes("this panic was planted"), true, error.message);
    }
    equal(await ims.stateHash(), before);
    equal((await ims.sell(sale)).order.number, 1);
  },

  async whoever_waits_with_it_is_told_too(api) {
    const ims = await api.Ims.openMemory({ actor: "me" });
    const { site, tea } = await openShop(ims);
    const sale = { site, lines: [{ item: tea, quantity: "1" }] };
    const ids = [api.newId(), api.newId(), api.newId()];
    const sent = ids.map((id, place) => ims.sell(sale, { id, actor: place === 1 ? "panic" : "me" }));
    const outcomes = await Promise.allSettled(sent);
    equal(outcomes[1].reason.code, "internal");
    // Sending the same again settles what became of it.
    const numbers = [];
    for (const id of [ids[0], ids[2]]) numbers.push((await ims.sell(sale, { id })).order.number);
    equal(numbers, [1, 2]);
    equal((await ims.verify()).ok, true);
  },

  async another_engine_does_not_notice(api) {
    const [one, other] = [await api.Ims.openMemory({ actor: "me" }), await api.Ims.openMemory({ actor: "me" })];
    await openShop(other);
    await fails(one.openShop({ name: "x", currency: "EUR" }, { actor: "panic" }), api.InternalError, "internal");
    equal((await other.items().toArray()).length, 2);
  },
};
