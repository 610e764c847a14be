// The input `rotation` in; what the rotation corridor does with it out. The one place at which the two are joined.

import { UsageError } from "../errors.ts";
import type { Rotation } from "./inputs.ts";

/** Runs what `rotation` asks for; `off` does nothing. Throws UsageError where this keywarden cannot do it. */
export function runRotation(rotation: Rotation): void {
  if (rotation === "off") return;
  throw new UsageError(`input rotation: this version of keywarden cannot do ${rotation} in a workflow`, {
    hint: "Leave the input out, or set it to off.",
  });
}
