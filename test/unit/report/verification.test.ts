// What providers said, in every format.

import { describe, expect, test } from "vitest";
import type { Report, Verdict } from "../../../src/model/finding.ts";
import { verificationReasons } from "../../../src/model/verification.ts";
import type { Verification } from "../../../src/model/verification.ts";
import { buildReport } from "../../../src/report/build.ts";
import { formatNamed, formats } from "../../../src/report/formats.ts";
import { plainOptions } from "../../../src/report/options.ts";
import { reportLineSchema, reportSchema } from "../../../src/report/schema.ts";
import { verificationText, verifiedWord } from "../../../src/report/verification-words.ts";
import { richInput } from "../../helpers/report-rich.ts";

function said(status: Verification["status"], more: Partial<Verification> = {}): Verification {
  return {
    fingerprint: "",
    status,
    reason: "answer",
    row: "ok",
    checkedAt: "2026-01-02T03:04:05.000Z",
    facts: [],
    ...more,
  };
}

const hostile = { name: "account", value: 'x\u202e\u001b[31m,"<b>\n::error::' };
const byFingerprint: Readonly<Record<string, Verification>> = {
  "kw1-openai-1": said("active", { until: "2026-01-03T03:04:05.000Z", facts: [hostile] }),
  "kw1-twilio": said("inactive", { row: "bad" }),
  "kw1-shared": { ...said("skipped", { reason: "ambiguous-provider" }), row: undefined } as unknown as Verification,
};

function verified(): Report {
  const input = richInput();
  const verdicts = input.verdicts.map((verdict): Verdict => {
    const verification = byFingerprint[verdict.finding.fingerprint];
    return verification === undefined ? verdict : { ...verdict, verification };
  });
  return buildReport({ ...input, verdicts });
}

function rendered(format: string, width = 80): string {
  const text = formatNamed(format)?.render(verified(), { ...plainOptions, width });
  if (text === undefined) throw new Error(format);
  return text;
}

test("what is verified active leads, although it only warns; what is dead comes last among its like", () => {
  const order = verified().verdicts.map(({ finding, decision }) => `${decision} ${finding.fingerprint}`);
  expect(order[0]).toBe("warn kw1-openai-1");
  const blocking = order.filter((row) => row.startsWith("block"));
  expect(blocking.at(-1)).toBe("block kw1-twilio");
});

test("json and jsonl fit their schemas, and say it", () => {
  const report = reportSchema.parse(JSON.parse(rendered("json")));
  expect(report.findings[0]?.verification).toEqual({
    status: "active",
    reason: "answer",
    row: "ok",
    when: "2026-01-02T03:04:05.000Z",
    until: "2026-01-03T03:04:05.000Z",
    facts: [hostile],
  });
  const lines = rendered("jsonl")
    .trimEnd()
    .split("\n")
    .map((line) => reportLineSchema.parse(JSON.parse(line)));
  expect(lines.filter((line) => line.kind === "finding" && line.verification !== undefined)).toHaveLength(3);
});

describe.each([40, 80, 120])("the terminal, %d columns", (width) => {
  test("says what, why and when, escaped, and counts", () => {
    const text = rendered("terminal", width);
    const words = text.replaceAll(/\s+/g, " ");
    expect(words).toContain("VERIFIED ACTIVE: it still opens the door (answer ok; account");
    expect(words).toContain("asked 2026-01-02 03:04 UTC");
    expect(words).toContain("not verified (it is not clear whose it is, so nobody was asked)");
    expect(words).toContain("verified 1 active, 1 inactive, 1 skipped");
    expect(text).not.toMatch(/[\u001b\u202e]/);
  });
});

test.each([
  ["github", /::warning [^\n]*::[^\n]*verified active/],
  ["junit", /verified active/],
  ["sarif", /"verification": "active"/],
  ["gitleaks-json", /"verified-active"/],
  ["csv", /,verification,verificationReason\r\n/],
] as const)("%s says it", (format, says) => expect(rendered(format)).toMatch(says));

test("a report of a run in which nobody was asked has no word of it, and no column", () => {
  for (const { name, render } of formats) {
    const text = render(buildReport(richInput()), plainOptions);
    expect([name, text.replaceAll("unverified", "")]).toEqual([name, expect.not.stringMatching(/verif/i)]);
  }
});

test("every reason of every status has its words", () => {
  for (const [status, reasons] of Object.entries(verificationReasons)) {
    for (const reason of reasons) {
      const verification = {
        ...said(status as Verification["status"], { reason }),
        row: undefined,
      } as unknown as Verification;
      expect(verificationText(verification)).toMatch(/^.{10,60} \(.{8,}\)$/);
    }
  }
});

test.each([
  ["active", "verified active"],
  ["inactive", "inactive"],
  ["revoked", "revoked"],
  ["unknown", undefined],
  ["skipped", undefined],
  ["unsupported", undefined],
] as const)("the headline of %s: %s", (status, word) => expect(verifiedWord(said(status))).toBe(word));
