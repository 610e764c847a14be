// Check names, as rules write them, in; the checks out. The set is closed.

import { awsAccount } from "./aws-account.ts";
import { charset } from "./charset.ts";
import type { Check } from "./check.ts";
import { checksum } from "./checksum.ts";
import { entropy } from "./entropy.ts";
import { jsonPayload } from "./json-payload.ts";
import { jwt } from "./jwt.ts";
import { luhn } from "./luhn.ts";
import { near, notNear } from "./near.ts";
import { placeholder } from "./placeholder.ts";
import { userpass } from "./userpass.ts";
import { word } from "./word.ts";

/** Every check by its name in a rule file. */
export const checks: Readonly<Record<string, Check>> = {
  "aws-account": awsAccount,
  charset,
  checksum,
  entropy,
  "json-payload": jsonPayload,
  jwt,
  luhn,
  near,
  "not-near": notNear,
  placeholder,
  userpass,
  word,
};
