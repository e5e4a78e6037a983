/** An id: UUID text. What a command makes has the id of the command. */
export type Id = string;

/** An exact decimal number in a string, such as `"12.5"`: a quantity or an amount, with at most six decimals. */
export type Decimal = string;

/** A moment as it is given: RFC 3339 text such as `"2026-01-31T09:30:00Z"`, or a `Date`. */
export type When = string | Date;

/** A moment as it is told: RFC 3339 text in UTC, exact to the microsecond. */
export type Timestamp = string;

/** A day, such as `"2026-01-31"`. */
export type Day = string;

/** An ISO 4217 code, such as `"EUR"`. */
export type Currency = string;

/** What a place or a party or an item still is. */
export type Standing = "active" | "retired";

export type CostingMethod = "fifo" | "average" | "standard";

/** Whether stock is kept of an item. */
export type Tracking = "stocked" | "service";

export type RoundingMode =
  | "half-even"
  | "half-up"
  | "half-down"
  | "half-odd"
  | "half-ceiling"
  | "half-floor"
  | "up"
  | "down"
  | "ceiling"
  | "floor";

export interface Rounding {
  /** Decimals that are kept, 0 to 6. */
  readonly digits: number;
  readonly mode: RoundingMode;
}

/** What one of an item is, and how finely it divides. */
export interface Unit {
  readonly code: string;
  /** Decimals of a quantity, 0 to 6. */
  readonly decimals: number;
}

export type LocationKind = "site" | "supplier" | "customer" | "loss" | "variance" | "service";

/** How far stock has sunk. */
export type StockLevel = "normal" | "low" | "out";

export type OrderStatus = "placed" | "partly_shipped" | "shipped" | "cancelled";

export type PurchaseStatus = "ordered" | "partly_received" | "received" | "closed_short" | "cancelled";

export type MovementKind =
  | "receipt"
  | "supplier_return"
  | "sale"
  | "return"
  | "adjustment"
  | "transfer"
  | "revaluation";

export type AdjustmentReason =
  | "opening"
  | "damaged"
  | "lost"
  | "found"
  | "theft"
  | "gift"
  | "own_use"
  | "counted"
  | "other";

export type Direction = "up" | "down";

/** One of the fields of `T`, by its name: `{ sold: … }`. */
export type OneOf<T> = { readonly [K in keyof T]: { readonly [P in K]: T[P] } }[keyof T];
