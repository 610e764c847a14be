// A recipe's control templates → the impossible key that is sent before the first real one; the same in every run.

import type { ControlKey } from "../model/recipe.ts";
import { expandTemplate } from "./samples.ts";

/** The values of a rule's control: published, as they are made of the rule's file and its id. */
export function controlValues(rule: string, control: ControlKey): { readonly secret: string; readonly pair?: string } {
  const secret = expandTemplate(control.secret, `${rule} control`);
  if (control.pair === undefined) return { secret };
  return { secret, pair: expandTemplate(control.pair, `${rule} control pair`) };
}
