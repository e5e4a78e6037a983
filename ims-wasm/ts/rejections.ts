import type { Currency, Day, Decimal, Id, OrderStatus, PurchaseStatus, Timestamp } from "./values.js";

type Nothing = Record<never, never>;

/** Why the rules say no: the fields that explain it, by code. */
export interface Refusals {
  readonly invalid_field: { readonly field: string; readonly problem: string };
  readonly wrong_check_digit: { readonly barcode: string; readonly expected: number };
  readonly too_many_lines: { readonly lines: number; readonly limit: number };
  readonly no_lines: Nothing;
  readonly quantity_not_positive: { readonly line: number; readonly quantity: Decimal };
  readonly amount_negative: { readonly field: string; readonly amount: Decimal };
  readonly occurs_in_future: { readonly occurredAt: Timestamp; readonly now: Timestamp };
  readonly occurs_too_early: { readonly occurredAt: Timestamp; readonly earliest: Timestamp };
  readonly shop_not_open: Nothing;
  readonly shop_already_open: Nothing;
  readonly period_closed: { readonly day: Day; readonly closedUntil: Day };
  readonly period_too_far: { readonly until: Day; readonly newest: Day };
  readonly currency_mismatch: { readonly given: Currency; readonly shop: Currency };
  readonly unknown_item: { readonly item: Id };
  readonly unknown_location: { readonly location: Id };
  readonly not_a_site: { readonly location: string };
  readonly unknown_supplier: { readonly supplier: Id };
  readonly unknown_customer: { readonly customer: Id };
  readonly unknown_order: { readonly order: Id };
  readonly unknown_purchase: { readonly purchase: Id };
  readonly unknown_shipment: { readonly shipment: Id };
  readonly unknown_line: { readonly line: number };
  readonly unknown_hold: { readonly hold: Id };
  readonly unknown_alert: { readonly sku: string; readonly site: string };
  readonly changed: { readonly tag: string };
  readonly item_retired: { readonly sku: string };
  readonly location_retired: { readonly location: string };
  readonly supplier_retired: { readonly supplier: string };
  readonly customer_retired: { readonly customer: string };
  readonly sku_taken: { readonly sku: string; readonly by: Id };
  readonly barcode_taken: { readonly barcode: string; readonly by: Id };
  readonly code_taken: { readonly taken: string };
  readonly service_has_no_stock: { readonly sku: string };
  readonly quantity_too_fine: { readonly sku: string; readonly quantity: Decimal; readonly decimals: number };
  readonly price_unknown: { readonly sku: string };
  readonly price_negative: { readonly sku: string; readonly price: Decimal };
  readonly cost_unknown: { readonly sku: string };
  readonly not_standard_costed: { readonly sku: string };
  readonly item_in_use: { readonly sku: string; readonly site: string };
  readonly location_in_use: {
    readonly location: string;
    readonly items: number;
    readonly orders: number;
    readonly purchases: number;
    readonly holds: number;
  };
  readonly same_site: { readonly site: string };
  readonly not_stocked: { readonly sku: string; readonly site: string };
  readonly insufficient_stock: {
    readonly sku: string;
    readonly site: string;
    readonly wanted: Decimal;
    readonly available: Decimal;
  };
  readonly backorder_limit: {
    readonly sku: string;
    readonly site: string;
    readonly wanted: Decimal;
    readonly available: Decimal;
    readonly limit: Decimal;
  };
  readonly hold_in_past: { readonly until: Timestamp };
  readonly hold_lapsed: { readonly until: Timestamp };
  readonly hold_mismatch: { readonly hold: Id };
  readonly order_ended: { readonly status: OrderStatus };
  readonly ships_too_much: { readonly line: number; readonly wanted: Decimal; readonly allocated: Decimal };
  readonly returns_too_much: { readonly line: number; readonly wanted: Decimal; readonly returnable: Decimal };
  readonly refund_too_large: { readonly sku: string; readonly wanted: Decimal; readonly refundable: Decimal };
  readonly discount_too_large: { readonly discount: Decimal; readonly amount: Decimal };
  readonly purchase_ended: { readonly status: PurchaseStatus };
  readonly purchase_partly_received: Nothing;
  readonly receives_too_much: { readonly line: number; readonly wanted: Decimal; readonly open: Decimal };
  readonly occurs_before: { readonly occurredAt: Timestamp; readonly earlier: string; readonly happenedAt: Timestamp };
  readonly insufficient_stock_then: {
    readonly sku: string;
    readonly site: string;
    readonly wanted: Decimal;
    readonly occurredAt: Timestamp;
    readonly onHand: Decimal;
    readonly lowest: Decimal;
    readonly lowestAt: Timestamp;
  };
  readonly overflow: { readonly what: string };
}

/** The code of a refusal: the same in every language. */
export type RejectionCode = keyof Refusals;

/** Why the rules say no: a code, and the fields that explain it. */
export type Rejection = { readonly [C in RejectionCode]: { readonly code: C } & Refusals[C] }[RejectionCode];

const LISTED: { readonly [C in RejectionCode]: true } = {
  invalid_field: true,
  wrong_check_digit: true,
  too_many_lines: true,
  no_lines: true,
  quantity_not_positive: true,
  amount_negative: true,
  occurs_in_future: true,
  occurs_too_early: true,
  shop_not_open: true,
  shop_already_open: true,
  period_closed: true,
  period_too_far: true,
  currency_mismatch: true,
  unknown_item: true,
  unknown_location: true,
  not_a_site: true,
  unknown_supplier: true,
  unknown_customer: true,
  unknown_order: true,
  unknown_purchase: true,
  unknown_shipment: true,
  unknown_line: true,
  unknown_hold: true,
  unknown_alert: true,
  changed: true,
  item_retired: true,
  location_retired: true,
  supplier_retired: true,
  customer_retired: true,
  sku_taken: true,
  barcode_taken: true,
  code_taken: true,
  service_has_no_stock: true,
  quantity_too_fine: true,
  price_unknown: true,
  price_negative: true,
  cost_unknown: true,
  not_standard_costed: true,
  item_in_use: true,
  location_in_use: true,
  same_site: true,
  not_stocked: true,
  insufficient_stock: true,
  backorder_limit: true,
  hold_in_past: true,
  hold_lapsed: true,
  hold_mismatch: true,
  order_ended: true,
  ships_too_much: true,
  returns_too_much: true,
  refund_too_large: true,
  discount_too_large: true,
  purchase_ended: true,
  purchase_partly_received: true,
  receives_too_much: true,
  occurs_before: true,
  insufficient_stock_then: true,
  overflow: true,
};

/** Every code that a refusal can have. */
export const REJECTION_CODES: readonly RejectionCode[] = Object.keys(LISTED) as RejectionCode[];
