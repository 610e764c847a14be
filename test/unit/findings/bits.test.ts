import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { estimateBits } from "../../../src/findings/bits.ts";
import { processorClock } from "../../helpers/processor-clock.ts";

function random(seed: number, encoding: "hex" | "base64url", length: number): string {
  return createHash("sha512").update(`bits ${seed}`).digest(encoding).slice(0, length);
}

const weak = [
  "",
  "x",
  "hunter2",
  "postgres",
  "password123",
  "P@ssw0rd",
  "S3cr3t-Pa55w0rd!",
  "correct horse battery staple",
  "changeme-please",
  "a".repeat(200),
  "abc".repeat(40),
  "0123456789".repeat(4),
  "abcdefghijklmnopqrstuvwxyz",
  "20240131",
  "zyxwvutsrqponmlkjihgfedcba",
];

describe("estimateBits", () => {
  test.each(weak)("takes %j for weak", (secret) => {
    expect(estimateBits(secret)).toBeLessThan(64);
  });

  test.each([
    { encoding: "hex", length: 32 },
    { encoding: "base64url", length: 24 },
    { encoding: "base64url", length: 86 },
  ] as const)("takes $length random characters of $encoding for strong", ({ encoding, length }) => {
    for (let seed = 0; seed < 500; seed++) {
      expect(estimateBits(random(seed, encoding, length))).toBeGreaterThanOrEqual(64);
    }
  });

  test("is quick with long and hostile texts", () => {
    const spent = processorClock();
    estimateBits("ab".repeat(1_000_000));
    estimateBits("password".repeat(1_000_000));
    expect(spent()).toBeLessThan(500);
  });
});
