import { describe, expect, test } from "vitest";
import type { Observation } from "../../../src/model/rotation.ts";
import {
  attestation,
  closedByPerson,
  declare,
  finding,
  fp,
  Keeper,
  verification,
  watch,
} from "../../helpers/rotation-rig.ts";

/** A run: its time, what it observed, and then the state of the credential and what the channels hear. */
type Row = readonly [at: string, observations: readonly Observation[], state: string, said: string];

function play(keeper: Keeper, id: string, rows: readonly Row[]): void {
  for (const [at, observations, state, said] of rows) {
    keeper.run(at, ...observations);
    expect([at, keeper.entry(id).state, keeper.said(id)]).toEqual([at, state, said]);
  }
}

const created = { created: "2026-01-01" };

describe("the calendar of a healthy credential", () => {
  test("reminds 14, 7 and 1 days before, on the day and then weekly, and tells who else must know", () => {
    const keeper = new Keeper({ credentials: [declare("pay", created)] });
    play(keeper, "pay", [
      ["2026-01-01", [], "fresh", "none"],
      ["2026-03-17T23:59:59", [], "fresh", "none"],
      ["2026-03-18", [], "due-soon", "due-14 open new"],
      ["2026-03-18", [], "due-soon", "due-14 open"],
      ["2026-03-24T23:59:59", [], "due-soon", "due-14 open"],
      ["2026-03-25", [], "due-soon", "due-7 open new"],
      ["2026-03-31", [], "due-soon", "due-1 open new"],
      ["2026-03-31T23:59:59", [], "due-soon", "due-1 open"],
      ["2026-04-01", [], "overdue", "overdue-0 open new"],
      ["2026-04-07", [], "overdue", "overdue-0 open"],
      ["2026-04-08", [], "overdue", "overdue-7 open new"],
    ]);
    expect(keeper.reminder("pay").escalateTo).toBeUndefined();
    play(keeper, "pay", [["2026-04-15", [], "overdue", "overdue-14 open new"]]);
    expect(keeper.reminder("pay").escalateTo).toBe("team-fallback");
    play(keeper, "pay", [
      ["2026-04-29", [], "overdue", "overdue-28 open new"],
      ["2026-05-01", [], "overdue", "overdue-30 open new"],
      ["2026-05-05", [], "overdue", "overdue-30 open"],
      ["2026-05-06", [], "overdue", "overdue-35 open new"],
    ]);
    expect(keeper.reminder("pay").escalateTo).toBe("team-security");
  });

  test("skipped runs cost no reminder: the newest step only", () => {
    const keeper = new Keeper({ credentials: [declare("pay", created)] });
    play(keeper, "pay", [
      ["2026-01-01", [], "fresh", "none"],
      ["2026-03-30", [], "due-soon", "due-7 open new"],
      ["2026-06-01", [], "overdue", "overdue-56 open new"],
    ]);
  });

  test("a clock that jumps back undoes nothing and repeats nothing", () => {
    const keeper = new Keeper({ credentials: [declare("pay", created)] });
    play(keeper, "pay", [
      ["2026-04-09", [], "overdue", "overdue-7 open new"],
      ["2026-02-01", [], "overdue", "overdue-7 open"],
      ["2026-04-15", [], "overdue", "overdue-14 open new"],
    ]);
    expect(keeper.ledger.seenAt).toBe("2026-04-15T00:00:00Z");
  });

  test("a declared rotation closes it, and the next one is a new cycle", () => {
    const keeper = new Keeper({ credentials: [declare("pay", created)] });
    play(keeper, "pay", [["2026-04-09", [], "overdue", "overdue-7 open new"]]);
    keeper.inventory = { ...keeper.inventory, credentials: [declare("pay", { ...created, rotated: "2026-04-09" })] };
    play(keeper, "pay", [
      ["2026-04-10", [], "fresh", "closed closed new"],
      ["2026-04-11", [], "fresh", "closed closed"],
    ]);
    expect(keeper.reminder("pay").proof).toEqual({
      kind: "not-due",
      age: { source: "declared", confidence: "exact", since: "2026-04-09" },
      due: "2026-07-08T00:00:00Z",
    });
    play(keeper, "pay", [["2026-06-24", [], "due-soon", "due-14 open new"]]);
    expect(keeper.entry("pay").cycle).toBe(2);
  });

  test("an attestation is a rotation, until the variable is seen to hold the old value still", () => {
    const keeper = new Keeper({ credentials: [declare("pay", created)] });
    play(keeper, "pay", [
      ["2026-02-01", [watch("PAY", "old", "2026-02-01")], "fresh", "none"],
      ["2026-04-01", [], "overdue", "overdue-0 open new"],
      ["2026-04-02", [attestation("pay", "2026-04-02")], "rotated", "closed closed new"],
      ["2026-04-03", [watch("PAY", "old", "2026-04-03")], "overdue", "overdue-0 open new"],
    ]);
    expect(keeper.entry("pay").cycle).toBe(2);
  });

  test("an attestation before the new value was seen covers the old one", () => {
    const keeper = new Keeper({ credentials: [declare("pay", created)] });
    play(keeper, "pay", [
      ["2026-02-01", [watch("PAY", "old", "2026-02-01")], "fresh", "none"],
      ["2026-04-01", [], "overdue", "overdue-0 open new"],
      ["2026-04-02", [attestation("pay", "2026-04-02")], "rotated", "closed closed new"],
      ["2026-04-03", [watch("PAY", "new", "2026-04-03")], "rotated", "closed closed"],
      ["2026-04-10", [], "fresh", "closed closed"],
    ]);
    expect(keeper.entry("pay").fingerprints.map(({ state }) => state)).toEqual(["dead", "unproven"]);
    expect(keeper.reminder("pay").due).toBe("2026-07-01T00:00:00Z");
  });

  test("an unknown age asks once, and is not late", () => {
    const keeper = new Keeper({ credentials: [declare("pay")] });
    play(keeper, "pay", [
      ["2026-01-01", [], "unknown-age", "unknown-age open new"],
      ["2027-01-01", [], "unknown-age", "unknown-age open"],
    ]);
    expect(keeper.reminder("pay")).toMatchObject({ age: { source: "none", confidence: "unknown" } });
    keeper.inventory = { ...keeper.inventory, credentials: [declare("pay", { created: "2026-12-30" })] };
    play(keeper, "pay", [["2027-01-02", [], "fresh", "closed closed new"]]);
  });

  test("grace moves the day from which it counts as late", () => {
    const policies = [{ name: "slow", match: {}, graceDays: 5, reason: "a freeze" }];
    const keeper = new Keeper({ credentials: [declare("pay", created)], policies });
    play(keeper, "pay", [
      ["2026-04-01", [], "due-soon", "due-0 open new"],
      ["2026-04-05", [], "due-soon", "due-0 open"],
      ["2026-04-06", [], "overdue", "overdue-0 open new"],
    ]);
    expect(keeper.reminder("pay").due).toBe("2026-04-01T00:00:00Z");
  });
});

describe("an exemption", () => {
  const exempt = (until: string) => [{ credential: "pay", reason: "sunset", until }];

  test("closes, holds to the end of its day, and then the state returns in a new cycle", () => {
    const keeper = new Keeper({ credentials: [declare("pay", created)] });
    play(keeper, "pay", [["2026-04-09", [], "overdue", "overdue-7 open new"]]);
    keeper.inventory = { ...keeper.inventory, exemptions: exempt("2026-05-01") };
    play(keeper, "pay", [["2026-04-10", [], "exempt", "exempt closed new"]]);
    expect(keeper.reminder("pay").proof).toEqual({ kind: "exemption", reason: "sunset", until: "2026-05-01" });
    play(keeper, "pay", [
      ["2026-05-01T23:59:59", [], "exempt", "exempt closed"],
      ["2026-05-02", [], "overdue", "overdue-30 open new"],
    ]);
    expect(keeper.entry("pay").cycle).toBe(2);
  });

  test.each([
    ["2026-09-28", "exempt"], // 180 days ahead
    ["2026-09-29", "overdue"],
    ["2026-03-31", "overdue"],
  ])("until %s, on 1 April: %s", (until, state) => {
    const keeper = new Keeper({ credentials: [declare("pay", created)], exemptions: exempt(until) });
    keeper.run("2026-04-01");
    expect(keeper.entry("pay").state).toBe(state);
  });

  test("does not cover a leak", () => {
    const keeper = new Keeper({
      credentials: [declare("pay", { ...created, fingerprints: [fp("x")] })],
      exemptions: exempt("2026-05-01"),
    });
    play(keeper, "pay", [
      ["2026-04-01", [], "exempt", "none"],
      ["2026-04-02", [finding("x", "2026-04-02")], "leaked", "leaked open new"],
    ]);
  });
});

describe("a leak that nobody declared", () => {
  const id = "bolt-xaaaaaaa";

  test("has a week while nobody can say, a day when it works, and ends by proof", () => {
    const keeper = new Keeper();
    play(keeper, id, [
      ["2026-02-27", [finding("x", "2026-02-27")], "leaked", "leaked open new"],
      ["2026-03-05", [verification("x", "unknown", "2026-03-05")], "leaked", "leaked open"],
      ["2026-03-06", [], "leaked", "leaked-overdue-0 open new"],
    ]);
    expect(keeper.reminder(id).due).toBe("2026-03-06T00:00:00Z");
    play(keeper, id, [
      ["2026-03-07", [verification("x", "active", "2026-03-07")], "leaked", "leaked-active-overdue-7 open new"],
      ["2026-03-08", [verification("x", "unknown", "2026-03-08")], "leaked", "leaked-active-overdue-7 open"],
    ]);
    expect(keeper.reminder(id)).toMatchObject({ due: "2026-02-28T00:00:00Z", leak: true });
    play(keeper, id, [["2026-03-09", [verification("x", "inactive", "2026-03-09")], "rotated", "closed closed new"]]);
    expect(keeper.reminder(id).proof).toMatchObject({ kind: "verification", status: "inactive" });
    play(keeper, id, [
      [
        "2026-03-10",
        [finding("x", "2026-03-10", { places: [{ path: "new.ts", line: 1 }] })],
        "rotated",
        "closed closed",
      ],
      ["2027-03-10", [], "rotated", "closed closed"],
      ["2027-03-11", [verification("x", "active", "2027-03-11")], "leaked", "leaked-active open new"],
    ]);
    expect(keeper.reminder(id)).toMatchObject({ due: "2027-03-12T00:00:00Z", cycle: 3 });
  });

  test("that is dead at first sight is no reminder", () => {
    const keeper = new Keeper();
    const rows: readonly Row[] = [
      ["2026-03-01", [finding("x", "2026-03-01"), verification("x", "revoked", "2026-02-28")], "rotated", "none"],
      ["2026-03-02", [verification("x", "active", "2026-03-02")], "leaked", "leaked-active open new"],
    ];
    play(keeper, id, rows);
  });

  test("stays when its line is gone, and nobody looks", () => {
    const keeper = new Keeper();
    play(keeper, id, [["2026-03-01", [finding("x", "2026-03-01")], "leaked", "leaked open new"]]);
    for (let day = 2; day < 8; day++) play(keeper, id, [[`2026-03-0${day}`, [], "leaked", "leaked open"]]);
    expect(keeper.reminder(id).places).toEqual([{ path: "src/pay.ts", line: 3, commit: "c0ffee" }]);
  });

  test("ends by an attestation, and returns with new code or when it works", () => {
    const keeper = new Keeper();
    const elsewhere = { places: [{ path: "src/other.ts", line: 1 }] };
    play(keeper, id, [
      ["2026-03-01", [finding("x", "2026-03-01")], "leaked", "leaked open new"],
      ["2026-03-02", [attestation(id, "2026-03-02")], "rotated", "closed closed new"],
      ["2026-03-03", [finding("x", "2026-03-03")], "rotated", "closed closed"],
      ["2026-03-04", [finding("x", "2026-03-01T12:00", elsewhere)], "rotated", "closed closed"],
    ]);
    expect(keeper.reminder(id).proof).toMatchObject({ kind: "attestation", by: "Ada" });
    const further = { places: [{ path: "src/third.ts", line: 1 }] };
    play(keeper, id, [
      ["2026-03-05", [finding("x", "2026-03-05", further)], "leaked", "leaked open new"],
      ["2026-03-06", [attestation(id, "2026-03-06")], "rotated", "closed closed new"],
      ["2026-03-07", [verification("x", "unknown", "2026-03-07")], "rotated", "closed closed"],
      ["2026-03-08", [verification("x", "active", "2026-03-08")], "leaked", "leaked-active open new"],
    ]);
    expect(keeper.entry(id)).toMatchObject({ cycle: 3 });
  });

  test.each(["unknown", "skipped", "unsupported"] as const)("%s is never dead", (status) => {
    const keeper = new Keeper();
    keeper.run("2026-03-01", finding("x", "2026-03-01"), verification("x", status, "2026-03-01"));
    expect(keeper.entry(id)).toMatchObject({ state: "leaked", due: "2026-03-08T00:00:00Z" });
  });

  test("said to be dead and alive at the same moment is alive", () => {
    const keeper = new Keeper();
    const at = "2026-03-01T10:00";
    keeper.run(
      "2026-03-01T11:00",
      finding("x", at),
      verification("x", "active", at),
      verification("x", "inactive", at),
    );
    expect(keeper.entry(id).state).toBe("leaked");
  });

  test("word from before the proof does not undo it", () => {
    const keeper = new Keeper();
    play(keeper, id, [
      ["2026-03-01", [finding("x", "2026-03-01")], "leaked", "leaked open new"],
      ["2026-03-05", [verification("x", "inactive", "2026-03-05")], "rotated", "closed closed new"],
      ["2026-03-06", [verification("x", "active", "2026-03-04")], "rotated", "closed closed"],
    ]);
  });

  test("keeps its name and its thread when it is adopted under it", () => {
    const keeper = new Keeper();
    play(keeper, id, [["2026-03-01", [finding("x", "2026-03-01")], "leaked", "leaked open new"]]);
    keeper.inventory = { ...keeper.inventory, credentials: [declare(id, { fingerprints: [fp("x")], owner: "ada" })] };
    play(keeper, id, [["2026-03-02", [finding("x", "2026-03-02")], "leaked", "leaked open"]]);
    expect(keeper.reminder(id).owner).toBe("ada");
    expect(keeper.ledger.credentials).toHaveLength(1);
  });

  test("adopted under another name goes on there with its deadline, and the old thread closes", () => {
    const keeper = new Keeper();
    play(keeper, id, [["2026-03-01", [finding("x", "2026-03-01")], "leaked", "leaked open new"]]);
    keeper.inventory = { ...keeper.inventory, credentials: [declare("pay", { fingerprints: [fp("x")] })] };
    play(keeper, "pay", [["2026-03-03", [], "leaked", "leaked open new"]]);
    expect(keeper.reminder("pay").due).toBe("2026-03-08T00:00:00Z");
    expect([keeper.said(id), keeper.reminder(id).proof]).toEqual(["closed closed new", { kind: "moved", to: "pay" }]);
    keeper.run("2026-03-04", finding("x", "2026-03-04"));
    expect([keeper.said(id), keeper.said("pay")]).toEqual(["closed closed", "leaked open"]);
  });

  test("belongs to the credential whose variable holds it", () => {
    const keeper = new Keeper({ credentials: [declare("pay", created)] });
    keeper.run("2026-03-01", finding("x", "2026-03-01"), watch("PAY", "x", "2026-03-01"));
    expect(keeper.ledger.credentials.map(({ id: one, state }) => [one, state])).toEqual([["pay", "leaked"]]);
  });

  test("has a longer name where another has the short one", () => {
    const keeper = new Keeper();
    keeper.run("2026-03-01", finding("samesame2", "2026-03-01"), finding("samesame3", "2026-03-01"));
    expect(keeper.ledger.credentials.map(({ id: one }) => one)).toEqual(["bolt-samesame", "bolt-samesame3aaa"]);
  });

  test("is told of once for each of two leaks of one credential", () => {
    const credentials = [declare("pay", { ...created, fingerprints: [fp("x"), fp("y")] })];
    const keeper = new Keeper({ credentials });
    play(keeper, "pay", [
      ["2026-03-01", [finding("x", "2026-03-01")], "leaked", "leaked open new"],
      ["2026-03-02", [finding("y", "2026-03-02")], "leaked", "leaked open new"],
      // The deadline that is left is another.
      ["2026-03-03", [verification("x", "inactive", "2026-03-03")], "leaked", "leaked open new"],
      ["2026-03-04", [verification("y", "inactive", "2026-03-04")], "rotated", "closed closed new"],
    ]);
  });
});

describe("a rotation that the watch sees", () => {
  const start: readonly Row[] = [["2026-03-01", [watch("PAY", "old", "2026-03-01")], "fresh", "none"]];
  const keeperOf = (): Keeper => new Keeper({ credentials: [declare("pay", created)] });

  test("waits for the end of the old value, then is shown for a week", () => {
    const keeper = keeperOf();
    play(keeper, "pay", [
      ...start,
      ["2026-03-20", [], "due-soon", "due-14 open new"],
      ["2026-03-21", [watch("PAY", "new", "2026-03-21")], "rotating", "rotating open new"],
      ["2026-03-28", [], "rotating", "rotating-overdue-0 open new"],
      ["2026-03-29", [verification("old", "inactive", "2026-03-29")], "rotated", "closed closed new"],
      ["2026-04-04", [], "rotated", "closed closed"],
      ["2026-04-05", [], "fresh", "closed closed"],
    ]);
    expect(keeper.entry("pay")).toMatchObject({ cycle: 2, current: fp("new") });
    expect(keeper.reminder("pay")).toMatchObject({
      due: "2026-06-19T00:00:00Z",
      age: { source: "watch", confidence: "at-least", since: "2026-03-21" },
    });
  });

  test("with the old value dead already is silent", () => {
    const keeper = keeperOf();
    play(keeper, "pay", [
      ...start,
      [
        "2026-03-02",
        [verification("old", "inactive", "2026-03-02"), watch("PAY", "new", "2026-03-02")],
        "rotated",
        "none",
      ],
    ]);
  });

  test("reopens when the old value works after all", () => {
    const keeper = keeperOf();
    play(keeper, "pay", [
      ...start,
      ["2026-03-05", [watch("PAY", "new", "2026-03-05")], "rotating", "rotating open new"],
      ["2026-03-06", [attestation("pay", "2026-03-06")], "rotated", "closed closed new"],
      ["2026-03-20", [verification("old", "active", "2026-03-20")], "rotating", "rotating open new"],
    ]);
    expect(keeper.reminder("pay").due).toBe("2026-03-27T00:00:00Z");
  });

  test("of a leaked value leaves the leak open until that is dead", () => {
    const keeper = keeperOf();
    play(keeper, "pay", [
      ...start,
      ["2026-03-02", [finding("old", "2026-03-02")], "leaked", "leaked open new"],
      ["2026-03-03", [watch("PAY", "new", "2026-03-03")], "leaked", "leaked open new"],
      ["2026-03-04", [verification("old", "inactive", "2026-03-04")], "rotated", "closed closed new"],
    ]);
    expect(keeper.reminder("pay")).toMatchObject({ leak: true, due: "2026-06-01T00:00:00Z" });
  });

  test("is not made of two environments that name the same variable", () => {
    const both = ["production", "staging"].map((environment) =>
      declare(environment, { ...created, environment, keptIn: { env: "PAY" } }),
    );
    const keeper = new Keeper({ credentials: both });
    const seen = (environment: string, name: string, at: string): Observation => ({
      ...(watch("PAY", name, at) as Extract<Observation, { kind: "watch" }>),
      environment,
    });
    keeper.run("2026-01-02", seen("production", "p", "2026-01-02"), seen("staging", "s", "2026-01-02"));
    keeper.run("2026-01-03", watch("PAY", "p", "2026-01-03"), watch("PAY", "stranger", "2026-01-03"));
    expect(keeper.ledger.credentials.map((one) => [one.id, one.state, one.fingerprints.length])).toEqual([
      ["production", "fresh", 1],
      ["staging", "fresh", 1],
    ]);
  });
});

describe("a person closes without proof", () => {
  test("once is respected for a week, then reopened once, then escalated", () => {
    const keeper = new Keeper({ credentials: [declare("pay", created)] });
    const first = closedByPerson("pay", "2026-04-02");
    play(keeper, "pay", [
      ["2026-04-01", [], "overdue", "overdue-0 open new"],
      ["2026-04-03", [first], "overdue", "overdue-0 open snoozed"],
      ["2026-04-08", [first], "overdue", "overdue-0 open snoozed"],
    ]);
    expect(keeper.reminder("pay")).toMatchObject({
      snoozedUntil: "2026-04-09T00:00:00Z",
      closesHeardUntil: "2026-04-02T00:00:00Z",
    });
    play(keeper, "pay", [
      ["2026-04-09", [first], "overdue", "overdue-7-again1 open new"],
      ["2026-04-10", [first], "overdue", "overdue-7-again1 open"],
    ]);
    expect(keeper.reminder("pay").escalateTo).toBeUndefined();
    const second = closedByPerson("pay", "2026-04-10T08:00");
    play(keeper, "pay", [
      ["2026-04-11", [second], "overdue", "overdue-7-again2 open new"],
      ["2026-04-12", [first, second], "overdue", "overdue-7-again2 open"],
    ]);
    expect(keeper.reminder("pay")).toMatchObject({ escalateTo: "team-fallback", closedEarly: 2 });
    play(keeper, "pay", [
      ["2026-04-13", [closedByPerson("pay", "2026-04-12T09:00")], "overdue", "overdue-7-again3 open new"],
    ]);
    expect(keeper.reminder("pay").escalateTo).toBe("team-security");
  });

  test("what begins anew ends the week", () => {
    const keeper = new Keeper({ credentials: [declare("pay", { ...created, fingerprints: [fp("x")] })] });
    play(keeper, "pay", [
      ["2026-04-01", [], "overdue", "overdue-0 open new"],
      ["2026-04-03", [closedByPerson("pay", "2026-04-02")], "overdue", "overdue-0 open snoozed"],
      ["2026-04-04", [finding("x", "2026-04-04")], "leaked", "leaked open new"],
      ["2026-04-05", [closedByPerson("pay", "2026-04-02")], "leaked", "leaked open"],
    ]);
  });

  test("with proof in the same run is no early close", () => {
    const keeper = new Keeper();
    const id = "bolt-xaaaaaaa";
    play(keeper, id, [
      ["2026-04-01", [finding("x", "2026-04-01")], "leaked", "leaked open new"],
      [
        "2026-04-02",
        [closedByPerson(id, "2026-04-02"), verification("x", "revoked", "2026-04-02")],
        "rotated",
        "closed closed new",
      ],
    ]);
    expect(keeper.entry(id).closedEarly).toBeUndefined();
  });

  test.each(["2099-01-01", "not a date"])("at %s by the channel's clock is no snooze without end", (at) => {
    const keeper = new Keeper({ credentials: [declare("pay", created)] });
    keeper.run("2026-04-01");
    const close: Observation = {
      kind: "closed-by-person",
      credential: "pay",
      at: at === "2099-01-01" ? `${at}T00:00:00Z` : at,
    };
    keeper.run("2026-04-02", close);
    keeper.run("2026-04-09", close);
    expect(keeper.said("pay")).toMatch(/^overdue-7.* open new$/);
  });
});

describe("clocks", () => {
  test("an observation from the future counts as now", () => {
    const keeper = new Keeper();
    keeper.run("2026-03-01", finding("x", "2027-01-01"));
    expect(keeper.entry("bolt-xaaaaaaa")).toMatchObject({ due: "2026-03-08T00:00:00Z", since: "2026-03-01T00:00:00Z" });
  });

  test("on a clock that was set back, life after the proof is still life after the proof", () => {
    const keeper = new Keeper();
    play(keeper, "bolt-xaaaaaaa", [
      ["2026-03-01", [finding("x", "2026-03-01")], "leaked", "leaked open new"],
      ["2026-03-05", [verification("x", "inactive", "2026-03-05")], "rotated", "closed closed new"],
      ["2026-03-02", [verification("x", "active", "2026-03-02")], "leaked", "leaked-active open new"],
    ]);
    expect(keeper.reminder("bolt-xaaaaaaa").due).toBe("2026-03-06T00:00:00Z");
  });

  test("dates that are none harm nothing", () => {
    const keeper = new Keeper();
    const broken = { firstCommitAt: "+275760-09-13T00:00:00.000Z", at: "yesterday" };
    keeper.run("2026-03-01", finding("x", "2026-03-01", broken));
    expect(keeper.entry("bolt-xaaaaaaa").fingerprints[0]).toMatchObject({ firstSeen: "2026-03-01T00:00:00Z" });
  });
});

describe("an entry that people take out of the inventory", () => {
  test("is followed until somebody attests its end", () => {
    const keeper = new Keeper({ credentials: [declare("pay", created)] });
    play(keeper, "pay", [["2026-04-01", [], "overdue", "overdue-0 open new"]]);
    keeper.inventory = { ...keeper.inventory, credentials: [] };
    play(keeper, "pay", [
      ["2026-04-08", [], "overdue", "overdue-7 open new"],
      ["2026-04-09", [attestation("pay", "2026-04-09")], "rotated", "closed closed new"],
      ["2027-04-09", [], "rotated", "closed closed"],
    ]);
  });

  test("of which nobody was told and nothing is known is forgotten", () => {
    const keeper = new Keeper({ credentials: [declare("pay", created)] });
    keeper.run("2026-01-02");
    keeper.inventory = { ...keeper.inventory, credentials: [] };
    keeper.run("2026-01-03");
    expect(keeper.ledger.credentials).toEqual([]);
  });
});

test("the ledger remembers where an issue is, and forgets nothing of what it does not understand", () => {
  const keeper = new Keeper({ credentials: [declare("pay", created)] });
  const filed: Observation = {
    kind: "filed",
    credential: "pay",
    repository: "o/r",
    number: 7,
    at: "2026-04-01T00:00:00Z",
  };
  keeper.run("2026-04-01", filed, attestation("nobody", "2026-04-01"));
  keeper.run("2026-04-02");
  expect(keeper.reminder("pay").issue).toEqual({ repository: "o/r", number: 7 });
  expect(keeper.ledger.key).toBe("0badc0de");
});
