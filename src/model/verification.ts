// The vocabulary of verification's results: what a provider, or the credential itself, says of a secret.

import type { Fact } from "./match.ts";

/** What came of it. */
export const verificationStatuses = ["active", "inactive", "revoked", "unknown", "skipped", "unsupported"] as const;
export type VerificationStatus = (typeof verificationStatuses)[number];

/** Why, for each status; a closed list. */
export const verificationReasons = {
  /** A row of the provider's table. */
  active: ["answer"],
  /** `expired`: the credential says so itself, and nothing was sent. */
  inactive: ["answer", "expired"],
  revoked: ["answer"],
  unknown: [
    "answer", // a row that settles nothing
    "no-row", // no row fits
    "redirected",
    "server-error",
    "bad-answer", // no HTTP, or headers without end
    "rate-limited",
    "locked-out",
    "control-failed",
    "ambiguous-pair",
    "timeout",
    "dns",
    "address-refused", // the name stands for an address that is not public
    "connection",
    "tls",
    "proxy",
    "host-paused", // two failures, or a rate limit, earlier in this run
    "interrupted",
  ],
  skipped: [
    "ambiguous-provider",
    "pair-missing",
    "host-missing",
    "canary", // asking would only alert its owner
    "malformed", // it does not have the form that the recipe needs
    "budget",
    "suppressed",
    "not-chosen", // the settings name other providers
    "untrusted", // a rule of the user's that has not been trusted
    "value-gone", // its content could not be read again
    "fork", // a run for a pull request from elsewhere
  ],
  unsupported: ["no-recipe"],
} as const satisfies Readonly<Record<VerificationStatus, readonly string[]>>;
/** One of them. */
export type VerificationReason = (typeof verificationReasons)[VerificationStatus][number];

/** One answer to one question: does this credential still open the door? */
export interface Verification {
  readonly fingerprint: string;
  readonly status: VerificationStatus;
  readonly reason: VerificationReason;
  /** The row of the provider's table that says so. */
  readonly row?: string;
  /** ISO 8601, UTC. */
  readonly checkedAt: string;
  /** When the verdict dies. */
  readonly until?: string;
  /** What the answer, or the credential itself, revealed. */
  readonly facts: readonly Fact[];
}

/** Nobody could say, although someone should have: what `--require-verify` fails a run for. */
export function isUnavailable({ status, reason }: Pick<Verification, "status" | "reason">): boolean {
  if (status === "unknown") return true;
  return status === "skipped" && (reason === "budget" || reason === "fork" || reason === "value-gone");
}

/** Proven to work. */
export function isActive(verification: Pick<Verification, "status"> | undefined): boolean {
  return verification?.status === "active";
}

/** Proven dead: only a positive answer is proof. */
export function isDead(verification: Pick<Verification, "status"> | undefined): boolean {
  return verification?.status === "inactive" || verification?.status === "revoked";
}
