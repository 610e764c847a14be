// Attempts to tell a channel in, one delivery out: a channel's trouble is words and stops no other.

import { escapeText } from "../../base/escape.ts";
import { KeywardenError } from "../../errors.ts";
import type { Delivery } from "../../model/channel.ts";

/** Nothing was told, and nothing learnt. */
export const nothing: Delivery = { observations: [], problems: [], withheld: [], written: [] };

/** All of them as one, in order. */
export function together(deliveries: readonly Delivery[]): Delivery {
  return {
    observations: deliveries.flatMap(({ observations }) => observations),
    problems: deliveries.flatMap(({ problems }) => problems),
    withheld: deliveries.flatMap(({ withheld }) => withheld),
    written: deliveries.flatMap(({ written }) => written),
  };
}

/** Delivers; an error for people becomes a problem, a defect stays an error. */
export async function attempt(deliver: () => Promise<Delivery>): Promise<Delivery> {
  try {
    return await deliver();
  } catch (error) {
    if (!(error instanceof KeywardenError)) throw error;
    const { message, hint } = error;
    return { ...nothing, problems: [{ message, ...(hint === undefined ? {} : { hint }) }] };
  }
}

/** What was written where, and what was held back on purpose, a line each; escaped. */
export function deliveryLines({ written, withheld }: Delivery): readonly string[] {
  return [
    ...written.map(
      ({ what, where, credential }) => `${what}: ${where}${credential === undefined ? "" : ` (${credential})`}`,
    ),
    ...(withheld.length === 0 ? [] : [`not told in public, since they are leaks: ${withheld.join(", ")}`]),
  ].map(escapeText);
}
