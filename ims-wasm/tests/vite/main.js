import { Ims } from "ims-wasm";

const ims = await Ims.open({ name: "vite", actor: "me" });
const shop = (await ims.shop()) ?? (await ims.openShop({ name: "Vite shop", currency: "EUR" }));
document.title = shop.name;
