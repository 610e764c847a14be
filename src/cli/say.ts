// A line in, the same line on standard output: what steers a terminal is shown, not obeyed.

import { visible } from "./visible.ts";

/** Prints a line. */
export function say(line: string): void {
  process.stdout.write(`${visible(line)}\n`);
}
