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

export interface Party {
  readonly id: Id;
  readonly code: string;
  readonly contact: Contact;
  readonly standing: Standing;
}

export interface Supplier extends Party {}

export interface Customer extends Party {}

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

export interface Order {
  readonly id: Id;
  readonly series: string;
  /** Its number in the series, without gaps, from 1. */
  readonly number: number;
  readonly site: Id;
  readonly customer: Id | null;
  readonly currency: Currency;
  readonly status: OrderStatus;
  readonly placedAt: Timestamp;
  readonly total: Decimal;
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
  readonly returnedAt: Timestamp;
  readonly refund: Decimal;
  readonly lines: readonly ReturnLine[];
}

export interface PurchaseLine {
  readonly item: Id;
  readonly sku: string;
  readonly name: string;
  readonly quantity: Decimal;
  readonly unitCost: Decimal;
  readonly received: Decimal;
  readonly cancelled: Decimal;
}

export interface Purchase {
  readonly id: Id;
  readonly series: string;
  /** Its number in the series, without gaps, from 1. */
  readonly number: number;
  readonly supplier: Id;
  readonly site: Id;
  readonly status: PurchaseStatus;
  readonly orderedAt: Timestamp;
  readonly expected: Day | null;
  /** When goods of it came last. */
  readonly receivedAt: Timestamp | null;
  readonly total: Decimal;
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
