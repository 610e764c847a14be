// The colour setting, the environment and the terminal in, how text is drawn on standard output out.

import type { Settings } from "../config/settings.ts";

/** Whether text is coloured; `toTerminal`: it goes to one. */
export function wantsColor(when: Settings["color"], toTerminal: boolean): boolean {
  if (when !== "auto") return when === "always";
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if ((NO_COLOR ?? "") !== "") return false;
  if ((FORCE_COLOR ?? "") !== "" && FORCE_COLOR !== "0") return true;
  return toTerminal && TERM !== "dumb";
}

/** Columns to draw in: the terminal's, within reason; 100 where it is none. */
export function screenWidth(): number {
  return Math.max(40, Math.min(process.stdout.columns ?? 100, 160));
}
