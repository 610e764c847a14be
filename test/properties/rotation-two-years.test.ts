// Two years of rotation, day by day, with everything that goes wrong: what is open is what an oracle says must be open.

import process from "node:process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays, hourMs, instantOf, later } from "../../src/base/days.ts";
import type { Inventory, Ledger, Observation } from "../../src/model/rotation.ts";
import { decide, type Decision } from "../../src/rotation/decide.ts";
import { parseLedger, serialiseLedger } from "../../src/rotation/ledger.ts";
import { type Declared, Story } from "../helpers/rotation-oracle.ts";
import { plans, type Plan, type Weather } from "../helpers/rotation-plan.ts";
import { emptyLedger, rotationRules } from "../helpers/rotation-rig.ts";
import { Died, Sink } from "../helpers/rotation-sink.ts";
import { inventoryOf, TrueCredential } from "../helpers/rotation-world.ts";

/** A year whose second one has a leap day. */
const firstDay = "2027-01-15";

/** One of how many: runs that are checked dearly, credentials that are checked in each run, runs that are audits, days with commands. */
interface Thoroughness {
  readonly everyRuns: number;
  readonly shares: number;
  readonly audits: number;
  readonly commands: number;
}

class Simulation {
  readonly counts = { runs: 0, transitions: 0, closed: 0, snoozed: 0, died: 0, checked: 0 };
  readonly sink: Sink;
  readonly #credentials: readonly TrueCredential[];
  readonly #stories: ReadonlyMap<string, Story>;
  readonly #plan: Plan;
  readonly #thorough: Thoroughness;
  #ledger: Ledger = emptyLedger;
  #inventory: Inventory = inventoryOf([], firstDay);

  constructor(plan: Plan, thorough: Thoroughness) {
    this.#plan = plan;
    this.#thorough = thorough;
    this.#credentials = plan.credentials.map(({ kind }, index) => new TrueCredential(index, kind));
    this.#stories = new Map(this.#credentials.map(({ id }) => [id, new Story()]));
    this.sink = new Sink(({ credential, step }, proof) => {
      this.counts.closed++;
      const isProven = this.#stories.get(credential)?.proves(proof, this.#declared(credential), this.#now());
      expect([credential, step, proof, isProven], "closed with proof").toEqual([credential, step, proof, true]);
    });
  }

  live(): void {
    let today = firstDay;
    const next = this.#credentials.map(() => 0);
    for (const weather of this.#plan.days) {
      for (const [index, one] of this.#credentials.entries()) {
        const { happenings } = this.#plan.credentials[index]!;
        for (; happenings[next[index]!]?.day === this.#dayNumber(today); next[index]!++) {
          const happening = happenings[next[index]!]!;
          if (happening.what === "close") this.sink.closeByPerson(one.id, `${today}T05:00:00Z`);
          else one.happen(happening, today);
        }
      }
      this.#inventory = inventoryOf(this.#credentials, firstDay);
      this.#commands(today, weather);
      this.#run(today, weather);
      today = addDays(today, 1);
    }
  }

  #dayNumber(today: string): number {
    return (Date.parse(today) - Date.parse(firstDay)) / (24 * hourMs);
  }

  #now(): string {
    return this.#ledger.seenAt ?? "";
  }

  #declared(id: string): Declared {
    const declared = this.#inventory.credentials.find((one) => one.id === id);
    const dates = [declared?.created, declared?.rotated].filter((date) => date !== undefined);
    const exemptUntil = this.#inventory.exemptions.find(({ credential }) => credential === id)?.until;
    return { isDeclared: declared !== undefined, dates, exemptUntil };
  }

  /** What people do by hand: it tells no channel, and is done again if it died before it was written. */
  #commands(today: string, { what }: Weather): void {
    const at = `${today}T05:30:00Z`;
    const busy = this.#credentials.filter(({ pending }) => pending.size > 0);
    if (busy.length === 0 || this.#dayNumber(today) % this.#thorough.commands !== 0) return;
    const observations = busy.flatMap((one): readonly Observation[] => [
      ...(one.pending.has("check") ? one.check(later(at, -10_000)) : []),
      ...(one.pending.has("attest")
        ? [{ kind: "attestation", credential: one.id, by: "Ada", reason: "deleted", at } as const]
        : []),
    ]);
    const decision = this.#decide(observations, at);
    if (what === "dies-deciding") return;
    this.#write(decision, observations, at);
    for (const { pending } of busy) pending.clear();
  }

  #run(today: string, { what, much }: Weather): void {
    if (what === "skip") return;
    const at = what === "clock-back" ? later(`${today}T06:00:00Z`, -much * hourMs) : `${today}T06:00:00Z`;
    const observations = this.#observe(at, much);
    const first = this.#decide(observations, at);
    if (what === "dies-deciding") return;
    this.#write(first, observations, at);
    if (what === "dies-written") return;
    if (what === "two") return this.#overlap(first, later(at, 60_000), much);
    if (what === "dies-telling") return this.#die(first, at, much % 6);
    const told = this.sink.deliver(first.actions, at);
    this.#check(at);
    if (what === "dies-told" || told.length === 0) return;
    this.#write(this.#decide(told, at), told, at);
  }

  /** The channels of two runs at once: the later decision is told first, and then the older one. */
  #overlap(first: Decision, at: string, much: number): void {
    const observations = this.#observe(at, much + 1);
    const second = this.#decide(observations, at);
    this.#write(second, observations, at);
    const told = [...this.sink.deliver(second.actions, at), ...this.sink.deliver(first.actions, at)];
    this.#write(this.#decide(told, at), told, at);
  }

  #die({ actions }: Decision, at: string, writes: number): void {
    try {
      this.sink.deliver(actions, at, writes);
    } catch (error) {
      if (!(error instanceof Died)) throw error;
      this.counts.died++;
    }
  }

  /** The variables, and in one run of so many all the code. */
  #observe(at: string, much: number): readonly Observation[] {
    const watched = this.#credentials.flatMap((one) => one.watch(later(at, -30_000)));
    if (much % this.#thorough.audits !== 0) return watched;
    const times = { scan: later(at, -20_000), verify: later(at, -10_000) };
    return [...watched, ...this.#credentials.flatMap((one) => one.audit(times))];
  }

  #decide(observations: readonly Observation[], at: string): Decision {
    const input = { inventory: this.#inventory, observations, rules: rotationRules, now: new Date(at) };
    const decision = decide({ ...input, ledger: this.#ledger });
    this.counts.transitions += decision.actions.filter(({ transition }) => transition).length;
    if (this.counts.runs++ % this.#thorough.everyRuns !== 0) return decision;
    const again = decide({ ...input, observations: observations.toReversed(), ledger: decision.ledger });
    expect(serialiseLedger(again.ledger), "twice is once").toBe(serialiseLedger(decision.ledger));
    expect(again.actions.some(({ transition }) => transition)).toBe(false);
    return decision;
  }

  #write({ ledger }: Decision, observations: readonly Observation[], at: string): void {
    const isDear = this.counts.runs % this.#thorough.everyRuns === 0;
    const behind = Date.parse(ledger.seenAt!) - Date.parse(at);
    this.#ledger = isDear ? parseLedger(serialiseLedger(ledger), { key: ledger.key }) : ledger;
    for (const one of observations) {
      const id = this.#subjectOf(one);
      const heard = behind > hourMs ? { ...one, at: instantOf(Date.parse(one.at) + behind) } : one;
      if (id !== undefined) this.#stories.get(id)!.hear(heard);
    }
  }

  #subjectOf(one: Observation): string | undefined {
    if (one.kind === "attestation") return one.credential;
    if (one.kind !== "finding" && one.kind !== "verification" && one.kind !== "watch") return undefined;
    const name = one.fingerprint.slice("kf1:".length, "kf1:".length + 4);
    return this.#byName.get(name);
  }

  get #byName(): ReadonlyMap<string, string> {
    this.#names ??= new Map(this.#credentials.map(({ id, value }) => [value.name.slice(0, 4), id]));
    return this.#names;
  }
  #names: ReadonlyMap<string, string> | undefined;

  /** After a run that told everything: what must be open is open, what must not be is closed, and each step was told. */
  #check(at: string): void {
    const now = this.#now();
    const { shares } = this.#thorough;
    for (const [index, { id }] of this.#credentials.entries()) {
      if (index % shares !== this.counts.runs % shares) continue;
      const expected = this.#stories.get(id)!.expect(this.#declared(id), now);
      const open = this.sink.issues.filter(({ credential, open: isOpen }) => credential === id && isOpen).length;
      if (open === (expected.open ? 1 : 0) && !expected.open) continue;
      const issue = this.sink.issueOf(id);
      const closed = issue?.closedByPersonAt;
      // A person's word holds for a week, not longer.
      if (expected.open && closed !== undefined && now < later(closed, 7 * 24 * hourMs)) {
        this.counts.snoozed++;
        continue;
      }
      const told = issue?.told
        .at(-1)
        ?.replace(/^\d+\//, "")
        .replace(/-again\d+$/, "");
      const step = expected.step ?? told;
      expect({ id, at, open, told }).toEqual({ id, at, open: expected.open ? 1 : 0, told: step });
      this.counts.checked++;
    }
  }
}

/** Lives through a plan and tells how much of what happened. */
function simulate(plan: Plan, thorough: Thoroughness): Readonly<Record<string, number>> {
  const simulation = new Simulation(plan, thorough);
  simulation.live();
  return { ...simulation.counts, filed: simulation.sink.issues.length, reopened: simulation.sink.reopened };
}

describe("what must be open is open, once, and closes with proof", () => {
  test("for a few credentials to which much happens, with every check in every run", { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(plans(5, 60, 20), (plan) => {
        simulate(plan, { everyRuns: 1, shares: 1, audits: 1, commands: 1 });
      }),
      { numRuns: Number(process.env["KEYWARDEN_TEST_RUNS"] ?? 40) },
    );
  });

  test("for 500 credentials over two years", { timeout: 600_000 }, () => {
    const [plan] = fc.sample(plans(500, 731, 24), { numRuns: 1, seed: 5 }) as [Plan];
    const counts = simulate(plan, { everyRuns: 40, shares: 14, audits: 5, commands: 3 });
    // What never happened was not tested.
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(50);
  });
});
