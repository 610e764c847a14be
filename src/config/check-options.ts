// Options of a library call, from callers without types, in; a UsageError for the first that is not what it must be.

import { UsageError } from "../errors.ts";

/** What each option must be, in words and as a test. */
export type Shapes<Options> = readonly (readonly [
  name: keyof Options & string,
  what: string,
  fits: (value: unknown) => boolean,
])[];

/** By its face: other realms and libraries have classes of their own. */
export function isSignal(value: unknown): boolean {
  const { aborted, addEventListener } = Object(value) as Partial<AbortSignal>;
  return typeof aborted === "boolean" && typeof addEventListener === "function";
}

/** A list of nothing but texts. */
export function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

/** A date that is one. */
export function isDate(value: unknown): boolean {
  return value instanceof Date && !Number.isNaN(value.getTime());
}

/** Neither null nor a list. */
export function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Throws UsageError for the first option of the call `name` that does not fit. */
export function checkOptions<Options extends object>(name: string, options: Options, shapes: Shapes<Options>): void {
  if (typeof options !== "object" || options === null) throw new UsageError(`${name}() takes an object of options`);
  for (const [key, what, fits] of shapes) {
    if (options[key] !== undefined && !fits(options[key])) throw new UsageError(`${name}(): ${key} must be ${what}`);
  }
}
