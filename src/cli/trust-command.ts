// A rule file in, the user's consent asked, the trust in it kept out.

import { statSync } from "node:fs";
import { createInterface } from "node:readline/promises";
import { UsageError } from "../errors.ts";
import { distrustFile, reviewRules, trustFile } from "../pipeline/run-trust.ts";
import { visible } from "./visible.ts";

async function consents(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(?:es)?$/i.test((await lines.question(question)).trim());
  } finally {
    lines.close();
  }
}

/** Shows what a file's recipes would send where, asks, and keeps the answer. */
export async function trustCommand(
  file: string,
  flags: { readonly yes?: true; readonly remove?: true },
): Promise<void> {
  if (flags.remove === true) {
    const was = distrustFile(file, process.env);
    process.stdout.write(visible(was ? `${file} is no longer trusted.\n` : `${file} was not trusted.\n`));
    return;
  }
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) {
    throw new UsageError(`no such rule file: ${file}`, { hint: "Files are trusted one by one." });
  }
  const review = reviewRules(file);
  process.stdout.write(`${visible(review.words)}\n`);
  if (flags.yes !== true && process.stdin.isTTY !== true) {
    throw new UsageError("there is nobody to ask", { hint: "Read the above, then run it again with --yes." });
  }
  if (flags.yes !== true && !(await consents("Trust it? [y/N] "))) {
    process.stdout.write("Not trusted.\n");
    return;
  }
  trustFile(file, process.env, review.digest);
  process.stdout.write(visible(`${file} is trusted as it was shown; after any change it has to be trusted again.\n`));
}
