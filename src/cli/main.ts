// Arguments in, exit code out: runs the command and turns errors into messages for people.

import { CommanderError } from "commander";
import { KeywardenError } from "../errors.ts";
import { exitCodes } from "../pipeline/exit-code.ts";
import { makeProgram } from "./program.ts";
import { visible } from "./visible.ts";

/** What is said of a mistake must not repeat a secret that was typed in the place of something else. */
async function say(text: string): Promise<void> {
  const { conceal } = await import("../pipeline/conceal.ts");
  process.stderr.write(conceal(text));
}

async function complain(error: unknown, said: string): Promise<number> {
  if (error instanceof CommanderError) {
    if (said !== "") await say(said);
    return error.exitCode === 0 ? exitCodes.clean : exitCodes.usage;
  }
  if (error instanceof KeywardenError) {
    const hint = error.hint === undefined ? "" : `  ${visible(error.hint)}\n`;
    await say(`keywarden: ${visible(error.message)}\n${hint}`);
    return error.exitCode;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  await say(
    `keywarden: internal error: ${visible(detail)}\n` +
      "  This is a defect in keywarden. Please report it with the command you ran and this message.\n",
  );
  return exitCodes.usage;
}

/** Runs one command line (without `node` and the script) and answers with its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  let code: number = exitCodes.clean;
  let said = "";
  const program = makeProgram(
    (value) => {
      code = value;
    },
    (text) => {
      said += text;
    },
  );
  try {
    await program.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    return complain(error, said);
  }
}
