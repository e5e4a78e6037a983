/**
 * Between values of JavaScript, whose fields are `unitCost`, and the engine's JSON, whose fields are `unit_cost`.
 *
 * JSON.stringify makes `null` of NaN, and `null` empties a field: what is not exactly sayable is refused here.
 */
import { InvalidInputError } from "./errors.js";

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** No request is deeper; what is, goes in a circle. */
const MOST_LEVELS = 32;

/** Prints a value as the engine reads it. */
export function toWire(what: string, value: unknown): string {
  return JSON.stringify(json(value, what, 0));
}

/** Reads what the engine prints. */
export function fromWire<T>(text: string): T {
  return named(JSON.parse(text) as Json) as T;
}

function json(value: unknown, path: string, level: number): Json {
  if (level > MOST_LEVELS) throw new InvalidInputError(`${path}: too many levels`);
  switch (typeof value) {
    case "string":
    case "boolean":
      return value;
    case "number":
      if (Number.isSafeInteger(value)) return value;
      throw new InvalidInputError(
        `${path}: ${value} is not a whole number below 2^53; a quantity or an amount is a string such as "12.5"`,
      );
    case "object":
      return value === null ? null : object(value, path, level);
    default:
      throw new InvalidInputError(`${path}: a ${typeof value} cannot be sent`);
  }
}

function object(value: object, path: string, level: number): Json {
  if (Array.isArray(value)) {
    return value.map((part: unknown, place) => json(part, `${path}[${place}]`, level + 1));
  }
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw new InvalidInputError(`${path}: an invalid date`);
    return value.toISOString();
  }
  if (Object.prototype.toString.call(value) !== "[object Object]") {
    throw new InvalidInputError(`${path}: only plain objects can be sent`);
  }
  const fields: { [name: string]: Json } = {};
  for (const [name, part] of Object.entries(value)) {
    if (part !== undefined) fields[snake(name)] = json(part, `${path}.${name}`, level + 1);
  }
  return fields;
}

function named(value: Json): Json {
  if (Array.isArray(value)) return value.map(named);
  if (value === null || typeof value !== "object") return value;
  const fields: { [name: string]: Json } = {};
  for (const [name, part] of Object.entries(value)) {
    // A refusal names a field: as its caller knows it.
    fields[camel(name)] = name === "field" && typeof part === "string" ? camel(part) : named(part);
  }
  return fields;
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
