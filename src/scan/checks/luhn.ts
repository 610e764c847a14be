// Luhn: drops numbers whose last digit is not their Luhn check digit (ISO/IEC 7812-1, annex B).

import { dropped, passed } from "./check.ts";
import type { CheckInput, CheckResult } from "./check.ts";

/** Does the text's digit string end in its Luhn check digit? Other characters are passed over. */
export function isLuhn(text: string): boolean {
  const digits = text.replaceAll(/\D/g, "");
  if (digits.length < 2) return false;
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits.charAt(digits.length - 1 - i)) * (i % 2 === 1 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}

/** No options. */
export function luhn(input: CheckInput): CheckResult {
  return isLuhn(input.secret) ? passed : dropped("Luhn digit does not fit");
}
