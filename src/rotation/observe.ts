// What the ledger knows of a credential and what a run observed of it in, what is known of it now out.

import type { Instant, KnownFingerprint, LedgerCredential, Observation } from "../model/rotation.ts";
import { isDead } from "../model/verification.ts";
import { dateOf, sight } from "./sight.ts";
import { currentOf, lastLifeOf, lastWatched, type Values } from "./values.ts";

type Attestation = NonNullable<LedgerCredential["attestation"]>;
type Seen<Kind extends Observation["kind"]> = Extract<Observation, { kind: Kind }>;

/** What is known of one credential, apart from what people declare. */
export interface Knowledge {
  readonly values: Values;
  readonly attestation?: Attestation | undefined;
  readonly rotatedAt?: Instant | undefined;
  readonly storedAt?: Instant | undefined;
  readonly issue?: LedgerCredential["issue"] | undefined;
  /** When people closed its reminder, as far as this run heard; in the channel's words. */
  readonly closes: readonly Instant[];
}

interface Draft {
  values: Map<string, KnownFingerprint>;
  attestation: Attestation | undefined;
  rotatedAt: Instant | undefined;
  storedAt: Instant | undefined;
  issue: LedgerCredential["issue"];
  readonly closes: Instant[];
  readonly declared: boolean;
}

/** A proven or attested end that something newer contradicts: it is back, and in code its deadline begins anew. */
function revive(value: KnownFingerprint, at: Instant): KnownFingerprint {
  const { evidence: _, ...rest } = value;
  return { ...rest, state: "unproven", ...(value.leakedAt === undefined ? {} : { leakedAt: at }) };
}

function endByAttestation(value: KnownFingerprint, attestation: Attestation): KnownFingerprint {
  return { ...value, state: "dead", evidence: { kind: "attestation", ...attestation } };
}

/** Only an attested end can be contradicted by a sight: what a provider said is dead opens no door, wherever it stands. */
function isAttestedBefore({ state, evidence }: KnownFingerprint, at: Instant): boolean {
  return state === "dead" && evidence?.kind === "attestation" && evidence.at < at;
}

function watch(draft: Draft, { fingerprint, at }: Seen<"watch">): void {
  const before = lastWatched(draft.values);
  const { attestation } = draft;
  const replaces = before !== undefined && before.fingerprint !== fingerprint && at > (before.watchedUntil ?? "");
  if (replaces && before.state !== "dead" && attestation !== undefined && attestation.at >= lastLifeOf(before))
    // The owner said that it was rotated before any run could see the new value.
    draft.values.set(before.fingerprint, endByAttestation(before, attestation));
  const known = sight(draft.values.get(fingerprint), fingerprint, at);
  const { watchedFrom = at, watchedUntil = at } = known;
  const back = isAttestedBefore(known, at) && at > (known.watchedUntil ?? "");
  draft.values.set(fingerprint, {
    ...(back ? revive(known, at) : known),
    watchedFrom: at < watchedFrom ? at : watchedFrom,
    watchedUntil: at > watchedUntil ? at : watchedUntil,
  });
}

function find(draft: Draft, finding: Seen<"finding">): void {
  const { fingerprint, at } = finding;
  const before = draft.values.get(fingerprint);
  const known = sight(before, fingerprint, at, finding);
  const paths = new Set(before?.places?.map(({ path }) => path));
  const returns = isAttestedBefore(known, at) && finding.places.some(({ path }) => !paths.has(path));
  const value = returns ? revive(known, at) : known;
  draft.values.set(fingerprint, { ...value, leakedAt: returns ? at : (value.leakedAt ?? at) });
}

function verify(draft: Draft, said: Seen<"verification">): void {
  const { fingerprint, status, row, at, createdAt, issuedAt } = said;
  const known = sight(draft.values.get(fingerprint), fingerprint, at, { createdAt, issuedAt });
  const evidence = { kind: "verification", status, ...(row === undefined ? {} : { row }), at } as const;
  const heard = known.evidence?.at;
  let value = known;
  if (status === "active" && (heard === undefined || at >= heard))
    value = { ...(known.state === "dead" ? revive(known, at) : known), state: "live", evidence };
  // The first proof stays: it is when the end was known.
  const isSettled = known.state === "dead" && known.evidence?.kind === "verification";
  if (isDead({ status }) && !isSettled && (heard === undefined || at > heard))
    value = { ...known, state: "dead", evidence };
  draft.values.set(fingerprint, value);
}

function attest(draft: Draft, { by, reason, at }: Seen<"attestation">): void {
  if (draft.attestation !== undefined && at <= draft.attestation.at) return;
  const attestation = { by, reason, at };
  draft.attestation = attestation;
  const current = currentOf(draft.values);
  const meant = [...draft.values.values()].filter((value) => {
    const isOld = value.leakedAt !== undefined || (value.watchedUntil !== undefined && value !== current);
    return value.state !== "dead" && (isOld || !draft.declared) && lastLifeOf(value) <= at && value.firstSeen <= at;
  });
  for (const value of meant) draft.values.set(value.fingerprint, endByAttestation(value, attestation));
  if (meant.length === 0) draft.rotatedAt = at;
}

function apply(draft: Draft, one: Observation): void {
  switch (one.kind) {
    case "watch":
      return watch(draft, one);
    case "finding":
      return find(draft, one);
    case "verification":
      return verify(draft, one);
    case "attestation":
      return attest(draft, one);
    case "store": {
      const storedAt = dateOf(one.updatedAt, one.at) ?? "";
      if (storedAt > (draft.storedAt ?? "")) draft.storedAt = storedAt;
      return;
    }
    case "filed":
      draft.issue = { repository: one.repository, number: one.number };
      return;
    case "closed-by-person":
      draft.closes.push(one.at);
      return;
  }
}

/**
 * Applies observations, which are in order (`assign`), to what was known. Applying them again changes nothing: a word
 * that is not newer than the one it would contradict is not heard.
 */
export function observe(
  before: Pick<LedgerCredential, "attestation" | "rotatedAt" | "storedAt" | "issue"> | undefined,
  values: Values,
  observations: readonly Observation[],
  declared: boolean,
): Knowledge {
  const draft: Draft = {
    values: new Map(values),
    attestation: before?.attestation,
    rotatedAt: before?.rotatedAt,
    storedAt: before?.storedAt,
    issue: before?.issue,
    closes: [],
    declared,
  };
  for (const one of observations) apply(draft, one);
  return draft;
}
