import { ensure, equal, fails } from "./check.mjs";
import { newName, openShop } from "./shop.mjs";

/** What only a store on disk can show. */
export const durable = {
  async what_was_sold_is_there_after_opening_again(api) {
    const name = newName();
    const first = await api.Ims.open({ name, actor: "me" });
    const { site, tea } = await openShop(first);
    await first.sell({ site, lines: [{ item: tea, quantity: "4" }] });
    const hash = await first.stateHash();
    first.close();
    const again = await api.Ims.open({ name, actor: "me" });
    equal(await again.stateHash(), hash);
    const { order } = await again.sell({ site, lines: [{ item: tea, quantity: "1" }] });
    equal(order.number, 2);
  },

  async two_engines_on_one_store_never_oversell(api) {
    const name = newName();
    const engines = await Promise.all([1, 2, 3].map((till) => api.Ims.open({ name, actor: `till ${till}` })));
    const { site, tea } = await openShop(engines[0]);
    const buyers = Array.from({ length: 30 }, (_, number) => engines[number % 3]);
    const outcomes = await Promise.allSettled(buyers.map((ims) => ims.sell({ site, lines: [{ item: tea, quantity: "1" }] })));
    const sold = outcomes.filter(({ status }) => status === "fulfilled");
    equal(sold.length, 20);
    const numbers = sold.map(({ value }) => value.order.number).sort((a, b) => a - b);
    equal(numbers, Array.from({ length: 20 }, (_, place) => place + 1));
    const refused = outcomes.filter(({ status }) => status === "rejected");
    ensure(refused.every(({ reason }) => reason.code === "insufficient_stock"), String(refused[0]?.reason));
    equal((await engines[1].verify()).ok, true);
    const hashes = await Promise.all(engines.map((ims) => ims.stateHash()));
    equal(new Set(hashes).size, 1);
  },

  async another_engine_hears_of_a_sale(api) {
    const name = newName();
    const [till, office] = [await api.Ims.open({ name, actor: "till" }), await api.Ims.open({ name, actor: "office" })];
    const { site, tea } = await openShop(till);
    const following = (async () => {
      for await (const event of office.events({ after: 5, follow: {} })) return event;
    })();
    const began = Date.now();
    await till.sell({ site, lines: [{ item: tea, quantity: "1" }] });
    equal((await following).offset, 6);
    ensure(Date.now() - began < 4_000, "it was told, and did not have to look");
  },

  async a_store_that_is_removed_cuts_its_engines_off(api) {
    const name = newName();
    const ims = await api.Ims.open({ name, actor: "me" });
    await openShop(ims);
    await api.deleteStore(name);
    await fails(ims.items().page(), api.StoreError, "store_unavailable");
    const fresh = await api.Ims.open({ name, actor: "me" });
    equal(await fresh.shop(), null);
  },

  async a_newer_store_is_not_opened(api) {
    const name = newName();
    await new Promise((resolve, reject) => {
      const request = indexedDB.open(`ims:${name}`, 1_000);
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        request.result.close();
        resolve();
      };
    });
    await fails(api.Ims.open({ name, actor: "me" }), api.StoreError, "store_schema");
  },

  async a_row_that_was_changed_by_hand_is_an_error(api) {
    const name = newName();
    const ims = await api.Ims.open({ name, actor: "me" });
    await openShop(ims);
    await new Promise((resolve, reject) => {
      const request = indexedDB.open(`ims:${name}`);
      request.onerror = () => reject(request.error);
      request.onsuccess = () => {
        const writing = request.result.transaction("items", "readwrite");
        writing.objectStore("items").put("[1,{}]", "0".repeat(32));
        writing.oncomplete = () => {
          request.result.close();
          resolve();
        };
      };
    });
    await fails(ims.verify(), api.StoreError, "store_corrupt");
  },
};
