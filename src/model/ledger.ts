// The vocabulary of what is remembered: each credential, its values by fingerprint, and what proves that one is dead.

import type { Age, Day, Instant, RotationState } from "./inventory.ts";
import type { Severity } from "./rule.ts";
import type { VerificationStatus } from "./verification.ts";

/** Why a fingerprint counts as dead, or alive. */
export type Evidence =
  | {
      readonly kind: "verification";
      readonly status: VerificationStatus;
      /** The row of the provider's table. */
      readonly row?: string;
      readonly at: Instant;
    }
  | { readonly kind: "attestation"; readonly by: string; readonly reason: string; readonly at: Instant };

/** Why a reminder is closed: its old values are dead, people exempted it, or nothing is due any more. */
export type Proof =
  | Evidence
  | { readonly kind: "exemption"; readonly reason: string; readonly until: Day }
  /** A newer value is known by its age, or its policy changed; `due` is the next time. */
  | { readonly kind: "not-due"; readonly age: Age; readonly due?: Instant }
  /** The inventory lists its fingerprint under another id, whose reminder goes on. */
  | { readonly kind: "moved"; readonly to: string };

/** A place that may be named where leaks may be told. */
export interface LeakPlace {
  readonly path: string;
  readonly line: number;
  readonly commit?: string;
}

/** How many places of a leaked value the ledger remembers. */
export const maxKnownPlaces = 100;

/** One value of a credential, by its keyed fingerprint. */
export interface KnownFingerprint {
  readonly fingerprint: string;
  readonly firstSeen: Instant;
  readonly lastSeen: Instant;
  /** `live`: proven to work; `unproven`: nobody could say; `dead`: proven by `evidence`. */
  readonly state: "live" | "unproven" | "dead";
  /** The newest word on its life that settled something; absent while `unproven`. */
  readonly evidence?: Evidence;
  /** Since when it is known to stand in code, or to be back; absent for values only seen in the environment. */
  readonly leakedAt?: Instant;
  /** Where it stands in code: sorted, each path once or more, at most `maxKnownPlaces`. */
  readonly places?: readonly LeakPlace[];
  /** `Name <mail>` of who brought it in. */
  readonly author?: string;
  /** The first and last time that it was the value of a watched environment variable. */
  readonly watchedFrom?: Instant;
  readonly watchedUntil?: Instant;
  /** The provider's word on when it was made. */
  readonly createdAt?: Instant;
  /** The token's own claim. */
  readonly issuedAt?: Instant;
  /** The earliest commit known to hold it. */
  readonly firstCommitAt?: Instant;
  /** True while only histories without a beginning were seen. */
  readonly mayBeOlder?: boolean;
}

/** What the ledger remembers of one credential. */
export interface LedgerCredential {
  readonly id: string;
  readonly provider: string;
  readonly rule?: string;
  readonly severity?: Severity;
  /** False for one that was only found. */
  readonly declared: boolean;
  readonly state: RotationState;
  /** When that state began. */
  readonly since: Instant;
  /** Counts what began anew: a rotation, a leak, a reappearance, a deadline, a reminder after a closed one. From 1. */
  readonly cycle: number;
  /** When this cycle began. */
  readonly begun: Instant;
  readonly due?: Instant;
  readonly age: Age;
  /** The value in use, where it is known. */
  readonly current?: string;
  /** Sorted by first sight, then by name. */
  readonly fingerprints: readonly KnownFingerprint[];
  /** The newest step that was handed to the channels, in any cycle; absent if nobody was ever reminded. */
  readonly step?: string;
  /** When a person last closed the reminder without proof in this cycle. */
  readonly closedAt?: Instant;
  /** That is respected until this moment. */
  readonly snoozedUntil?: Instant;
  /** How often people closed it without proof in this cycle. */
  readonly closedEarly?: number;
  /** Where its GitHub issue is; a hint, never the only way to find it. */
  readonly issue?: { readonly repository: string; readonly number: number };
  /** The latest word of a person. */
  readonly attestation?: { readonly by: string; readonly reason: string; readonly at: Instant };
  /** When a person attested a rotation while no old value was known that it could be about. */
  readonly rotatedAt?: Instant;
  /** When the store of its CI secret was last written, in the store's words. */
  readonly storedAt?: Instant;
  /** The declared credential that took over its fingerprints. */
  readonly movedTo?: string;
}

/** `.keywarden/ledger.json`: sorted by id; no secret and no unsalted hash. */
export interface Ledger {
  readonly version: 1;
  /** Id of the key that its fingerprints are made with. */
  readonly key: string;
  /** The latest moment that any run saw; a clock that jumped back does not undo it. */
  readonly seenAt?: Instant;
  readonly credentials: readonly LedgerCredential[];
}
