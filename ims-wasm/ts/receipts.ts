import type { Alert, Customer, Hold, Item, Location, Order, Purchase, Return, Shop, Supplier } from "./rows.js";
import type { AdjustmentReason, Day, Decimal, Direction, Id, OneOf, Timestamp } from "./values.js";

/** Goods that moved, and what they cost. */
export interface Moved {
  /** The line of the document, counted from 0. */
  readonly line: number;
  readonly item: Id;
  readonly quantity: Decimal;
  /** What they cost together. */
  readonly cost: Decimal;
  readonly acquiredAt: Timestamp;
}

export interface PeriodClosed {
  readonly until: Day;
  /** What the last closed day was before books were opened again. */
  readonly reopenedFrom?: Day;
  /** Why they were opened again, or closed far beyond the newest entry. */
  readonly reason?: string;
}

export interface ItemRetired {
  readonly item: Id;
  readonly sku: string;
}

export interface StockReceived {
  readonly site: Id;
  readonly supplier?: Id;
  readonly lines: readonly Moved[];
}

export interface StockSentBack extends StockReceived {}

export interface StockAdjusted {
  readonly site: Id;
  readonly reason: AdjustmentReason;
  readonly direction: Direction;
  readonly lines: readonly Moved[];
  readonly note?: string;
}

export interface StockTransferred {
  readonly from: Id;
  readonly to: Id;
  readonly lines: readonly Moved[];
}

export interface StandardCostSet {
  readonly item: Id;
  readonly unitCost: Decimal;
  /** How much more the stock is worth than before. */
  readonly revaluation: Decimal;
}

export interface PurchaseReceived {
  /** The order as it is now. */
  readonly purchase: Purchase;
  readonly lines: readonly Moved[];
}

export interface Sold {
  /** The order as it is now. */
  readonly order: Order;
  /** What left. */
  readonly lines: readonly Moved[];
}

export interface OrderShipped extends Sold {}

export interface GoodsReturned {
  readonly goods: Return;
  readonly lines: readonly Moved[];
}

/** All that can have been done, by what happened. */
export interface Receipts {
  readonly shopOpened: Shop;
  readonly periodClosed: PeriodClosed;
  readonly itemCreated: Item;
  readonly itemUpdated: Item;
  readonly itemRetired: ItemRetired;
  readonly locationCreated: Location;
  readonly locationUpdated: Location;
  readonly supplierCreated: Supplier;
  readonly supplierUpdated: Supplier;
  readonly customerCreated: Customer;
  readonly customerUpdated: Customer;
  readonly stockReceived: StockReceived;
  readonly stockSentBack: StockSentBack;
  readonly stockAdjusted: StockAdjusted;
  readonly stockTransferred: StockTransferred;
  readonly holdPlaced: Hold;
  readonly holdExtended: Hold;
  readonly holdReleased: Hold;
  readonly standardCostSet: StandardCostSet;
  readonly purchasePlaced: Purchase;
  readonly purchaseReceived: PurchaseReceived;
  readonly purchaseClosed: Purchase;
  readonly purchaseCancelled: Purchase;
  readonly orderPlaced: Order;
  readonly orderShipped: OrderShipped;
  readonly orderCancelled: Order;
  readonly sold: Sold;
  readonly goodsReturned: GoodsReturned;
  readonly alertAcknowledged: Alert;
}

/** What was done, by what happened, such as `{ sold: { order, lines } }`. */
export type Receipt = OneOf<Receipts>;

/** A line of an order that was waiting and got goods. */
export interface Filled {
  readonly order: Id;
  readonly line: number;
  readonly quantity: Decimal;
}

export interface EventBodies {
  /** A command was done: the answer that its caller got. Always the first event of its command. */
  readonly done: Receipt;
  readonly backordersFilled: readonly Filled[];
  readonly alertRaised: Alert;
  readonly alertResolved: Alert;
}

/** An entry of the log. */
export interface Event {
  /** Its place in the log: 1 for the first, and no number is ever skipped. */
  readonly offset: number;
  readonly command: Id;
  readonly actor: string;
  readonly occurredAt: Timestamp;
  readonly recordedAt: Timestamp;
  readonly body: OneOf<EventBodies>;
}
