// What is settled without asking anybody: expired by its own payload, a trap; and what is not.

import { expect, test } from "vitest";
import type { Finding } from "../../../src/model/finding.ts";
import type { Fact } from "../../../src/model/match.ts";
import { Secret } from "../../../src/model/secret.ts";
import type { Subject } from "../../../src/model/subject.ts";
import { builtInRules } from "../../../src/pipeline/scan-setup.ts";
import { factsOf, settleOffline } from "../../../src/verify/offline.ts";

function given(id: string, facts: readonly Fact[] = [], pairs: readonly string[] = []): [Finding, readonly Subject[]] {
  const rule = builtInRules().rules.find((one) => one.id === id);
  if (rule === undefined) throw new Error(`no rule ${id}`);
  const secret = new Secret("", "");
  const { provider, severity, confidence } = rule;
  return [
    { fingerprint: "kf1:a", rule: id, provider, severity, confidence, secret, facts, occurrences: [] },
    [{ fingerprint: "kf1:a", rule, secret, pairs }],
  ];
}

const expired = { name: "expired", value: "2020-01-01" };
// The first trap account, and an account of nobody's: bits made by hand.
const canaryKey = ["AKIA", "SP2TPHJS", "QH3FJRUX"].join("");
const plainKey = ["AKIA", "SP2TPHJT", "QH3FJRUX"].join("");

test.each([
  ["jwt.signed-token", [expired], [], "inactive expired"],
  ["ozura-vault.dashboard-token", [expired], [], "inactive expired"],
  ["ogarni-ai.api-token", [expired, { name: "scope", value: "read" }], [], "inactive expired"],
  ["github.installation-jwt", [expired], [], "inactive expired"],
  ["jwt.signed-token", [{ name: "expires", value: "2099-01-01" }], [], undefined],
  // A rule that reads no dates: whoever named the fact so, it was no payload.
  ["stripe.secret-key", [expired], [], undefined],
  ["aws.key-pair", [], [canaryKey], "skipped canary"],
  ["aws.key-pair", [], [plainKey, canaryKey], "skipped canary"],
  ["aws.key-pair", [], [plainKey], undefined],
  ["aws.key-pair", [], [], undefined],
] as const)("%s with %j and %j", (id, facts, pairs, want) => {
  const settled = settleOffline(...given(id, facts, pairs));
  expect(settled && `${settled.status} ${settled.reason}`).toBe(want);
});

test("the account of a key id is told", () => {
  const [, subjects] = given("aws.key-pair", [], [canaryKey]);
  expect(factsOf(subjects)).toEqual([{ name: "account", value: "171436882533" }]);
  expect(factsOf(given("ozzie.client-secret", [], ["ozz_client_a"])[1])).toEqual([]);
});
