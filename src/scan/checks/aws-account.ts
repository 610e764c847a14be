// AWS account: reads the account out of a key id, and whether it belongs to a maker of traps; drops nothing.

import { awsAccountOf, isCanaryAccount } from "../../base/aws-account.ts";
import { passed } from "./check.ts";
import type { CheckInput, CheckResult } from "./check.ts";

/** Options: `group` (default `secret`), the key id. Old ids name no account. */
export function awsAccount(input: CheckInput, options: Readonly<Record<string, unknown>>): CheckResult {
  const account = awsAccountOf(input.groups[(options["group"] as string | undefined) ?? "secret"] ?? "");
  if (account === undefined) return passed;
  const trap = isCanaryAccount(account) ? [{ name: "canary", value: "account of a maker of canary tokens" }] : [];
  return { pass: true, facts: [{ name: "account", value: account }, ...trap] };
}
