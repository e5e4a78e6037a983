/** Sells in a worker. */
import { Ims } from "/dist/index.js";
import { openShop } from "/tests/shared/shop.mjs";

self.onmessage = async ({ data: name }) => {
  try {
    const ims = await Ims.open({ name, actor: "worker" });
    const { site, tea } = await openShop(ims);
    const { order } = await ims.sell({ site, lines: [{ item: tea, quantity: "3" }] });
    self.postMessage({ total: order.total, hash: await ims.stateHash() });
  } catch (error) {
    self.postMessage({ error: String(error) });
  }
};
