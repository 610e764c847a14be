// An AWS key id in, the account that it names out; and the accounts whose keys are traps.

/** Accounts of makers of canary tokens, as other scanners list them: asking AWS about their keys only rings a bell. */
const canaryAccounts: ReadonlySet<string> = new Set([
  "044858866125",
  "052310077262",
  "171436882533",
  "251535659677",
  "266735846894",
  "344043088457",
  "351906852752",
  "390477818340",
  "426127672474",
  "427150556519",
  "439872796651",
  "445142720921",
  "465867158099",
  "534261010715",
  "595918472158",
  "637958123769",
  "693412236332",
  "717712589309",
  "730335385048",
  "732624840810",
  "735421457923",
  "819147034852",
  "893192397702",
  "959235150393",
  "982842642351",
  "992382622183",
]);

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/**
 * The 12 digits of the account, from bits 1 to 40 of what follows the four letters in base 32; undefined for text that
 * is no key id, and for old ids (I or J in fifth place), which name none.
 */
export function awsAccountOf(keyId: string): string | undefined {
  if (!/^(?:AKIA|ASIA|ABIA|ACCA)[A-HK-Z2-7][A-Z2-7]{15}$/.test(keyId)) return undefined;
  let bits = 0n;
  for (const letter of keyId.slice(4, 14)) bits = (bits << 5n) | BigInt(alphabet.indexOf(letter));
  // Ten letters are 50 bits; the account is in the 40 after the first.
  const account = ((bits >> 9n) & ((1n << 40n) - 1n)).toString();
  return account.length > 12 ? undefined : account.padStart(12, "0");
}

/** Does the account belong to a maker of canary tokens? */
export function isCanaryAccount(account: string): boolean {
  return canaryAccounts.has(account);
}
