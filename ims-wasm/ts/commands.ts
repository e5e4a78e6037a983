import type { Contact } from "./rows.js";
import type {
  AdjustmentReason,
  CostingMethod,
  Currency,
  Day,
  Decimal,
  Direction,
  Id,
  OneOf,
  Rounding,
  Standing,
  Tracking,
  Unit,
  When,
} from "./values.js";

/** Says which command this is, who gives it and when. */
export interface Context {
  /** Made once for each thing that is wanted, and sent again unchanged until there is an answer. */
  readonly id: Id;
  /** Who gives the command. */
  readonly actor: string;
  readonly now: When;
  /** When it happened, where that was earlier than `now`. */
  readonly occurredAt?: When | undefined;
  /** The earliest moment that `occurredAt` may say; any whose books are open where there is none. */
  readonly earliest?: When | undefined;
}

export interface OpenShop {
  readonly name: string;
  readonly currency: Currency;
  /** IANA name; UTC where none is given. */
  readonly timeZone?: string | undefined;
  /** To the currency's smallest coin, halves up, where none is given. */
  readonly rounding?: Rounding | undefined;
  /** `fifo` where none is given. */
  readonly costing?: CostingMethod | undefined;
}

/** Closes the books up to and including a day. */
export interface ClosePeriod {
  readonly until: Day;
  /** Why books are opened again, or closed far beyond the newest entry. */
  readonly reason?: string | undefined;
}

export interface CreateItem {
  /** Unique in the shop, whatever the case. */
  readonly sku: string;
  readonly name: string;
  readonly description?: string | undefined;
  readonly brand?: string | undefined;
  /** A path such as `Drinks/Tea`. */
  readonly category?: string | undefined;
  /** A piece where nothing is said. */
  readonly unit?: Unit | undefined;
  readonly tracking?: Tracking | undefined;
  readonly costing?: CostingMethod | undefined;
  readonly standardCost?: Decimal | undefined;
  readonly price?: Decimal | undefined;
  readonly barcodes?: readonly string[] | undefined;
  /** At or below this many available it is low on stock. */
  readonly reorderPoint?: Decimal | undefined;
  /** Reorder so many that this many are available again. */
  readonly reorderTo?: Decimal | undefined;
  readonly backorderLimit?: Decimal | undefined;
  readonly supplier?: Id | undefined;
}

/** Changes the fields that are there; `null` empties one. */
export interface UpdateItem {
  readonly item: Id;
  readonly sku?: string | undefined;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly brand?: string | undefined;
  readonly category?: string | undefined;
  readonly unit?: Unit | undefined;
  readonly tracking?: Tracking | undefined;
  readonly costing?: CostingMethod | undefined;
  readonly price?: Decimal | null | undefined;
  readonly barcodes?: readonly string[] | undefined;
  readonly reorderPoint?: Decimal | null | undefined;
  readonly reorderTo?: Decimal | null | undefined;
  readonly backorderLimit?: Decimal | undefined;
  readonly supplier?: Id | null | undefined;
  readonly standing?: Standing | undefined;
  readonly ifTag?: string | undefined;
}

export interface RetireItem {
  readonly item: Id;
}

export interface CreateLocation {
  readonly code: string;
  readonly name: string;
}

export interface UpdateLocation {
  readonly location: Id;
  readonly name?: string | undefined;
  readonly standing?: Standing | undefined;
  readonly ifTag?: string | undefined;
}

/** How to reach somebody; what is left out is empty. */
export type ContactInput = Pick<Contact, "name"> & {
  readonly [field in Exclude<keyof Contact, "name">]?: string | undefined;
};

export interface CreateSupplier {
  readonly code: string;
  readonly contact: ContactInput;
}

export interface UpdateSupplier {
  readonly supplier: Id;
  readonly contact?: ContactInput | undefined;
  readonly standing?: Standing | undefined;
  readonly ifTag?: string | undefined;
}

export interface CreateCustomer {
  readonly code: string;
  readonly contact: ContactInput;
}

export interface UpdateCustomer {
  readonly customer: Id;
  readonly contact?: ContactInput | undefined;
  readonly standing?: Standing | undefined;
  readonly ifTag?: string | undefined;
}

/** So many of an item. */
export interface Goods {
  readonly item: Id;
  readonly quantity: Decimal;
}

/** So many of an item, and what one of them costs. */
export interface CostedGoods extends Goods {
  readonly unitCost: Decimal;
}

export interface ReceiveStock {
  readonly site: Id;
  readonly supplier?: Id | undefined;
  readonly lines: readonly CostedGoods[];
}

export interface SendBackStock {
  readonly site: Id;
  readonly supplier?: Id | undefined;
  readonly lines: readonly Goods[];
}

export interface Adjusted extends Goods {
  /** What one costs, where stock is added and its cost is known. */
  readonly unitCost?: Decimal | undefined;
}

export interface AdjustStock {
  readonly site: Id;
  readonly reason: AdjustmentReason;
  readonly direction: Direction;
  readonly lines: readonly Adjusted[];
  readonly note?: string | undefined;
}

export interface TransferStock {
  readonly from: Id;
  readonly to: Id;
  readonly lines: readonly Goods[];
}

export interface PlaceHold {
  readonly item: Id;
  readonly site: Id;
  readonly quantity: Decimal;
  readonly until: When;
}

export interface ExtendHold {
  readonly hold: Id;
  readonly until: When;
}

export interface ReleaseHold {
  readonly hold: Id;
}

export interface SetStandardCost {
  readonly item: Id;
  readonly unitCost: Decimal;
}

export interface PlacePurchase {
  readonly supplier: Id;
  readonly site: Id;
  readonly expected?: Day | undefined;
  readonly lines: readonly CostedGoods[];
}

export interface ReceivedLine {
  /** Which line of the purchase order, counted from 0. */
  readonly line: number;
  readonly quantity: Decimal;
  /** What one cost, where that is not what was agreed. */
  readonly unitCost?: Decimal | undefined;
}

export interface ReceivePurchase {
  readonly purchase: Id;
  /** All that is still to come where none is named. */
  readonly lines?: readonly ReceivedLine[] | undefined;
}

/** Ends a purchase order of which only a part has come. */
export interface ClosePurchase {
  readonly purchase: Id;
}

/** Cancels a purchase order of which nothing has come. */
export interface CancelPurchase {
  readonly purchase: Id;
}

export interface Discounts {
  /** A part of the line, such as `"0.15"`. */
  readonly fraction: Decimal;
  readonly amount: Decimal;
}

export interface OrderedLine extends Goods {
  /** The item's own price where none is given. */
  readonly unitPrice?: Decimal | undefined;
  readonly discount?: OneOf<Discounts> | undefined;
}

export interface Sell {
  readonly site: Id;
  readonly customer?: Id | undefined;
  readonly currency?: Currency | undefined;
  /** Series of order numbers; the site's code where none is named. */
  readonly series?: string | undefined;
  readonly lines: readonly OrderedLine[];
  /** Holds that this uses up. */
  readonly holds?: readonly Id[] | undefined;
}

export interface PlaceOrder extends Sell {
  /** What becomes of a line for which there is not enough; `refuse` where nothing is said. */
  readonly onShortage?: "refuse" | "backorder" | "cancel" | undefined;
}

export interface ShippedLine {
  /** Which line of the order, counted from 0. */
  readonly line: number;
  readonly quantity: Decimal;
}

export interface ShipOrder {
  readonly order: Id;
  /** All that is allocated where none is named. */
  readonly lines?: readonly ShippedLine[] | undefined;
}

export interface CancelOrder {
  readonly order: Id;
}

export interface ReturnedLine extends ShippedLine {
  /** What was paid for it where none is given. */
  readonly refund?: Decimal | undefined;
}

export interface LooseLine extends Goods {
  readonly unitPrice: Decimal;
  readonly unitCost?: Decimal | undefined;
}

export interface ReturnedGoods {
  /** Goods of an order come back with the cost and the age that they left with. */
  readonly ofOrder: {
    readonly order: Id;
    readonly shipment?: Id | undefined;
    readonly site?: Id | undefined;
    readonly lines: readonly ReturnedLine[];
  };
  /** Goods of which nobody knows the order. */
  readonly loose: {
    readonly site: Id;
    readonly customer?: Id | undefined;
    readonly lines: readonly LooseLine[];
  };
}

export interface ReturnGoods {
  readonly goods: OneOf<ReturnedGoods>;
  /** Why more may be refunded than was paid, or than the list price where no order is known. Without it, no more is. */
  readonly refundReason?: string | undefined;
}

export interface AcknowledgeAlert {
  readonly item: Id;
  readonly site: Id;
}

/** All requests, by the name of their method. */
export interface Requests {
  readonly openShop: OpenShop;
  readonly closePeriod: ClosePeriod;
  readonly createItem: CreateItem;
  readonly updateItem: UpdateItem;
  readonly retireItem: RetireItem;
  readonly createLocation: CreateLocation;
  readonly updateLocation: UpdateLocation;
  readonly createSupplier: CreateSupplier;
  readonly updateSupplier: UpdateSupplier;
  readonly createCustomer: CreateCustomer;
  readonly updateCustomer: UpdateCustomer;
  readonly receiveStock: ReceiveStock;
  readonly sendBackStock: SendBackStock;
  readonly adjustStock: AdjustStock;
  readonly transferStock: TransferStock;
  readonly placeHold: PlaceHold;
  readonly extendHold: ExtendHold;
  readonly releaseHold: ReleaseHold;
  readonly setStandardCost: SetStandardCost;
  readonly placePurchase: PlacePurchase;
  readonly receivePurchase: ReceivePurchase;
  readonly closePurchase: ClosePurchase;
  readonly cancelPurchase: CancelPurchase;
  readonly placeOrder: PlaceOrder;
  readonly shipOrder: ShipOrder;
  readonly cancelOrder: CancelOrder;
  readonly sell: Sell;
  readonly returnGoods: ReturnGoods;
  readonly acknowledgeAlert: AcknowledgeAlert;
}

/** A command: one of the requests, by its name, such as `{ releaseHold: { hold } }`. */
export type Command = OneOf<Requests>;
