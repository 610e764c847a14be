// A provider's rule in, the steps of a rotation out, in an order that keeps the service running.

import type { Playbook } from "../model/rotation.ts";
import type { RotationRule } from "./rules.ts";

const ownSteps = [
  "create a new one",
  "put it where the old one is used and deploy",
  "check that the new one works",
  "delete the old one",
  "check that the old one is dead",
] as const;

/** Rules write their steps in either way; in a list they are to look alike. */
function asSentence(step: string): string {
  return step.charAt(0).toUpperCase() + step.slice(1);
}

/** The rule's own words and page; where it has none, the steps that hold for every provider. */
export function playbookOf(rule: RotationRule | undefined): Playbook {
  const { where, steps = [] } = rule?.rotate ?? {};
  return { ...(where === undefined ? {} : { where }), steps: (steps.length === 0 ? ownSteps : steps).map(asSentence) };
}
