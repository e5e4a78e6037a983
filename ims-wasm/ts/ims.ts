import { Engine, messageOf } from "./ims_wasm.js";
import type * as commands from "./commands.js";
import type { Command, Context, Requests } from "./commands.js";
import { type Failure, ImsError, InvalidInputError, RejectedError, errorOf, errorOfThrown } from "./errors.js";
import { newId } from "./ids.js";
import { Listing, type PageRequest } from "./listing.js";
import { type ModuleSource, load } from "./load.js";
import { News } from "./news.js";
import type * as receipts from "./receipts.js";
import type { Event, Receipt, Receipts } from "./receipts.js";
import type { Rejection } from "./rejections.js";
import type * as reports from "./reports.js";
import type * as rows from "./rows.js";
import type { Id, When } from "./values.js";
import { fromWire, toWire } from "./wire.js";

/** What an engine is opened with. */
export interface Options {
  /** Who gives the commands that name nobody. */
  readonly actor: string;
  /** Tells the time; the machine's clock where nothing is said. */
  readonly clock?: (() => When) | undefined;
  /** Makes the ids of commands; random UUIDs of version 7 where nothing is said. */
  readonly newId?: (() => Id) | undefined;
  /** Where the WebAssembly module is, where it is not beside this file. */
  readonly module?: ModuleSource | undefined;
}

/** What the durable engine is opened with. */
export interface StoreOptions extends Options {
  /** Names the store: all pages and workers of one origin that open the same name share it. */
  readonly name: string;
}

/** What a command comes with, as far as it is not as usual. Give an `id` to be able to send the command again. */
export type Sent = { readonly [K in keyof Context]?: Context[K] | undefined };

/** A command and what it comes with. */
export type Sending = readonly [command: Command, context?: Sent];

/** Which events. */
export interface EventsOptions {
  /** After this offset; from the first one where nothing is said. */
  readonly after?: number | undefined;
  /** Goes on with what happens later, until the loop is left or the signal is given. */
  readonly follow?: { readonly signal?: AbortSignal | undefined } | undefined;
}

/** Some events, oldest first. */
export interface EventPage {
  readonly events: readonly Event[];
  /** The offset of the newest event in the log. */
  readonly newest: number;
}

/** How long a follower waits for news before it looks by itself. */
const LOOK_EVERY_MS = 5_000;

type Answer = { readonly done: Receipt } | { readonly refused: Rejection } | { readonly failed: Failure };

/**
 * An inventory engine on a store of its own.
 *
 * Every command has an id. The same id again gives the first answer, so a command whose answer was lost can be sent again;
 * what a command makes has the id of the command.
 */
export class Ims {
  readonly #engine: Engine;
  readonly #options: Options;
  readonly #news: News;
  #closed = false;

  private constructor(engine: Engine, options: Options, news: News) {
    this.#engine = engine;
    this.#options = options;
    this.#news = news;
  }

  /** Opens a durable store in IndexedDB, and makes it where there is none. */
  static async open(options: StoreOptions): Promise<Ims> {
    await load(checked(options).module);
    const engine = await told(() => Engine.open(options.name) as Promise<Engine>);
    return new Ims(engine, options, new News(options.name));
  }

  /** Opens a store in memory, which is gone when it is closed. */
  static async openMemory(options: Options): Promise<Ims> {
    await load(checked(options).module);
    return new Ims(Engine.openMemory(), options, new News(undefined));
  }

  /** Closes the engine. Commands that were given before are still done; later ones are refused. */
  close(): void {
    this.#closed = true;
    this.#engine.close();
    this.#news.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Has a command done, exactly once. */
  async execute(command: Command, sent?: Sent): Promise<Receipt> {
    const answer = await this.executeJson(this.#context(sent), toWire("command", command));
    return receipt(fromWire<Answer>(answer));
  }

  /** Tells what a command would do now, and changes nothing. */
  async simulate(command: Command, sent?: Sent): Promise<Receipt> {
    const context = this.#context(sent);
    const json = toWire("command", command);
    return receipt(fromWire<Answer>(await told(() => this.#engine.simulateJson(context, json) as Promise<string>)));
  }

  /**
   * Has commands done together and in this order, which is faster than one by one. Each is for itself: for one that is
   * refused there is the error in its place, and those after it are done.
   */
  async executeMany(commands: readonly Sending[]): Promise<(Receipt | ImsError)[]> {
    const list = commands.map(([command, sent]) => `[${this.#context(sent)},${toWire("command", command)}]`);
    const json = `[${list.join(",")}]`;
    const answers = await told(() => this.#engine.executeManyJson(json) as Promise<string>);
    this.#news.tell();
    return fromWire<Answer[]>(answers).map((answer) => ("done" in answer ? answer.done : refusal(answer)));
  }

  /**
   * Has a command done that is given as the engine's own JSON; gives `{"done": receipt}` or `{"refused": rejection}`
   * as JSON. The forms are those of every other language.
   */
  async executeJson(contextJson: string, commandJson: string): Promise<string> {
    const answer = await told(() => this.#engine.executeJson(contextJson, commandJson) as Promise<string>);
    this.#news.tell();
    return answer;
  }

  /** Opens the shop, once. Nothing else can be done before. */
  openShop(request: commands.OpenShop, sent?: Sent): Promise<rows.Shop> {
    return this.#done("openShop", "shopOpened", request, sent);
  }

  /** Closes the books up to a day. */
  closePeriod(request: commands.ClosePeriod, sent?: Sent): Promise<receipts.PeriodClosed> {
    return this.#done("closePeriod", "periodClosed", request, sent);
  }

  /** Adds an item. */
  createItem(request: commands.CreateItem, sent?: Sent): Promise<rows.Item> {
    return this.#done("createItem", "itemCreated", request, sent);
  }

  /** Changes an item. */
  updateItem(request: commands.UpdateItem, sent?: Sent): Promise<rows.Item> {
    return this.#done("updateItem", "itemUpdated", request, sent);
  }

  /** Takes an item out of trade. */
  retireItem(request: commands.RetireItem, sent?: Sent): Promise<receipts.ItemRetired> {
    return this.#done("retireItem", "itemRetired", request, sent);
  }

  /** Adds a site. */
  createLocation(request: commands.CreateLocation, sent?: Sent): Promise<rows.Location> {
    return this.#done("createLocation", "locationCreated", request, sent);
  }

  /** Changes or retires a site. */
  updateLocation(request: commands.UpdateLocation, sent?: Sent): Promise<rows.Location> {
    return this.#done("updateLocation", "locationUpdated", request, sent);
  }

  /** Adds a supplier. */
  createSupplier(request: commands.CreateSupplier, sent?: Sent): Promise<rows.Supplier> {
    return this.#done("createSupplier", "supplierCreated", request, sent);
  }

  /** Changes or retires a supplier. */
  updateSupplier(request: commands.UpdateSupplier, sent?: Sent): Promise<rows.Supplier> {
    return this.#done("updateSupplier", "supplierUpdated", request, sent);
  }

  /** Adds a customer. */
  createCustomer(request: commands.CreateCustomer, sent?: Sent): Promise<rows.Customer> {
    return this.#done("createCustomer", "customerCreated", request, sent);
  }

  /** Changes or retires a customer. */
  updateCustomer(request: commands.UpdateCustomer, sent?: Sent): Promise<rows.Customer> {
    return this.#done("updateCustomer", "customerUpdated", request, sent);
  }

  /** Takes in goods without a purchase order. */
  receiveStock(request: commands.ReceiveStock, sent?: Sent): Promise<receipts.StockReceived> {
    return this.#done("receiveStock", "stockReceived", request, sent);
  }

  /** Sends goods back to a supplier. */
  sendBackStock(request: commands.SendBackStock, sent?: Sent): Promise<receipts.StockSentBack> {
    return this.#done("sendBackStock", "stockSentBack", request, sent);
  }

  /** Corrects stock, with a reason. */
  adjustStock(request: commands.AdjustStock, sent?: Sent): Promise<receipts.StockAdjusted> {
    return this.#done("adjustStock", "stockAdjusted", request, sent);
  }

  /** Moves stock between sites. */
  transferStock(request: commands.TransferStock, sent?: Sent): Promise<receipts.StockTransferred> {
    return this.#done("transferStock", "stockTransferred", request, sent);
  }

  /** Puts stock aside. */
  placeHold(request: commands.PlaceHold, sent?: Sent): Promise<rows.Hold> {
    return this.#done("placeHold", "holdPlaced", request, sent);
  }

  /** Changes until when stock is put aside. */
  extendHold(request: commands.ExtendHold, sent?: Sent): Promise<rows.Hold> {
    return this.#done("extendHold", "holdExtended", request, sent);
  }

  /** Ends a hold. */
  releaseHold(request: commands.ReleaseHold, sent?: Sent): Promise<rows.Hold> {
    return this.#done("releaseHold", "holdReleased", request, sent);
  }

  /** Sets an item's standard cost. */
  setStandardCost(request: commands.SetStandardCost, sent?: Sent): Promise<receipts.StandardCostSet> {
    return this.#done("setStandardCost", "standardCostSet", request, sent);
  }

  /** Orders from a supplier. */
  placePurchase(request: commands.PlacePurchase, sent?: Sent): Promise<rows.Purchase> {
    return this.#done("placePurchase", "purchasePlaced", request, sent);
  }

  /** Takes in goods of a purchase order. */
  receivePurchase(request: commands.ReceivePurchase, sent?: Sent): Promise<receipts.PurchaseReceived> {
    return this.#done("receivePurchase", "purchaseReceived", request, sent);
  }

  /** Ends a purchase order of which only a part has come. */
  closePurchase(request: commands.ClosePurchase, sent?: Sent): Promise<rows.Purchase> {
    return this.#done("closePurchase", "purchaseClosed", request, sent);
  }

  /** Cancels a purchase order of which nothing has come. */
  cancelPurchase(request: commands.CancelPurchase, sent?: Sent): Promise<rows.Purchase> {
    return this.#done("cancelPurchase", "purchaseCancelled", request, sent);
  }

  /** Places a sales order. */
  placeOrder(request: commands.PlaceOrder, sent?: Sent): Promise<rows.Order> {
    return this.#done("placeOrder", "orderPlaced", request, sent);
  }

  /** Ships all or a part of a sales order. */
  shipOrder(request: commands.ShipOrder, sent?: Sent): Promise<receipts.OrderShipped> {
    return this.#done("shipOrder", "orderShipped", request, sent);
  }

  /** Cancels what has not been shipped. */
  cancelOrder(request: commands.CancelOrder, sent?: Sent): Promise<rows.Order> {
    return this.#done("cancelOrder", "orderCancelled", request, sent);
  }

  /** Sells over the counter: places and ships at once. */
  sell(request: commands.Sell, sent?: Sent): Promise<receipts.Sold> {
    return this.#done("sell", "sold", request, sent);
  }

  /** Takes goods back. */
  returnGoods(request: commands.ReturnGoods, sent?: Sent): Promise<receipts.GoodsReturned> {
    return this.#done("returnGoods", "goodsReturned", request, sent);
  }

  /** Says that somebody knows of an alert. */
  acknowledgeAlert(request: commands.AcknowledgeAlert, sent?: Sent): Promise<rows.Alert> {
    return this.#done("acknowledgeAlert", "alertAcknowledged", request, sent);
  }

  /** Lists items by SKU. */
  items(query: reports.ItemQuery = {}): Listing<rows.Item> {
    return this.#list("items", { standing: "active", ...query });
  }

  /** Lists locations by code, virtual ones included. */
  locations(): Listing<rows.Location> {
    return new Listing((page) => this.#ask({ locations: paged(page) }));
  }

  /** Lists suppliers by code. */
  suppliers(query: reports.PartyQuery = {}): Listing<rows.Supplier> {
    return this.#list("suppliers", { standing: "active", ...query });
  }

  /** Lists customers by code. */
  customers(query: reports.PartyQuery = {}): Listing<rows.Customer> {
    return this.#list("customers", { standing: "active", ...query });
  }

  /** Lists stock by SKU and site. */
  stock(query: reports.StockQuery = {}): Listing<reports.StockLine> {
    return this.#list("stock", { now: this.#now(), ...query });
  }

  /** Lists sales orders, newest first. */
  orders(query: reports.OrderQuery = {}): Listing<rows.Order> {
    return this.#list("orders", query);
  }

  /** Lists purchase orders, newest first. */
  purchases(query: reports.PurchaseQuery = {}): Listing<rows.Purchase> {
    return this.#list("purchases", query);
  }

  /** Lists alerts by SKU and site, each with what is available now. Holds that lapse at or before `now` count no more. */
  alerts(query: reports.AlertQuery = "open", now: When = this.#now()): Listing<reports.AlertLine> {
    return new Listing((page) => this.#ask({ alerts: [query, now, paged(page)] }));
  }

  /** Lists revenue, cost and units by item, brand, category, customer, day, month or site. */
  profit(query: reports.ProfitQuery): Listing<reports.ProfitLine> {
    return this.#list("profit", query);
  }

  /** Lists what should be reordered. Holds that lapse at or before `now` count no more. */
  reorder(now: When = this.#now()): Listing<reports.ReorderLine> {
    return new Listing((page) => this.#ask({ reorder: [now, paged(page)] }));
  }

  /** Lists movements, oldest first. */
  movements(query: reports.MovementQuery = {}): Listing<rows.Movement> {
    return this.#list("movements", query);
  }

  /** Sums up what is on the shelves. */
  value(query: reports.ValueQuery = {}): Promise<reports.StockValue> {
    return this.#ask({ value: query });
  }

  /** Finds a sales order by its number in a series. */
  orderNumbered(series: string, number: number): Promise<Id | null> {
    return this.#ask({ orderNumbered: [series, number] });
  }

  /** Finds a purchase order by its number in a series. */
  purchaseNumbered(series: string, number: number): Promise<Id | null> {
    return this.#ask({ purchaseNumbered: [series, number] });
  }

  /** The shop, if it is open. */
  shop(): Promise<rows.Shop | null> {
    return this.#ask("shop");
  }

  item(item: Id): Promise<rows.Item | null> {
    return this.#ask({ item });
  }

  itemBySku(sku: string): Promise<rows.Item | null> {
    return this.#ask({ itemBySku: sku });
  }

  itemByBarcode(barcode: string): Promise<rows.Item | null> {
    return this.#ask({ itemByBarcode: barcode });
  }

  location(location: Id): Promise<rows.Location | null> {
    return this.#ask({ location });
  }

  supplier(supplier: Id): Promise<rows.Supplier | null> {
    return this.#ask({ supplier });
  }

  customer(customer: Id): Promise<rows.Customer | null> {
    return this.#ask({ customer });
  }

  hold(hold: Id): Promise<rows.Hold | null> {
    return this.#ask({ hold });
  }

  order(order: Id): Promise<rows.Order | null> {
    return this.#ask({ order });
  }

  purchase(purchase: Id): Promise<rows.Purchase | null> {
    return this.#ask({ purchase });
  }

  /** Proves over the whole store that goods, promises, costs and money add up. */
  verify(): Promise<reports.Verdict> {
    return this.#ask("verify");
  }

  /** The hash of the whole business state: equal where the same things happened. */
  stateHash(): Promise<string> {
    return this.#ask("state_hash");
  }

  /** Reads events after an offset, at most so many and at most 1,000. */
  eventPage(after: number, limit = 1_000): Promise<EventPage> {
    return this.#ask({ events: [after, limit] });
  }

  /**
   * Reads events, oldest first, each exactly once. With `follow` it goes on with what happens later, in whichever page;
   * it ends when the engine is closed.
   */
  async *events(options: EventsOptions = {}): AsyncGenerator<Event, void, undefined> {
    const signal = options.follow?.signal;
    const wake = () => this.#news.tell();
    signal?.addEventListener("abort", wake);
    try {
      let after = options.after ?? 0;
      while (!this.#closed && signal?.aborted !== true) {
        const page = await this.eventPage(after);
        for (const event of page.events) {
          after = event.offset;
          yield event;
        }
        if (after < page.newest) continue;
        if (options.follow === undefined) return;
        await this.#news.wait(LOOK_EVERY_MS);
      }
    } finally {
      signal?.removeEventListener("abort", wake);
    }
  }

  async #done<K extends keyof Requests, R extends keyof Receipts>(
    name: K,
    happens: R,
    request: Requests[K],
    sent: Sent | undefined,
  ): Promise<Receipts[R]> {
    const context = this.#context(sent);
    const json = toWire("command", { [name]: request });
    const answer = fromWire<Answer>(await this.executeJson(context, json));
    const done: Partial<Receipts> = receipt(answer);
    return done[happens] as Receipts[R];
  }

  #list<Q, T>(name: string, query: Q): Listing<T> {
    return new Listing((page) => this.#ask({ [name]: [query, paged(page)] }));
  }

  async #ask<T>(question: string | { readonly [name: string]: unknown }): Promise<T> {
    const json = toWire("question", question);
    return fromWire<T>(await told(() => this.#engine.askJson(json) as Promise<string>));
  }

  #now(): When {
    return this.#options.clock?.() ?? new Date();
  }

  #context(sent: Sent = {}): string {
    return toWire("context", {
      id: sent.id ?? this.#options.newId?.() ?? newId(),
      actor: sent.actor ?? this.#options.actor,
      now: sent.now ?? this.#now(),
      occurredAt: sent.occurredAt,
      earliest: sent.earliest,
    });
  }
}

/** Removes a store for good. Engines that have it open are cut off. */
export function deleteStore(name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(`ims:${name}`);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
  });
}

function checked<T extends Options>(options: T): T {
  if (typeof options !== "object" || options === null) throw new InvalidInputError("options are an object");
  if (typeof options.actor !== "string") throw new InvalidInputError("options.actor must be a string");
  return options;
}

function paged(page: PageRequest): Required<PageRequest> {
  return { after: page.after ?? null, limit: page.limit ?? 0, sort: page.sort ?? null };
}

function receipt(answer: Answer): Receipt {
  if ("done" in answer) return answer.done;
  throw refusal(answer);
}

function refusal(answer: Exclude<Answer, { readonly done: Receipt }>): ImsError {
  if ("failed" in answer) return errorOf(answer.failed);
  return new RejectedError(answer.refused, messageOf(toWire("rejection", answer.refused)));
}

/** Waits for the engine, and makes errors of what it throws. */
async function told<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (thrown) {
    throw errorOfThrown(thrown);
  }
}
