/**
 * IMS for JavaScript: an inventory engine in WebAssembly, on a durable store in IndexedDB.
 *
 * @packageDocumentation
 */
export * from "./commands.js";
export {
  ContendedError,
  ERROR_CODES,
  IdReusedError,
  ImsError,
  InternalError,
  InvalidInputError,
  RejectedError,
  STORE_ERROR_CODES,
  StoppedError,
  StoreError,
  type StoreErrorCode,
} from "./errors.js";
export { newId } from "./ids.js";
export * from "./ims.js";
export { Listing, type Page, type PageRequest, type Sort, type SortBy } from "./listing.js";
export { type ModuleSource, initSync, load } from "./load.js";
export * from "./receipts.js";
export { REJECTION_CODES, type Refusals, type Rejection, type RejectionCode } from "./rejections.js";
export * from "./reports.js";
export * from "./rows.js";
export * from "./values.js";
