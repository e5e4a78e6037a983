import type {
  AdjustmentReason,
  CostingMethod,
  Currency,
  Day,
  Decimal,
  Id,
  LocationKind,
  MovementKind,
  OneOf,
  OrderStatus,
  PurchaseStatus,
  Rounding,
  Standing,
  StockLevel,
  Timestamp,
  Tracking,
  Unit,
} from "./values.js";

export interface Shop {
  readonly name: string;
  readonly currency: Currency;
  /** IANA name; decides the business day. */
  readonly timeZone: string;
  readonly rounding: Rounding;
  readonly costing: CostingMethod;
  /** Nothing may be booked on or before this day. */
  readonly closedUntil: Day | null;
}

export interface Item {
  readonly id: Id;
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly brand: string;
  /** A path such as `Drinks/Tea`. */
  readonly category: string;
  readonly unit: Unit;
  readonly tracking: Tracking;
  readonly costing: CostingMethod;
  readonly standardCost: Decimal | null;
  readonly price: Decimal | null;
  readonly barcodes: readonly string[];
  readonly reorderPoint: Decimal | null;
  readonly reorderTo: Decimal | null;
  /** How many more than available may be promised per site. */
  readonly backorderLimit: Decimal;
  readonly supplier: Id | null;
  readonly standing: Standing;
}

export interface Location {
  readonly id: Id;
  readonly code: string;
  readonly name: string;
  readonly kind: LocationKind;
  readonly standing: Standing;
}

/** How to reach somebody. All but the name may be empty. */
export interface Contact {
  readonly name: string;
  readonly contact: string;
  readonly email: string;
  readonly phone: string;
  readonly address: string;
  readonly city: string;
  readonly country: string;
}

/** Somebody the shop trades with. */
export interface Partner {
  readonly id: Id;
  readonly code: string;
  readonly contact: Contact;
  readonly standing: Standing;
}

export interface Supplier extends Partner {}

export interface Customer extends Partner {}

/** Stock put aside until a moment. */
export interface Hold {
  readonly id: Id;
  readonly item: Id;
  readonly site: Id;
  readonly quantity: Decimal;
  readonly until: Timestamp;
  /** When it was placed, or extended last; not known of holds that were placed before this was noted. */
  readonly changedAt: Timestamp | null;
}

/** A line of a sales order, with everything as it was when the order was placed. */
export interface OrderLine {
  readonly item: Id;
  readonly sku: string;
  readonly name: string;
  readonly brand: string;
  readonly category: string;
  readonly tracking: Tracking;
  readonly quantity: Decimal;
  readonly unitPrice: Decimal;
  /** Taken off the line. */
  readonly discount: Decimal;
  readonly total: Decimal;
  readonly allocated: Decimal;
  readonly backordered: Decimal;
  readonly shipped: Decimal;
  readonly cancelled: Decimal;
  readonly returned: Decimal;
  readonly revenue: Decimal;
  readonly cost: Decimal;
  readonly refunded: Decimal;
  readonly costReturned: Decimal;
}

export interface Shipment {
  /** The command that shipped. */
  readonly id: Id;
  readonly shippedAt: Timestamp;
}

/** Whom a document was made out to, as it was called and where it was then. */
export interface Party {
  readonly name: string;
  readonly address: string;
  readonly city: string;
  readonly country: string;
}

/** What a sales order has come to: sums over its lines, in coins. Its `total` is what was ordered. */
export interface OrderAmounts {
  /** What will not be delivered any more, at the price it was ordered at. */
  readonly cancelled: Decimal;
  /** What has left: the revenue. */
  readonly shipped: Decimal;
  /** What has come back, at the price it was sold at. */
  readonly returned: Decimal;
  /** What was given back for that. */
  readonly refunded: Decimal;
  /** What the customer has to pay in all: what was ordered, less `cancelled`, less `refunded`. */
  readonly toPay: Decimal;
}

/** What a purchase order has come to: sums over its lines. Its `total` is what was ordered at the agreed cost. */
export interface PurchaseAmounts {
  /** What will not come any more, at the agreed cost. */
  readonly cancelled: Decimal;
  /** What has come, at what it cost then. */
  readonly received: Decimal;
  /** What the shop has to pay in all: `received`, and what is still to come at the agreed cost. */
  readonly toPay: Decimal;
}

export interface Order {
  readonly id: Id;
  readonly series: string;
  /** Its number in the series, without gaps, from 1. */
  readonly number: number;
  readonly site: Id;
  readonly customer: Id | null;
  /** The customer as it was when the order was placed. */
  readonly party: Party | null;
  readonly currency: Currency;
  readonly status: OrderStatus;
  readonly placedAt: Timestamp;
  /** What was ordered: the sum of its lines' totals. */
  readonly total: Decimal;
  /** What that has come to since. */
  readonly amounts: OrderAmounts;
  readonly lines: readonly OrderLine[];
  readonly shipments: readonly Shipment[];
}

export interface ReturnLine {
  readonly item: Id;
  readonly sku: string;
  readonly name: string;
  readonly brand: string;
  readonly category: string;
  readonly quantity: Decimal;
  readonly refund: Decimal;
  readonly cost: Decimal;
}

/** Goods that came back. */
export interface Return {
  readonly id: Id;
  readonly order: Id | null;
  readonly site: Id;
  readonly customer: Id | null;
  /** The customer as it was when the goods were sold, or when they came back where no order is known. */
  readonly party: Party | null;
  readonly returnedAt: Timestamp;
  readonly refund: Decimal;
  /** Why more may be refunded than was paid, where that was said. */
  readonly refundReason: string | null;
  readonly lines: readonly ReturnLine[];
}

export interface PurchaseLine {
  readonly item: Id;
  readonly sku: string;
  readonly name: string;
  readonly quantity: Decimal;
  readonly unitCost: Decimal;
  readonly received: Decimal;
  /** What those that have come cost together. */
  readonly receivedCost: Decimal;
  readonly cancelled: Decimal;
}

export interface Purchase {
  readonly id: Id;
  readonly series: string;
  /** Its number in the series, without gaps, from 1. */
  readonly number: number;
  readonly supplier: Id;
  /** The supplier as it was when the goods were ordered. */
  readonly party: Party | null;
  readonly site: Id;
  readonly status: PurchaseStatus;
  readonly orderedAt: Timestamp;
  readonly expected: Day | null;
  /** When goods of it came last. */
  readonly receivedAt: Timestamp | null;
  /** What was ordered, at the agreed cost: the sum over its lines. */
  readonly total: Decimal;
  /** What that has come to since. */
  readonly amounts: PurchaseAmounts;
  readonly lines: readonly PurchaseLine[];
}

export interface Alert {
  readonly item: Id;
  readonly site: Id;
  readonly kind: StockLevel;
  readonly available: Decimal;
  readonly threshold: Decimal;
  readonly raisedAt: Timestamp;
  readonly acknowledgedAt: Timestamp | null;
  readonly resolvedAt: Timestamp | null;
}

/** Names a movement: which command made it, and which of that command's movements it is, from 0. */
export interface MovementKey {
  readonly command: Id;
  readonly number: number;
}

/** A document and a line of it, counted from 0. */
export interface DocumentLines {
  readonly order: readonly [order: Id, line: number];
  readonly return: readonly [goods: Id, line: number];
  readonly purchase: readonly [purchase: Id, line: number];
}

/** Goods, and what they cost, going from one location to another. Never changed, never deleted. */
export interface Movement extends MovementKey {
  readonly item: Id;
  readonly from: Id;
  readonly to: Id;
  readonly kind: MovementKind;
  readonly reason: AdjustmentReason | null;
  readonly quantity: Decimal;
  readonly value: Decimal;
  readonly revenue: Decimal;
  readonly acquiredAt: Timestamp;
  /** Which cost layer they were of, or became; nothing where no layers are kept. */
  readonly layer: number | null;
  readonly occurredAt: Timestamp;
  readonly recordedAt: Timestamp;
  readonly document: OneOf<DocumentLines> | null;
  readonly undoes: MovementKey | null;
}
