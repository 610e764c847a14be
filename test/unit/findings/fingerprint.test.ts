import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { createFingerprinter, namesOf } from "../../../src/findings/fingerprint.ts";
import { chooseKey } from "../../../src/findings/key.ts";
import { Secret } from "../../../src/model/secret.ts";

const strong = createHash("sha256").update("a strong one").digest("hex");
const weak = ["hunter", "2"].join("");
const byDefault = createFingerprinter(chooseKey({}));

describe("createFingerprinter", () => {
  test.each([
    { name: "strong", secret: strong, want: "kf1:fjfz5rkci5dtjyychs65k2zhxm" },
    { name: "weak", secret: weak, want: "kf1:3bkg3nadkrxporo7e3bxu57vuv" },
  ])("keeps the name of a $name secret for ever", ({ secret, want }) => {
    expect(byDefault("acme", secret)).toBe(want);
  });

  test.each([strong, weak])("looks the same for every secret", (secret) => {
    expect(byDefault("acme", secret)).toMatch(/^kf1:[a-z2-7]{26}$/);
  });

  test("depends on key, provider and secret, and on nothing else", () => {
    const other = createFingerprinter(chooseKey({ env: "a long enough phrase" }));
    for (const secret of [strong, weak]) {
      const names = [
        byDefault("acme", secret),
        byDefault("bcme", secret),
        other("acme", secret),
        byDefault("acme", `${secret}x`),
      ];
      expect(new Set(names).size).toBe(4);
      expect(createFingerprinter(chooseKey({}))("acme", secret)).toBe(names[0]);
      expect(byDefault("acme", new Secret(secret, "…"))).toBe(names[0]);
    }
  });

  test("cannot be confused about where the provider ends", () => {
    expect(byDefault("acme", `x${strong}`)).not.toBe(byDefault("acmex", strong));
  });

  test("remembers weak secrets instead of stretching them again", () => {
    const fingerprint = createFingerprinter(chooseKey({}));
    const first = performance.now();
    fingerprint("acme", weak);
    const second = performance.now();
    for (let i = 0; i < 100; i++) fingerprint("acme", weak);
    const third = performance.now();
    expect((third - second) / 100).toBeLessThan((second - first) / 4);
  });
});

describe("namesOf", () => {
  const value = ["pass", "word", "of", "tests"].join("-");
  const names = namesOf(new Secret(value, "…"));

  test("has none where the value was not kept", () => {
    expect(namesOf(new Secret("", "…"))).toBeUndefined();
  });

  test("knows the hashes of detect-secrets and ggshield", () => {
    const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
    expect(names?.sha1).toBe(createHash("sha1").update(value).digest("hex"));
    expect(names?.sha256).toContain(sha256(value));
    expect(names?.sha256).toContain(sha256(`${value},apikey`));
  });

  test.each([
    { name: "itself", other: value, want: true },
    { name: "a large part", other: value.slice(3), want: true },
    { name: "a small part", other: value.slice(0, 8), want: false },
    { name: "something longer", other: `${value}!`, want: false },
    { name: "nothing", other: "", want: false },
  ])("tells whether $name is the secret", ({ other, want }) => {
    expect(names?.is(new Secret(other, "…"))).toBe(want);
  });
});
