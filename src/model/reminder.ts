// The vocabulary of what channels show: one reminder for each credential, and whether its step is new.

import type { Age, Instant, RotationPolicy, RotationState } from "./inventory.ts";
import type { Evidence, LeakPlace, Proof } from "./ledger.ts";
import type { Severity } from "./rule.ts";

/** What the playbook of a credential says. */
export interface Playbook {
  /** The provider's own page. */
  readonly where?: string;
  readonly steps: readonly string[];
}

/**
 * What every channel must show of one credential now. Channels compare it with what they show and write only the
 * difference, so that handing out the same reminder twice changes nothing. A channel that tells of changes tells each
 * pair of cycle and step once, whatever `transition` says (the run in which it was true may have died); it tells of a
 * closing only when it closes something, before it does so.
 */
export interface Reminder {
  readonly credential: string;
  readonly provider: string;
  readonly providerName: string;
  readonly state: RotationState;
  readonly cycle: number;
  /**
   * Names the transition within a cycle; a comment tells each once. `due-N`: due in N days; `overdue-N`: late by N days;
   * `leaked`, `leaked-active` (proven to work), `rotating`, and each of these with `-overdue-N`; `unknown-age`. After a
   * person closed it early for the nth time, all with `-again<n>` at the end. Closing: `closed`, `exempt`. In the
   * overview of credentials that nobody was ever reminded of: the state.
   */
  readonly step: string;
  /** True while somebody has something to do; false: to be closed, and `proof` says why. */
  readonly open: boolean;
  /** There whenever `open` is false. */
  readonly proof?: Proof;
  readonly due?: Instant;
  readonly policy: RotationPolicy;
  readonly age: Age;
  /**
   * About a leak, or the end of one: never told in public. A reminder to be closed is closed wherever it stands, in
   * public without its proof.
   */
  readonly leak: boolean;
  readonly places: readonly LeakPlace[];
  readonly owner?: string;
  /** Who brought it in, where nobody owns it. */
  readonly author?: string;
  /** Whom to tell besides, because it is late. */
  readonly escalateTo?: string;
  readonly severity: Severity;
  /** The newest word on the life of what it is about. */
  readonly evidence?: Evidence;
  /** There while a person's early close is respected: who finds it closed by a person leaves it so until then. */
  readonly snoozedUntil?: Instant;
  /**
   * Closes by people up to this moment have been heard, or were about an earlier cycle: without `snoozedUntil`, reopen.
   * A later one is new: leave it closed and tell of it (`closed-by-person`).
   */
  readonly closesHeardUntil: Instant;
  /** How often people closed it early in this cycle. */
  readonly closedEarly: number;
  /** Where the ledger knows its GitHub issue: read directly, so that a listing that lags makes no second one. */
  readonly issue?: { readonly repository: string; readonly number: number };
  readonly playbook: Playbook;
}

/** What a run hands to its channels: `transition` is true once for each step, for those that tell of changes. */
export interface RotationAction {
  readonly reminder: Reminder;
  readonly transition: boolean;
}
