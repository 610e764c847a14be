// Sizes as people write them (`512M`, `1G`) → bytes, and back.

const units = ["", "K", "M", "G", "T"] as const;

/** What a size looks like, for messages. */
export const sizeForms = "a size such as 512M or 1G";

/** `512M`, `1.5G`, `64KiB`, `1048576` → bytes, in units of 1024; undefined for anything else, and for no bytes at all. */
export function parseSize(text: string): number | undefined {
  const [, number = "", unit = ""] = /^(\d{1,15}(?:\.\d{1,3})?) ?([KMGT]?)(?:i?B)?$/i.exec(text.trim()) ?? [];
  const bytes = Math.round(Number(number) * 1024 ** units.indexOf(unit.toUpperCase() as (typeof units)[number]));
  return number !== "" && bytes > 0 && Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** 536870912 → `512M`: in the largest unit that leaves a whole number. */
export function sizeText(bytes: number): string {
  let unit = 0;
  let rest = bytes;
  while (rest > 0 && rest % 1024 === 0 && unit < units.length - 1) {
    rest /= 1024;
    unit++;
  }
  return `${rest}${units[unit]}`;
}

/** A size as the file or a library call gives it: a number of bytes, or a text with a unit. */
export function bytesOf(given: number | string): number | undefined {
  return typeof given === "number" ? given : parseSize(given);
}
