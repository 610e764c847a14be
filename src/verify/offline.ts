// A finding in, what can be said of it without asking anybody out: expired by its own payload, or a trap.

import type { Finding } from "../model/finding.ts";
import type { Fact } from "../model/match.ts";
import type { Subject } from "../model/subject.ts";
import { awsAccountOf, isCanaryAccount } from "../base/aws-account.ts";

/** What is settled without a request. */
export type OfflineVerdict =
  | { readonly status: "inactive"; readonly reason: "expired"; readonly facts: readonly Fact[] }
  | { readonly status: "skipped"; readonly reason: "canary"; readonly facts: readonly Fact[] };

/** Checks that read dates from a token's own payload; they name the fact `expired` where its time has passed. */
const dated: ReadonlySet<string> = new Set(["jwt", "json-payload"]);

/** What the public halves of a pair say: the AWS account of a key id. */
export function factsOf(subjects: readonly Subject[]): readonly Fact[] {
  const accounts = new Set(subjects.flatMap(({ pairs }) => pairs.flatMap((pair) => awsAccountOf(pair) ?? [])));
  return [...accounts].map((value) => ({ name: "account", value }));
}

/**
 * Settles what needs no request. The signature of an expired token cannot be checked here, but nobody takes it any
 * more, good or forged. A key of a canary account is never asked about, whatever stands beside it.
 */
export function settleOffline(finding: Finding, subjects: readonly Subject[]): OfflineVerdict | undefined {
  const facts = factsOf(subjects);
  if (facts.some(({ value }) => isCanaryAccount(value))) return { status: "skipped", reason: "canary", facts };
  const isDated = subjects.some(({ rule }) => rule.checks.some(({ name }) => dated.has(name)));
  const expired = isDated ? finding.facts.find(({ name }) => name === "expired") : undefined;
  return expired === undefined ? undefined : { status: "inactive", reason: "expired", facts: [expired] };
}
