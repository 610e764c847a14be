// Checks that look at the secret's text alone: entropy, checksum, placeholder, word.

import { crc32 } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checksum, crc32Base62 } from "../../../../src/scan/checks/checksum.ts";
import { entropy, entropyOf } from "../../../../src/scan/checks/entropy.ts";
import { placeholder, placeholderReason } from "../../../../src/scan/checks/placeholder.ts";
import { isWordy, word } from "../../../../src/scan/checks/word.ts";
import { base62, checkInput, randomText, tokens, zed } from "../../../helpers/scan-rig.ts";

describe("entropy", () => {
  test.each([
    ["", 0],
    ["aaaa", 0],
    ["abab", 1],
    ["abcd", 2],
    ["aabb", 1],
    ["0123456789abcdef", 4],
  ])("of %j is %d bits", (text, bits) => {
    expect(entropyOf(text)).toBeCloseTo(bits, 10);
  });

  test("the public prefix is left out of the sum", () => {
    expect(entropy(checkInput(`${zed}aaaaaaaa`), { min: 1 }).pass).toBe(false);
    expect(entropy(checkInput(`${zed}abcdabcd`), { min: 2 }).pass).toBe(true);
    expect(entropy(checkInput(`${zed}abcdabcd`), { min: 2.01 }).pass).toBe(false);
  });
});

describe("checksum", () => {
  const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const independent = (text: string) => {
    let value = BigInt(crc32(text));
    let out = "";
    for (let i = 0; i < 6; i++) {
      out = digits.charAt(Number(value % 62n)) + out;
      value /= 62n;
    }
    return out;
  };
  const body = randomText(3, 30);

  test("agrees with base 62 worked out another way", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (text) => {
        const ascii = text.replaceAll(/[^ -~]/g, "?");
        expect(crc32Base62(ascii, 6)).toBe(independent(ascii));
      }),
    );
  });

  test("the CRC's check value (ITU-T V.42) in base 62", () => {
    // CRC-32 of the nine digits is 0xCBF43926 = 3,421,780,262.
    expect(crc32Base62("123456789", 6)).toBe(independent("123456789"));
    expect([...crc32Base62("123456789", 6)].reduce((sum, digit) => sum * 62 + digits.indexOf(digit), 0)).toBe(
      3_421_780_262,
    );
  });

  test.each([
    ["fits", `${zed}${body}${independent(body)}`, true],
    ["one character of the body off", `${zed}${body.slice(1)}_${independent(body)}`, false],
    [
      "one check digit off",
      `${zed}${body}${independent(body).slice(0, 5)}${independent(body).endsWith("0") ? "1" : "0"}`,
      false,
    ],
    [
      "two swapped",
      `${zed}${body.charAt(1)}${body.charAt(0)}${body.slice(2)}${independent(body)}`,
      body.charAt(0) === body.charAt(1),
    ],
    ["nothing", "", false],
  ])("%s", (_, secret, pass) => {
    expect(checksum(checkInput(secret), { kind: "crc32-base62", tail: 6 }).pass).toBe(pass);
  });
});

const ellipsis = "\u00e2\u0080\u00a6";

describe("placeholder", () => {
  const core = randomText(11, 12);
  test.each([
    ["x".repeat(24)],
    [`${core}xxxxxxxxxxxx`],
    ["XXXXXXXXXXXXXXXX"],
    ["0".repeat(32)],
    ["abcdefghijklmnop"],
    ["ponmlkjihgfedcba"],
    ["1234567890"],
    ["a1b2c3d4e5f6"],
    ["a1b2c3d4"],
    ["12ab".repeat(6)],
    [`${core}11111111`],
    ["your_api_key_here"],
    ["YOUR-TOKEN"],
    [`my${"Your"}Token${core}`],
    [`example${core}`],
    [`${core}EXAMPLE`],
    ["changeme"],
    [`fake_${core}`],
    ["todo"],
    [`<${core}>`],
    ["<your key>"],
    ["${API_KEY}"],
    ["{{ api_key }}"],
    ["$(cat key)"],
    ["%(key)s"],
    [`${core}...`],
    [`${core}${ellipsis}`],
    [`${core}***${core}`],
    ["deadbeefdeadbeef"],
  ])("%j is filler", (text) => {
    expect(placeholderReason(text)).toBeTypeOf("string");
  });

  test.each([
    [core],
    [randomText(2, 40)],
    [randomText(5, 32, "0123456789abcdef")],
    ["correct<horse"],
    ["tr0ub4dor&3"],
    [""],
  ])("%j is not", (text) => {
    expect(placeholderReason(text)).toBeUndefined();
  });

  test("allowed words are no reason, other words still are", () => {
    expect(placeholderReason(`example${core}`, ["example"])).toBeUndefined();
    expect(placeholderReason(`example${core}dummy`, ["example"])).toBeTypeOf("string");
    expect(placeholder(checkInput(`${zed}example${core}`), { "allow-words": ["example"] }).pass).toBe(true);
  });

  test.each([
    ["dots", "...", false],
    ["an ellipsis", ellipsis, false],
    ["stars", "***", false],
    ["the end of a sentence", ". ", true],
    ["two dots", "..x", true],
    ["nothing", "", true],
    ["a quote", '"', true],
  ])("followed by %s", (_, next, pass) => {
    const input = checkInput(`${zed}${randomText(4, 24)}`, { after: (count) => next.slice(0, count) });
    expect(placeholder(input, {}).pass).toBe(pass);
  });

  test("the public prefix is not looked at", () => {
    const prefix = ["example", "key", ""].join("_");
    const rule = { ...checkInput("").rule, keywords: [prefix] };
    expect(placeholder(checkInput(`${prefix}${randomText(4, 24)}`, { rule }), {}).pass).toBe(true);
  });

  test("the words of four letters do not fire on mixed cases or inside a run of letters", () => {
    expect(placeholderReason("q7fAkE9zP2mV")).toBeUndefined();
    expect(placeholderReason("kqwfakezpmvt")).toBeUndefined();
    expect(placeholderReason("kq7fakezpmvt")).toBeTypeOf("string");
  });
});

describe("word", () => {
  test.each([
    ["publicKeyAlgorithm"],
    ["getUserAccountById"],
    ["DefaultConnectionStringProvider"],
    ["someHTTPServerNameOfThing"],
    ["user_account_settings_page"],
    ["INTERNAL_SERVER_ERROR"],
    ["components/Button/index"],
    ["path/to/the/settings-file"],
    ["client-side-encryption"],
    ["checkoutSessionHandler"],
  ])("%s reads as words", (text) => {
    expect(isWordy(text)).toBe(true);
    expect(word(checkInput(`${zed}${text}`)).pass).toBe(false);
  });

  test.each([[""], ["a"], ["key"], ["1234567890123456"], [randomText(8, 24)], [randomText(9, 40, "0123456789abcdef")]])(
    "%j does not",
    (text) => {
      expect(isWordy(text)).toBe(false);
    },
  );
});

describe("random tokens pass", () => {
  const alphabets = {
    base62,
    base64url: `${base62}-_`,
    base64: `${base62}+/`,
    hex: "0123456789abcdef",
    "lower case and digits": "abcdefghijklmnopqrstuvwxyz0123456789",
    letters: base62.slice(0, 52),
    base32: "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567",
    digits: "0123456789",
  };
  // A rate is a fact about many samples: fixed seeds, so that the test says the same every time.
  test.each(Object.entries(alphabets))("of 16 to 64 %s characters, in 99.9 %% of all cases", (_, alphabet) => {
    const random = fc.sample(tokens(alphabet, 16, 64), { numRuns: 6000, seed: 20_260_115, unbiased: true });
    expect(Math.max(...random.map((text) => text.length))).toBeGreaterThan(60);
    const lost = random.filter((text) => isWordy(text) || placeholderReason(text) !== undefined);
    expect(lost.length / random.length).toBeLessThan(0.001);
  });

  test.each(Object.entries(alphabets))("of 32 and more %s characters, in 9,999 of 10,000", (_, alphabet) => {
    let lost = 0;
    for (let seed = 0; seed < 10_000; seed++) {
      const text = randomText(seed + 1_000_003, 32 + (seed % 33), alphabet);
      if (isWordy(text) || placeholderReason(text) !== undefined) lost++;
    }
    expect(lost).toBeLessThanOrEqual(4); // expected: below 1; more than 4 has a chance of less than 1 in 250 at the limit
  });
});
