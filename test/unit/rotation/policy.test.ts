import { describe, expect, test } from "vitest";
import type { DeclaredPolicy } from "../../../src/model/rotation.ts";
import { playbookOf } from "../../../src/rotation/playbook.ts";
import { policyOf, type PolicySubject } from "../../../src/rotation/policy.ts";
import { indexRules, ruleOf, type RotationRule } from "../../../src/rotation/rules.ts";
import { declare, finding, fp, Keeper, rotationRules } from "../../helpers/rotation-rig.ts";

const [acme, bolt] = rotationRules as [RotationRule, RotationRule];

const subject: PolicySubject = { provider: "bolt", severity: "high", paths: ["src/pay.ts", "lib/a.ts"] };

function policy(name: string, extra: Partial<DeclaredPolicy> = {}): DeclaredPolicy {
  return { name, match: {}, reason: `because ${name}`, ...extra };
}

describe("without policies", () => {
  test.each([
    ["the provider's page", acme, { everyDays: 60, saidBy: "provider" }],
    ["our default, for a rule that says nothing", bolt, { everyDays: 90, saidBy: "default" }],
    ["our default, for no rule at all", undefined, { everyDays: 90, saidBy: "default" }],
  ])("%s", (_, rule, want) => {
    expect(policyOf(subject, [], rule)).toMatchObject({
      name: "default",
      notifyDays: [14, 7, 1, 0],
      graceDays: 0,
      ...want,
    });
  });

  test("nobody but the provider is said to say it", () => {
    const ours = { ...acme, rotate: { everyDays: 30, source: "default", steps: [] } } as const;
    expect(policyOf(subject, [], ours)).toMatchObject({ everyDays: 30, saidBy: "default" });
  });
});

describe("the first policy that fits in every part", () => {
  test.each<[string, DeclaredPolicy["match"], Partial<PolicySubject>, boolean]>([
    ["nothing asked", {}, {}, true],
    ["provider", { providers: ["acme", "bolt"] }, {}, true],
    ["another provider", { providers: ["acme"] }, {}, false],
    ["severity", { severities: ["high"] }, {}, true],
    ["another severity", { severities: ["low"] }, {}, false],
    ["environment", { environments: ["production"] }, { environment: "production" }, true],
    ["no environment", { environments: ["production"] }, {}, false],
    ["one of the paths", { paths: ["lib/**"] }, {}, true],
    ["none of the paths", { paths: ["docs/**"] }, {}, false],
    ["no path at all", { paths: ["**"] }, { paths: [] }, false],
    ["all parts", { providers: ["bolt"], severities: ["high"], paths: ["src/**"] }, {}, true],
    ["all parts but one", { providers: ["bolt"], severities: ["high"], paths: ["docs/**"] }, {}, false],
  ])("%s", (_, match, extra, fits) => {
    const chosen = policyOf({ ...subject, ...extra }, [policy("one", { match }), policy("rest")], bolt);
    expect(chosen.name).toBe(fits ? "one" : "rest");
  });

  test("unless the entry names one", () => {
    const chosen = policyOf({ ...subject, policy: "two" }, [policy("one"), policy("two")], bolt);
    expect([chosen.name, chosen.reason]).toEqual(["two", "because two"]);
  });
});

describe("what a policy leaves out", () => {
  test("comes from the provider, which then says it", () => {
    const chosen = policyOf(subject, [policy("one", { graceDays: 3 })], acme);
    expect(chosen).toMatchObject({ everyDays: 60, graceDays: 3, saidBy: "provider", reason: "because one" });
  });

  test.each([
    [{ everyDays: 30 }, [14, 7, 1, 0]],
    [{ everyDays: 14 }, [7, 1, 0]], // no reminder on the day it is made
    [{ everyDays: 7 }, [1, 0]],
    [{ everyDays: 1 }, [0]],
    [{ everyDays: 30, notifyDays: [3] }, [3, 0]],
    [{ everyDays: 30, notifyDays: [1, 20, 20] }, [20, 1, 0]],
    [{ everyDays: 30, notifyDays: [40] }, [0]],
    [{ everyDays: 30, notifyDays: [] }, [0]],
  ])("%j: reminders %j days before", (extra, notifyDays) => {
    const chosen = policyOf(subject, [policy("one", extra)], acme);
    expect([chosen.notifyDays, chosen.saidBy]).toEqual([notifyDays, "inventory"]);
  });
});

describe("the rule that speaks for a credential", () => {
  const rule = (id: string, everyDays: number, source: "provider" | "default"): RotationRule => ({
    ...bolt,
    id,
    rotate: { everyDays, source, steps: [id] },
  });
  const many = [bolt, rule("bolt.b", 90, "default"), rule("bolt.c", 30, "default"), rule("bolt.d", 30, "provider")];

  test.each([
    ["bolt.b", "bolt.b"],
    [undefined, "bolt.d"],
    ["bolt.gone", "bolt.d"],
  ])("found by %s: %s", (id, want) => {
    for (const rules of [many, many.toReversed()]) expect(ruleOf(indexRules(rules), "bolt", id)?.id).toBe(want);
  });

  test("of no provider that is known is none", () => {
    expect(ruleOf(indexRules(many), "zeta", undefined)).toBeUndefined();
    const keeper = new Keeper({ credentials: [declare("z", { provider: "zeta", created: "2026-01-01" })] });
    keeper.run("2026-01-02");
    expect(keeper.reminder("z")).toMatchObject({ providerName: "zeta", severity: "medium" });
  });
});

test("the playbook is the rule's, or holds for every provider", () => {
  expect(playbookOf(acme)).toEqual({ where: "https://acme.example/keys", steps: ["Make one", "Kill one"] });
  const { where, steps } = playbookOf(bolt);
  expect([where, steps.at(0), steps.at(-1)]).toEqual([undefined, "Create a new one", "Check that the old one is dead"]);
});

test("paths of the ledger choose a policy when nobody scanned", () => {
  const policies = [policy("tests", { match: { paths: ["src/**"] }, everyDays: 10 })];
  const keeper = new Keeper({ credentials: [declare("pay", { fingerprints: [fp("x")] })], policies });
  keeper.run("2026-01-01", finding("x", "2026-01-01"));
  keeper.run("2026-01-02");
  expect(keeper.reminder("pay").policy).toMatchObject({ name: "tests", everyDays: 10, saidBy: "inventory" });
});
