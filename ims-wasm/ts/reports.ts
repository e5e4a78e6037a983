import type {
  Day,
  Decimal,
  Id,
  OrderStatus,
  PurchaseStatus,
  StockLevel,
  Timestamp,
  When,
} from "./values.js";

/** Whether a list has what is no longer in use; `active` where nothing is said. */
export type Listed = "active" | "all";

export interface ItemQuery {
  /** Only those whose SKU or name contains this, whatever the case. */
  readonly text?: string | undefined;
  readonly brand?: string | undefined;
  /** Only those of this category or one below it. */
  readonly category?: string | undefined;
  /** Only those that usually come from this supplier. */
  readonly supplier?: Id | undefined;
  readonly standing?: Listed | undefined;
}

export interface PartyQuery {
  /** Only those whose code or name contains this, whatever the case. */
  readonly text?: string | undefined;
  readonly city?: string | undefined;
  readonly standing?: Listed | undefined;
}

export interface StockQuery {
  readonly item?: Id | undefined;
  readonly site?: Id | undefined;
  /** Holds that lapse at or before this moment count no more; now where nothing is said. */
  readonly now?: When | undefined;
}

/** The stock of an item at a site, as a person reads it. */
export interface StockLine {
  readonly item: Id;
  readonly sku: string;
  readonly name: string;
  readonly site: string;
  readonly onHand: Decimal;
  /** Allocated to orders or held. */
  readonly committed: Decimal;
  readonly available: Decimal;
  readonly incoming: Decimal;
  readonly backordered: Decimal;
  readonly value: Decimal;
}

/** All that is asked of lines has to be so of one line. */
export interface OrderQuery {
  readonly customer?: Id | undefined;
  readonly site?: Id | undefined;
  readonly status?: OrderStatus | undefined;
  readonly item?: Id | undefined;
  /** Only of customers in this city now, whatever the case. */
  readonly city?: string | undefined;
  /** Only with a line that was of this brand when it was ordered. */
  readonly brand?: string | undefined;
  /** Only with a line that was of this category, or one below it, when it was ordered. */
  readonly category?: string | undefined;
  /** Only those that were placed at or after this moment. */
  readonly from?: When | undefined;
  /** Only those that were placed at or before this moment. */
  readonly until?: When | undefined;
}

/** All that is asked of lines has to be so of one line. */
export interface PurchaseQuery {
  readonly supplier?: Id | undefined;
  readonly site?: Id | undefined;
  readonly status?: PurchaseStatus | undefined;
  readonly item?: Id | undefined;
  /** Only from suppliers in this city now, whatever the case. */
  readonly city?: string | undefined;
  /** Only with a line of an item that is of this brand now. */
  readonly brand?: string | undefined;
  /** Only with a line of an item that is of this category, or one below it, now. */
  readonly category?: string | undefined;
  /** Only those that were ordered at or after this moment. */
  readonly from?: When | undefined;
  /** Only those that were ordered at or before this moment. */
  readonly until?: When | undefined;
}

/** Which alerts; `open` where nothing is said. */
export type AlertQuery = "open" | "unacknowledged" | "all";

export interface AlertLine {
  readonly item: Id;
  readonly sku: string;
  readonly name: string;
  readonly site: string;
  /** How far the stock had sunk when it was raised. */
  readonly kind: StockLevel;
  /** What is available now. */
  readonly available: Decimal;
  /** The item's reorder point now, where it has one. */
  readonly threshold: Decimal | null;
  /** What was available when it was raised. */
  readonly availableThen: Decimal;
  /** At or below how many it was raised; zero where the item had no reorder point. */
  readonly thresholdThen: Decimal;
  readonly raisedAt: Timestamp;
  readonly acknowledgedAt: Timestamp | null;
  readonly resolvedAt: Timestamp | null;
}

export type ProfitBy = "item" | "brand" | "category" | "customer" | "day" | "month" | "site";

export interface ProfitQuery {
  readonly by: ProfitBy;
  readonly from?: Day | undefined;
  readonly until?: Day | undefined;
}

/** What was sold less what came back. */
export interface ProfitLine {
  /** The SKU, brand, category, customer code, day, month or site. */
  readonly key: string;
  readonly name: string;
  readonly units: Decimal;
  readonly revenue: Decimal;
  readonly cost: Decimal;
}

export interface ValueQuery {
  readonly site?: Id | undefined;
  /** As it was at this moment; now where nothing is said. */
  readonly asOf?: When | undefined;
}

export interface StockValue {
  readonly quantity: Decimal;
  readonly value: Decimal;
}

export interface ReorderLine {
  readonly item: Id;
  readonly sku: string;
  readonly name: string;
  readonly site: string;
  /** The code of its usual supplier; empty where there is none. */
  readonly supplier: string;
  readonly available: Decimal;
  readonly incoming: Decimal;
  readonly backordered: Decimal;
  /** Its reorder point; null where it has none, and customers wait for it. */
  readonly threshold: Decimal | null;
  readonly propose: Decimal;
}

export interface MovementQuery {
  readonly item?: Id | undefined;
  readonly location?: Id | undefined;
  /** Only those that occurred at or after this moment. */
  readonly from?: When | undefined;
  /** Only those that occurred at or before this moment. */
  readonly until?: When | undefined;
}

/** A promise that a row breaks. */
export interface Broken {
  readonly promise: string;
  readonly row: string;
  readonly finding: string;
}

/** What `verify` found. */
export interface Verdict {
  readonly ok: boolean;
  /** Equal for two stores if and only if the same things happened in them. */
  readonly stateHash: string;
  /** How many rows there are, by table. */
  readonly counts: { readonly [table: string]: number };
  readonly broken: readonly Broken[];
}
