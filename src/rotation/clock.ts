// A machine's clock and the latest moment that any run saw in, the time that a run reckons with out.

import { hourMs, instantOf, msOf } from "../base/days.ts";
import type { Instant } from "../model/rotation.ts";

/** Clocks of machines may differ by so much before one counts as set back. */
const toleranceMs = hourMs;

/** The time of one run. */
export interface Clock {
  /** Never before a moment that an earlier run saw. */
  readonly now: Instant;
  /**
   * A moment as it was observed, as a moment of this clock: what lies ahead of the machine's clock counts as now, and
   * on a clock that was set back everything is as far from now as the machine thinks. Undefined for no moment at all.
   */
  read(text: string): Instant | undefined;
}

/** Starts the clock of a run; `seenAt` is the ledger's. */
export function startClock(now: Date, seenAt: Instant | undefined): Clock {
  const machine = now.getTime() - (now.getTime() % 1000);
  const floor = (seenAt === undefined ? undefined : msOf(seenAt)) ?? 0;
  const moment = Math.max(machine, floor);
  const behind = floor - machine > toleranceMs ? floor - machine : 0;
  return {
    now: instantOf(moment),
    read(text) {
      const ms = msOf(text);
      return ms === undefined ? undefined : instantOf(Math.min(ms, machine) + behind);
    },
  };
}
