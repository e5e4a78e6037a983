import type { Rejection, RejectionCode } from "./rejections.js";
import type { Id } from "./values.js";

/** Why something has no answer, or was refused. Every error of this package is one, and has a code. */
export class ImsError extends Error {
  override readonly name: string = "ImsError";
  /** The same in every language. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The rules said no. This is final and recorded; nothing else changed. */
export class RejectedError extends ImsError {
  override readonly name = "RejectedError";
  declare readonly code: RejectionCode;
  /** The code once more, with the fields that explain it. */
  readonly rejection: Rejection;

  constructor(rejection: Rejection, message: string) {
    super(rejection.code, message);
    this.rejection = rejection;
  }
}

/** What was given cannot be read as what was asked for. Nothing was sent to the engine. */
export class InvalidInputError extends ImsError {
  override readonly name = "InvalidInputError";
  declare readonly code: "invalid_input";

  constructor(message: string) {
    super("invalid_input", message);
  }
}

/** A command's id was used before, for a command that says something else. Nothing changed. */
export class IdReusedError extends ImsError {
  override readonly name = "IdReusedError";
  declare readonly code: "id_reused";
  readonly id: Id;

  constructor(id: Id, message: string) {
    super("id_reused", message);
    this.id = id;
  }
}

/** The codes of a {@link StoreError}. */
export const STORE_ERROR_CODES = [
  "store_retry",
  "store_unknown",
  "store_unavailable",
  "store_full",
  "store_out_of_range",
  "store_read_only",
  "store_denied",
  "store_missing",
  "store_address",
  "store_schema",
  "store_corrupt",
  "store_question",
] as const;

export type StoreErrorCode = (typeof STORE_ERROR_CODES)[number];

/** The store failed. Send the same command again, with the same id: it is done at most once. */
export class StoreError extends ImsError {
  override readonly name = "StoreError";
  declare readonly code: StoreErrorCode;
  /** What the store itself said. */
  readonly source: string;

  constructor(code: StoreErrorCode, source: string, message: string) {
    super(code, message);
    this.source = source;
  }
}

/** Other writers were faster every time. Nothing changed; send the same command again. */
export class ContendedError extends ImsError {
  override readonly name = "ContendedError";
  declare readonly code: "contended";
  readonly attempts: number;

  constructor(attempts: number, message: string) {
    super("contended", message);
    this.attempts = attempts;
  }
}

/** The engine is closed. */
export class StoppedError extends ImsError {
  override readonly name = "StoppedError";
  declare readonly code: "stopped";

  constructor(message: string) {
    super("stopped", message);
  }
}

/** The engine is wrong about itself. Send the same command again to find out what became of it. */
export class InternalError extends ImsError {
  override readonly name = "InternalError";
  declare readonly code: "internal";

  constructor(message: string) {
    super("internal", message);
  }
}

/** The codes of what is neither a refusal nor a failure of the store. */
export const ERROR_CODES = ["id_reused", "contended", "stopped", "internal", "invalid_input"] as const;

/** What the engine says of a failure. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly id?: Id;
  readonly attempts?: number;
  readonly source?: string;
}

/** Makes the error of a failure. */
export function errorOf(failure: Failure): ImsError {
  const { code, message } = failure;
  const ofStore = STORE_ERROR_CODES.find((known) => known === code);
  if (ofStore !== undefined) return new StoreError(ofStore, failure.source ?? "", message);
  switch (code) {
    case "invalid_input":
      return new InvalidInputError(message);
    case "id_reused":
      return new IdReusedError(failure.id ?? "", message);
    case "contended":
      return new ContendedError(failure.attempts ?? 0, message);
    case "stopped":
      return new StoppedError(message);
    default:
      return new InternalError(message);
  }
}

/** Makes an error of whatever the engine threw. */
export function errorOfThrown(thrown: unknown): unknown {
  if (typeof thrown === "string") return errorOf(JSON.parse(thrown) as Failure);
  // A trap that was not contained: out of memory, say.
  return thrown instanceof WebAssembly.RuntimeError ? new InternalError(thrown.message) : thrown;
}
