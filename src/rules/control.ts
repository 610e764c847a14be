// A recipe's control templates → the impossible key that is sent before the first real one; the same in every run.

import type { ControlKey } from "../model/recipe.ts";
import { expandTemplate } from "./samples.ts";

/** The values of a control. Published by being made from the rule file and this seed. */
export function controlValues(control: ControlKey): { readonly secret: string; readonly pair?: string } {
  const secret = expandTemplate(control.secret, "keywarden control");
  if (control.pair === undefined) return { secret };
  return { secret, pair: expandTemplate(control.pair, "keywarden control") };
}
