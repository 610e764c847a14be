// Findings and their values in, what their providers say out; the one step that every corridor calls.

import { loadRegexEngine } from "../base/regex/engine.ts";
import type { EntryStore } from "../base/entry-store.ts";
import { ownVersion } from "../base/version.ts";
import type { Finding } from "../model/finding.ts";
import type { Rule } from "../model/rule.ts";
import { Secret } from "../model/secret.ts";
import type { Subject } from "../model/subject.ts";
import type { Verification, VerificationReason } from "../model/verification.ts";
import type { Judged } from "../policy/judge.ts";
import { controlValues } from "../rules/control.ts";
import { askProviders } from "../verify/ask.ts";
import { VerificationCache } from "../verify/cache.ts";
import { Client } from "../verify/client.ts";
import { describePlan } from "../verify/describe.ts";
import { isLoopbackHost } from "../verify/endpoint.ts";
import { Pace, usualPace } from "../verify/pace.ts";
import { planVerification } from "../verify/plan.ts";
import type { Plan } from "../verify/plan.ts";

/** How a run verifies; see open-verification.ts. */
export interface VerificationUse {
  /** Providers that may be asked; absent: all. */
  readonly providers?: readonly string[] | undefined;
  readonly budget: number;
  readonly endpoints: ReadonlyMap<string, URL>;
  readonly proxy?: URL | undefined;
  /** Where verdicts are remembered; absent: nowhere. */
  readonly store?: EntryStore | undefined;
  readonly isTrusted: (rule: Rule) => boolean;
  /** The whole run is refused (a pull request from a fork). */
  readonly refused: boolean;
  /** Only plan: nothing is sent. */
  readonly planOnly: boolean;
  /** Told of the plan before anything is sent. */
  readonly onPlan: (words: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Who asks, in every request. */
function userAgent(): string {
  return `keywarden/${ownVersion()} (secret scanner; asks once whether a leaked key still works)`;
}

/** Waits; an abort ends the wait. */
function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const end = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      done();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener("abort", end, { once: true });
  });
}

async function carryOut(plan: Plan, use: VerificationUse, cache: VerificationCache): Promise<readonly Verification[]> {
  const client = new Client({
    userAgent: userAgent(),
    proxy: use.proxy,
    endpoints: new Set([...use.endpoints.values()].map((url) => url.origin)),
  });
  const pace = new Pace({
    ...usualPace,
    // Nobody has to be spared on one's own machine.
    intervalOf: (origin) => (isLoopbackHost(new URL(origin).hostname) ? 0 : usualPace.intervalMs),
    now: Date.now,
    sleep,
  });
  try {
    return await askProviders(plan, { sender: client, pace, cache, now: Date.now, signal: use.signal });
  } finally {
    await client.close();
  }
}

/**
 * Asks about findings, in their order. `subjects` holds their values; a finding without one is skipped. `key` is the id
 * of the key of their fingerprints. Every finding gets one verification; with `planOnly` none does.
 */
export async function verifyFindings(
  findings: readonly Finding[],
  subjects: ReadonlyMap<string, readonly Subject[]>,
  key: string,
  use: VerificationUse,
): Promise<readonly Verification[]> {
  if (use.refused) return findings.map((finding) => skipped(finding, "fork"));
  const cache = new VerificationCache(use.store, Date.now);
  const plan = planVerification(
    findings,
    subjects,
    {
      providers: use.providers,
      budget: use.budget,
      isTrusted: use.isTrusted,
      endpoints: use.endpoints,
      controlOf: (rule, control) => {
        const { secret, pair } = controlValues(rule.id, control);
        return { secret: new Secret(secret, "control"), ...(pair === undefined ? {} : { pair }) };
      },
      key,
      engine: loadRegexEngine(),
      now: Date.now(),
    },
    cache,
  );
  use.onPlan(describePlan(plan, { sending: !use.planOnly, isControlled: (name) => cache.controlPassed(name) }));
  return use.planOnly ? [] : carryOut(plan, use, cache);
}

function skipped(finding: Finding, reason: VerificationReason): Verification {
  const checkedAt = new Date().toISOString();
  return { fingerprint: finding.fingerprint, status: "skipped", reason, checkedAt, facts: [] };
}

type Verifications = ReadonlyMap<string, Verification>;

/** How findings are judged: by what providers said of them, and with or without the lists of what was known once. */
export type Judge = (verifications: Verifications, lists: boolean) => Judged;

/** Where the values of findings come from: a scan reads its contents again, an audit its objects. */
export interface Values {
  /** Id of the key that the fingerprints are made with. */
  readonly key: string;
  read(wanted: ReadonlySet<string>): Promise<ReadonlyMap<string, readonly Subject[]>>;
}

/**
 * Judges, after asking the providers. What a comment or an entry allows on purpose is not asked about; what only a
 * baseline or another scanner's list knows is, since what works breaks through those.
 */
export async function judgeVerified(judge: Judge, values: Values, use: VerificationUse): Promise<Judged> {
  const { verdicts } = judge(new Map(), false);
  const open = verdicts.filter((verdict) => verdict.decision !== "allow").map(({ finding }) => finding);
  const allowed = verdicts.filter((verdict) => verdict.decision === "allow").map(({ finding }) => finding);
  const subjects = await values.read(new Set(open.map(({ fingerprint }) => fingerprint)));
  const verifications = [
    ...(await verifyFindings(open, subjects, values.key, use)),
    ...allowed.map((finding) => skipped(finding, "suppressed")),
  ];
  return judge(new Map(verifications.map((verification) => [verification.fingerprint, verification])), true);
}
