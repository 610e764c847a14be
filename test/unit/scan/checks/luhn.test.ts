// The Luhn check digit.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isLuhn, luhn } from "../../../../src/scan/checks/luhn.ts";
import { checkInput, tokens } from "../../../helpers/scan-rig.ts";

describe("Luhn", () => {
  const withDigit = (body: string) => {
    for (let digit = 0; digit < 10; digit++) if (isLuhn(`${body}${digit}`)) return `${body}${digit}`;
    throw new Error("no check digit");
  };

  test("exactly one last digit fits", () => {
    fc.assert(
      fc.property(tokens("0123456789", 1, 18), (body) => {
        const fits = [..."0123456789"].filter((digit) => isLuhn(body + digit));
        expect(fits).toHaveLength(1);
      }),
    );
  });

  test("one wrong digit is noticed", () => {
    const number = withDigit("7992739871");
    expect(number).toBe("79927398713");
    for (let i = 0; i < number.length; i++) {
      for (let step = 1; step < 10; step++) {
        const wrong = `${number.slice(0, i)}${(Number(number.charAt(i)) + step) % 10}${number.slice(i + 1)}`;
        expect(isLuhn(wrong)).toBe(false);
      }
    }
  });

  test.each([
    ["", false],
    ["7", false],
    ["00", true],
    ["7992-7398-713", true],
    ["7992 7398 710", false],
  ])("%j: %s", (text, pass) => {
    expect(luhn(checkInput(text)).pass).toBe(pass);
  });
});
