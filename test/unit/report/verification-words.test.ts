// The words for what a provider said: the row's own, the caveat beside inactive, the reason why nobody was asked.

import { expect, test } from "vitest";
import { verificationStatuses } from "../../../src/model/verification.ts";
import type { Verification } from "../../../src/model/verification.ts";
import { builtInRules } from "../../../src/pipeline/scan-setup.ts";
import { verificationText, verifiedCell } from "../../../src/report/verification-words.ts";

const rule = (id: string) => builtInRules().rules.find((one) => one.id === id);

function said(part: Partial<Verification>): Verification {
  const checkedAt = "2026-01-02T03:04:05.000Z";
  return { fingerprint: "kf1:a", status: "unknown", reason: "no-row", checkedAt, facts: [], ...part };
}

test.each<[string, Partial<Verification>, RegExp]>([
  [
    "ogarni-ai.api-token",
    { status: "active", reason: "answer", row: "ok", facts: [{ name: "scope", value: "admin" }] },
    /^VERIFIED ACTIVE.*answer ok; scope admin; asked 2026-01-02 03:04 UTC/,
  ],
  ["ofself.app-key", { status: "active", reason: "answer", row: "not-authorized" }, /The key passed; the user did not/],
  ["gitlab.access-token", { status: "inactive", reason: "answer", row: "unauthorized" }, /Only gitlab\.com was asked/],
  ["gitlab.access-token", { status: "revoked", reason: "answer", row: "revoked" }, /^(?!.*Only gitlab)/],
  ["slack.webhook", { status: "unsupported", reason: "no-recipe" }, /Only posting to it would tell\)$/],
  ["ocus.api-key", { reason: "timeout" }, /no answer in time/],
])("%s %j", (id, part, words) => {
  expect(verificationText(said(part), rule(id))).toMatch(words);
});

test("the word for a table", () => {
  const cells = verificationStatuses.map((status) => verifiedCell(said({ status })));
  expect(cells).toEqual(["ACTIVE", "inactive", "revoked", "unknown", "not asked", "not asked"]);
});
