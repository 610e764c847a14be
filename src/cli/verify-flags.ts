// The flags of verification, declared on a command → what was typed; none of them can stand in a settings file.

import type { Command } from "commander";
import { maxBudget } from "../config/budget.ts";
import { UsageError } from "../errors.ts";
import type { VerificationWish } from "../pipeline/open-verification.ts";

/** How verification was asked for. */
export interface VerifyFlags extends VerificationWish {
  /** A missing answer fails the run. */
  readonly required: boolean;
}

interface Typed {
  readonly verify?: true;
  readonly plan?: true;
  readonly verifyBudget?: number;
  readonly verifyProvider?: readonly string[];
  readonly requireVerify?: true;
  readonly endpoint?: readonly string[];
  readonly proxy?: string;
  readonly cache: boolean;
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function budgetOf(text: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number <= maxBudget)) throw new UsageError(`--verify-budget: expected a whole number from 0 to ${maxBudget}`);
  return number;
}

/**
 * Declares the flags. The returned function gives what was typed, undefined where nothing asks for verification.
 * `always` leaves out `--verify`: the command is there for nothing else.
 */
export function addVerifyFlags(command: Command, always = false): () => VerifyFlags | undefined {
  if (!always)
    command.option("--verify", "ask the providers whether what is found still works; prints who is asked first");
  command
    .option("--plan", "print who would be asked about what, and send nothing")
    .option("--require-verify", "exit 4 when a provider that should have been asked gave no answer")
    .option("--verify-provider <name>", "ask only this provider; may repeat", collect)
    .option("--verify-budget <n>", "ask about so many secrets of one provider (default: 25)", budgetOf)
    .option("--endpoint <provider=url>", "ask this address instead of the provider's own; may repeat", collect)
    .option("--proxy <url>", "send the questions through this proxy");
  // Another command may have a cache of its own behind the same flag.
  if (!command.options.some((option) => option.long === "--no-cache")) {
    command.option("--no-cache", "neither use nor keep verdicts of other runs");
  }
  return () => {
    const typed = command.opts<Typed>();
    const asks = always || typed.verify === true || typed.plan === true;
    if (!asks) {
      const { requireVerify, verifyProvider, verifyBudget, endpoint, proxy } = typed;
      const idle = {
        "--require-verify": requireVerify,
        "--verify-provider": verifyProvider,
        "--verify-budget": verifyBudget,
        "--endpoint": endpoint,
        "--proxy": proxy,
      };
      const name = Object.entries(idle).find(([, value]) => value !== undefined)?.[0];
      if (name !== undefined) throw new UsageError(`${name} needs --verify`);
      return undefined;
    }
    return {
      required: typed.requireVerify === true,
      planOnly: typed.plan === true,
      cache: typed.cache,
      ...(typed.verifyBudget === undefined ? {} : { budget: typed.verifyBudget }),
      ...(typed.verifyProvider === undefined ? {} : { providers: typed.verifyProvider }),
      ...(typed.endpoint === undefined ? {} : { endpoints: typed.endpoint }),
      ...(typed.proxy === undefined ? {} : { proxy: typed.proxy }),
    };
  };
}
