// Inventory, ledger, what a run observed, the rules and the time in; the next ledger and what channels must show out.

import { compareText } from "../base/compare-text.ts";
import type { Inventory, Ledger, LedgerCredential, Observation, Reminder, RotationAction } from "../model/rotation.ts";
import { assign } from "./assign.ts";
import { startClock } from "./clock.ts";
import { prepare, settle } from "./settle.ts";
import { remind } from "./remind.ts";
import { indexRules, type RotationRule } from "./rules.ts";
import { isClosing } from "./steps.ts";

/** Everything that rotation depends on. */
export interface DecideInput {
  readonly inventory: Inventory;
  readonly ledger: Ledger;
  /** In any order. */
  readonly observations: readonly Observation[];
  /** The rules of the run; any `Rule` will do. */
  readonly rules: readonly RotationRule[];
  /** What the machine's clock says; a clock behind the ledger's `seenAt` is not believed. */
  readonly now: Date;
}

/** What was decided. */
export interface Decision {
  /** To be written before any channel is told. */
  readonly ledger: Ledger;
  /**
   * By credential: every reminder that must be open, and for ever each closed one that anybody was ever reminded of, so
   * that a channel that missed a run makes up for it in the next.
   */
  readonly actions: readonly RotationAction[];
  /** Every credential as a reminder, by credential; those that nobody was reminded of, too. */
  readonly overview: readonly Reminder[];
}

/** Is the step new to the channels? While a person's close is respected nothing is; a closing only after an opening. */
function isTransition(before: LedgerCredential | undefined, entry: LedgerCredential, reminder: Reminder): boolean {
  if (reminder.snoozedUntil !== undefined) return false;
  if (reminder.open) return entry.step !== before?.step || entry.cycle !== before?.cycle;
  return before?.step !== undefined && !isClosing(before.step);
}

/** A name that was declared once, of which nothing is known and nobody was told, is forgotten with its entry. */
function isForgotten({ declared, fingerprints, step }: LedgerCredential): boolean {
  return !declared && fingerprints.length === 0 && step === undefined;
}

/**
 * Rotation's one decision. Pure: the same input gives the same output, and the output's ledger with the same
 * observations gives itself, without a transition. Takes time in proportion to the input.
 */
export function decide({ inventory, ledger, observations, rules, now }: DecideInput): Decision {
  const clock = startClock(now, ledger.seenAt);
  const assignment = assign({ inventory, ledger }, observations, clock);
  const run = prepare({ inventory, ledger, assignment, rules: indexRules(rules), now: clock.now });
  const credentials: LedgerCredential[] = [];
  const actions: RotationAction[] = [];
  const overview: Reminder[] = [];
  for (const id of [...run.ids].sort(compareText)) {
    const decided = settle(run, id);
    const { entry } = decided;
    if (isForgotten(entry)) continue;
    const reminder = remind(decided, inventory.owners, clock.now);
    credentials.push(entry);
    overview.push(reminder);
    if (entry.step !== undefined)
      actions.push({ reminder, transition: isTransition(run.entries.get(id), entry, reminder) });
  }
  return { ledger: { ...ledger, version: 1, seenAt: clock.now, credentials }, actions, overview };
}
