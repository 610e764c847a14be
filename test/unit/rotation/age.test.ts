import { describe, expect, test } from "vitest";
import type { DeclaredCredential, Observation } from "../../../src/model/rotation.ts";
import { attestation, declare, finding, fp, Keeper, verification, watch } from "../../helpers/rotation-rig.ts";

const now = "2026-06-01";

/** Each kind of evidence, none of the same day as another. */
const told: Readonly<Record<string, readonly Observation[]>> = {
  provider: [{ ...verification("x", "active", now), createdAt: "2026-01-01T10:00:00Z" }],
  token: [{ ...verification("x", "active", now), issuedAt: "2026-01-02T10:00:00Z" }],
  watch: [watch("PAY", "x", "2026-01-04")],
  store: [{ kind: "store", ciSecret: "PAY_SECRET", updatedAt: "2026-01-05T10:00:00Z", at: "2026-06-01T00:00:00Z" }],
  history: [finding("x", now, { firstCommitAt: "2026-01-06T10:00:00+02:00" })],
};

function ageOf(extra: Partial<DeclaredCredential>, ...observations: readonly Observation[]) {
  const keptIn = { env: "PAY", ciSecret: "PAY_SECRET" };
  const keeper = new Keeper({ credentials: [declare("pay", { keptIn, fingerprints: [fp("x")], ...extra })] });
  keeper.run(now, ...observations);
  const { source, confidence, since } = keeper.entry("pay").age;
  return [source, confidence, since];
}

describe("best evidence first", () => {
  const declared = { created: "2026-01-03" };
  const order = ["provider", "token", "declared", "watch", "store", "history"];
  const want = [
    ["provider", "exact", "2026-01-01"],
    ["token", "exact", "2026-01-02"],
    ["declared", "exact", "2026-01-03"],
    ["watch", "at-least", "2026-01-04"],
    ["store", "at-least", "2026-01-05"],
    ["history", "at-least", "2026-01-06"],
  ];
  test.each(order.map((name, index) => [name, index] as const))("%s, with all that is worse", (_, index) => {
    const worse = order.slice(index);
    const observations = worse.flatMap((one) => told[one] ?? []);
    expect(ageOf(worse.includes("declared") ? declared : {}, ...observations)).toEqual(want[index]);
  });

  test("none", () => expect(ageOf({})).toEqual(["none", "unknown", undefined]));
});

describe("history", () => {
  test("that ends early is unknown, not young", () => {
    expect(ageOf({}, finding("x", now, { firstCommitAt: "2026-05-31T00:00:00Z", mayBeOlder: true }))).toEqual([
      "none",
      "unknown",
      undefined,
    ]);
  });

  test("is known once it was seen whole, and the earliest commit counts", () => {
    const keeper = new Keeper();
    keeper.run("2026-06-01", finding("x", now, { firstCommitAt: "2026-05-31T00:00:00Z", mayBeOlder: true }));
    keeper.run(
      "2026-06-02",
      finding("x", "2026-06-02", { firstCommitAt: "2025-05-31T00:00:00Z", author: "Bo <bo@x.example>" }),
    );
    keeper.run("2026-06-03", finding("x", "2026-06-03", { firstCommitAt: "2026-06-03T00:00:00Z", mayBeOlder: true }));
    expect(keeper.entry("bolt-xaaaaaaa").age).toEqual({
      source: "history",
      confidence: "at-least",
      since: "2025-05-31",
    });
    expect(keeper.reminder("bolt-xaaaaaaa").author).toBe("Bo <bo@x.example>");
  });

  test.each(["2027-01-01T00:00:00Z", "9999-01-01T00:00:00Z"])(
    "of the future (%s) is of the day it was seen",
    (firstCommitAt) => {
      expect(ageOf({}, finding("x", now, { firstCommitAt }))).toEqual(["history", "at-least", now]);
    },
  );
});

describe("declared dates", () => {
  test.each([
    [{ created: "2026-01-01", rotated: "2026-03-01" }, "2026-03-01"],
    [{ rotated: "2026-03-01" }, "2026-03-01"],
    [{ created: "2026-06-02" }, "2026-06-01"], // tomorrow, somewhere east of Greenwich
  ])("%j: %s", (extra, since) => expect(ageOf(extra)).toEqual(["declared", "exact", since]));

  const seen = (name: string, ...days: readonly string[]): readonly Observation[] =>
    days.map((day) => watch("PAY", name, day));

  test.each<[string, Partial<DeclaredCredential>, readonly Observation[], readonly string[]]>([
    [
      "from before an older value was seen is about that one",
      { created: "2026-01-01" },
      [...seen("x", "2026-02-01", "2026-03-01"), ...seen("y", "2026-04-01")],
      ["watch", "at-least", "2026-04-01"],
    ],
    [
      "from between the first sight of the old value and that of the new is about the new",
      { created: "2026-03-20" },
      [...seen("x", "2026-02-01", "2026-03-25"), ...seen("y", "2026-04-01")],
      ["declared", "exact", "2026-03-20"],
    ],
    [
      "of a rotation after which the same value was seen again is wrong",
      { created: "2026-01-01", rotated: "2026-05-01" },
      seen("x", "2026-02-01", "2026-05-20"),
      ["declared", "exact", "2026-01-01"],
    ],
    [
      "of a rotation that no run could see yet is believed",
      { created: "2026-01-01", rotated: "2026-05-25" },
      seen("x", "2026-02-01", "2026-05-20"),
      ["declared", "exact", "2026-05-25"],
    ],
  ])("%s", (_, extra, observations, want) => expect(ageOf(extra, ...observations)).toEqual(want));

  test("of a value that is proven dead give way to the day of its end", () => {
    const dead = [
      finding("x", "2026-05-01", { firstCommitAt: "2026-01-01T00:00:00Z" }),
      verification("x", "revoked", "2026-05-10"),
    ];
    expect(ageOf({ created: "2026-01-01" }, ...dead)).toEqual(["proof", "at-least", "2026-05-10"]);
    expect(ageOf({ created: "2026-01-01", rotated: "2026-05-09" }, ...dead)).toEqual([
      "declared",
      "exact",
      "2026-05-09",
    ]);
  });

  test("hold against an old dead value that is only found now, deep in history", () => {
    const old = [finding("x", now, { firstCommitAt: "2024-01-01T00:00:00Z" }), verification("x", "inactive", now)];
    expect(ageOf({ created: "2026-03-01" }, ...old)).toEqual(["declared", "exact", "2026-03-01"]);
  });
});

test("an attested rotation counts like a declared one", () => {
  expect(ageOf({ created: "2026-01-01" }, attestation("pay", "2026-05-05"))).toEqual([
    "declared",
    "exact",
    "2026-05-05",
  ]);
});

test("one date of a store for two credentials is nobody's", () => {
  const both = ["a", "b"].map((id) => declare(id, { keptIn: { ciSecret: "PAY_SECRET" } }));
  const keeper = new Keeper({ credentials: both });
  keeper.run(now, ...(told["store"] ?? []));
  expect(keeper.ledger.credentials.map(({ age }) => age.source)).toEqual(["none", "none"]);
});
