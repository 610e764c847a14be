// What a library call wishes of verification in, how it verifies out; nothing of it is loaded where nobody is asked.

import { UsageError } from "../errors.ts";
import type { VerificationUse } from "./verify-findings.ts";

/** How providers are asked whether what is found still works: docs/verification.md says what is sent to whom. */
export interface VerifyOptions {
  /** Ask only these providers. Default: all that can be asked. */
  readonly providers?: readonly string[];
  /** Ask about so many secrets of one provider. Default: 25. */
  readonly budget?: number;
  /** Ask these addresses instead of the providers' own. */
  readonly endpoints?: Readonly<Record<string, string>>;
  /** Send the questions through this proxy. */
  readonly proxy?: string;
  /** Keep verdicts for later runs in the user's cache folder, and use those that are there. Default: neither. */
  readonly remember?: boolean;
  /** Told in words who is about to be asked about what, before anything is sent. */
  readonly onPlan?: (words: string) => void;
}

interface Asking {
  readonly verify?: VerifyOptions;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
}

/** Settles how a call verifies; undefined where it does not ask. Throws UsageError for wishes that cannot be met. */
export async function verificationOf(
  { verify: wish, env, signal }: Asking,
  at: { readonly root: string; readonly rules: readonly string[] },
): Promise<VerificationUse | undefined> {
  if (wish === undefined) return undefined;
  if (env === undefined) {
    throw new UsageError("verify needs env, since it is refused in git hooks and for pull requests from forks", {
      hint: "Pass env: process.env.",
    });
  }
  const { openVerification } = await import("./open-verification.ts");
  const { endpoints, remember, onPlan, ...rest } = wish;
  const named = Object.entries(endpoints ?? {}).map(([provider, address]) => `${provider}=${address}`);
  const silent = () => undefined;
  const place = { ...at, env, signal, onPlan: onPlan ?? silent, onNote: onPlan ?? silent };
  return openVerification({ ...rest, endpoints: named, cache: remember === true }, place);
}
