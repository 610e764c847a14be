// What a provider said → the words for it, for every format that is read by people.

import type { Rule } from "../model/rule.ts";
import { isActive } from "../model/verification.ts";
import type { Verification, VerificationReason } from "../model/verification.ts";

const statusWords: Readonly<Record<Verification["status"], string>> = {
  active: "VERIFIED ACTIVE: it still opens the door",
  inactive: "verified inactive: it no longer works",
  revoked: "verified revoked: it was real, and no longer works",
  unknown: "not verified, so taken for active",
  skipped: "not verified",
  unsupported: "cannot be verified",
};

const reasonWords: Readonly<Record<VerificationReason, string>> = {
  answer: "the provider's answer settles nothing",
  expired: "its own expiry date has passed; nobody was asked",
  "no-row": "no known answer of the provider's fits",
  redirected: "the provider's address leads elsewhere, and that was not followed",
  "server-error": "the provider is in trouble",
  "bad-answer": "the answer was no proper HTTP",
  "rate-limited": "the provider asks for patience",
  "locked-out": "the provider has locked this address out",
  "control-failed": "an impossible key was not refused there, so no answer counts",
  "ambiguous-pair": "several other halves stand beside it",
  timeout: "no answer in time",
  dns: "the provider's name could not be looked up",
  "address-refused": "the provider's name stands for an address that is not public",
  connection: "no connection",
  tls: "the certificate does not hold",
  proxy: "the proxy refused",
  "host-paused": "the provider was left alone after earlier trouble",
  interrupted: "interrupted",
  "ambiguous-provider": "it is not clear whose it is, so nobody was asked",
  "pair-missing": "its other half is not beside it",
  "host-missing": "whose installation it belongs to is not beside it",
  canary: "it is a trap: asking would only alert its owner",
  malformed: "it does not have the form that the provider takes",
  budget: "enough of this provider's were asked about (--verify-budget)",
  suppressed: "it is allowed on purpose",
  "not-chosen": "other providers were chosen",
  untrusted: "its rule is not trusted to ask anybody (keywarden rules trust)",
  "value-gone": "it was gone when it was to be read again",
  fork: "refused for a pull request from elsewhere",
  "no-recipe": "nobody is asked about this kind",
};

/** What is known of a verification beside its status: the row's own words, or the reason's. */
function because(verification: Verification, rule: Rule | undefined): string {
  const { row, reason, status } = verification;
  if (reason === "no-recipe" && rule?.unverified !== undefined) return unpointed(rule.unverified);
  if (row === undefined) return reasonWords[reason];
  const says = rule?.verify?.answers.find((answer) => answer.row === row)?.says;
  // What inactive does not cover belongs beside it, lest a live key be taken for dead.
  const caveat = status === "inactive" ? rule?.verify?.caveat : undefined;
  const answer = says === undefined ? `answer ${row}` : `answer ${row}: ${unpointed(says)}`;
  return caveat === undefined ? answer : `${answer}; ${unpointed(caveat)}`;
}

function unpointed(sentence: string): string {
  return sentence.replace(/\.$/, "");
}

/** One line: status, why, what the answer revealed, when. */
export function verificationText(verification: Verification, rule?: Rule): string {
  const { status, facts, checkedAt, reason, row } = verification;
  const revealed = facts.map(({ name, value }) => `${name} ${value}`);
  const asked =
    row !== undefined && reason === "answer" ? [`asked ${checkedAt.slice(0, 16).replace("T", " ")} UTC`] : [];
  return `${statusWords[status]} (${[because(verification, rule), ...revealed, ...asked].join("; ")})`;
}

/** The word that belongs into a headline, where the status is worth one. */
export function verifiedWord(verification: Verification | undefined): string | undefined {
  if (verification === undefined) return undefined;
  if (isActive(verification)) return "verified active";
  return verification.status === "inactive" || verification.status === "revoked" ? verification.status : undefined;
}

/** The word for a column of a table: the status, or that nobody was asked. */
export function verifiedCell({ status }: Verification): string {
  if (status === "active") return "ACTIVE";
  return status === "skipped" || status === "unsupported" ? "not asked" : status;
}
