// AWS signatures against the vectors that AWS publishes; account numbers out of key ids.

import { describe, expect, test } from "vitest";
import { awsAccountOf, isCanaryAccount } from "../../../src/base/aws-account.ts";
import { signAws } from "../../../src/verify/sign-aws.ts";

// From AWS's own test suite for Signature Version 4; in parts, so that no key stands here.
const keyId = ["AKID", "EXAMPLE"].join("");
const secret = ["wJalrXUtnFEMI/", "K7MDENG+bPxRfiCY", "EXAMPLEKEY"].join("");
const base = { method: "GET", body: "", keyId, secret, service: "service", region: "us-east-1" };
const now = Date.UTC(2015, 7, 30, 12, 36, 0);

describe("signAws", () => {
  test.each([
    ["get-vanilla", "/", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"],
    [
      "get-vanilla-query-order-key-case",
      "/?Param2=value2&Param1=value1",
      "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500",
    ],
  ])("%s", (_, path, signature) => {
    const signed = signAws({ ...base, url: new URL(`https://example.amazonaws.com${path}`), now });
    expect(signed["x-amz-date"]).toBe("20150830T123600Z");
    expect(signed.authorization).toBe(
      `AWS4-HMAC-SHA256 Credential=${keyId}/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`,
    );
  });

  test("the secret is not in what is sent, and another secret signs differently", () => {
    const url = new URL("https://sts.us-east-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15");
    const [one, two] = [secret, `${secret}x`].map((value) => signAws({ ...base, secret: value, url, now }));
    expect(JSON.stringify(one)).not.toContain(secret);
    expect(one?.authorization).not.toBe(two?.authorization);
  });
});

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** A key id that names an account: the first bit set, 40 bits of account, the rest filled up. */
function keyIdOf(account: bigint, prefix = "AKIA"): string {
  let bits = ((1n << 40n) | account) << 39n;
  let text = "";
  for (let count = 0; count < 16; count++) {
    text = alphabet.charAt(Number(bits & 31n)) + text;
    bits >>= 5n;
  }
  return prefix + text;
}

describe("awsAccountOf", () => {
  test.each([
    ["171436882533", true],
    ["052310077262", true],
    ["123456789012", false],
    ["000000000001", false],
    ["999999999999", false],
  ])("%s", (account, canary) => {
    for (const prefix of ["AKIA", "ASIA"]) expect(awsAccountOf(keyIdOf(BigInt(account), prefix))).toBe(account);
    expect(isCanaryAccount(account)).toBe(canary);
  });

  test("old ids, and what is no id, name no account", () => {
    const rest = keyIdOf(1n).slice(5);
    for (const text of [`AKIAI${rest}`, `AKIAJ${rest}`, `AKIX${rest}S`, keyIdOf(1n).slice(1), "", "AKIA"]) {
      expect(awsAccountOf(text)).toBeUndefined();
    }
  });
});
