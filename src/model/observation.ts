// The vocabulary of what a run sees: findings, verdicts, watched variables, stores, and what people say and do.

import type { Instant } from "./inventory.ts";
import type { LeakPlace } from "./ledger.ts";
import type { Severity } from "./rule.ts";
import type { VerificationStatus } from "./verification.ts";

/** What one run saw. `decide` takes them in any order and gives the same result. */
export type Observation =
  | {
      /** A secret stands in code. */
      readonly kind: "finding";
      readonly fingerprint: string;
      readonly provider: string;
      readonly rule: string;
      readonly severity: Severity;
      readonly places: readonly LeakPlace[];
      /** `Name <mail>` of who brought it in. */
      readonly author?: string;
      /** The earlier of the introducing commit's author and committer dates. */
      readonly firstCommitAt?: Instant;
      /** History ends before its beginning: its age is unknown, not young. */
      readonly mayBeOlder: boolean;
      readonly at: Instant;
    }
  | {
      /** A provider, or the credential itself, said something of a fingerprint. */
      readonly kind: "verification";
      readonly fingerprint: string;
      readonly status: VerificationStatus;
      readonly row?: string;
      /** The provider's word on when it was made. */
      readonly createdAt?: Instant;
      /** The token's own claim. */
      readonly issuedAt?: Instant;
      readonly at: Instant;
    }
  | {
      /** The value of a named environment variable. */
      readonly kind: "watch";
      readonly env: string;
      /** The environment it runs in, where several credentials name the same variable. */
      readonly environment?: string;
      readonly fingerprint: string;
      readonly at: Instant;
    }
  | {
      /** A store's own date of a named CI secret. */
      readonly kind: "store";
      readonly ciSecret: string;
      readonly updatedAt: Instant;
      readonly at: Instant;
    }
  | {
      readonly kind: "attestation";
      readonly credential: string;
      readonly by: string;
      readonly reason: string;
      readonly at: Instant;
    }
  | {
      /** A person closed the reminder of a credential. */
      readonly kind: "closed-by-person";
      readonly credential: string;
      /** When it was closed, in the channel's words; the same in every run that tells of it. */
      readonly at: Instant;
    }
  | {
      /** A channel filed, or found, the reminder of a credential. */
      readonly kind: "filed";
      readonly credential: string;
      readonly repository: string;
      readonly number: number;
      readonly at: Instant;
    };
