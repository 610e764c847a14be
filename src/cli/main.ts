// Arguments in, exit code out: runs the command and turns errors into messages for people.

import { CommanderError } from "commander";
import { KeywardenError } from "../errors.ts";
import { exitCodes } from "../pipeline/exit-code.ts";
import { makeProgram } from "./program.ts";
import { visible } from "./visible.ts";

function complain(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.clean : exitCodes.usage;
  if (error instanceof KeywardenError) {
    process.stderr.write(`keywarden: ${visible(error.message)}\n`);
    if (error.hint !== undefined) process.stderr.write(`  ${visible(error.hint)}\n`);
    return error.exitCode;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`keywarden: internal error: ${visible(detail)}\n`);
  process.stderr.write(
    "  This is a defect in keywarden. Please report it with the command you ran and this message.\n",
  );
  return exitCodes.usage;
}

/** Runs one command line (without `node` and the script) and answers with its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  let code: number = exitCodes.clean;
  const program = makeProgram((value) => {
    code = value;
  });
  try {
    await program.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    return complain(error);
  }
}
