// What rotation reads of reports and of git's configuration.

import { describe, expect, it } from "vitest";
import { repositoryOfRemote } from "../../../src/pipeline/rotation/git-config.ts";
import { observeFindings } from "../../../src/pipeline/rotation/observe-findings.ts";
import { readSavedFindings } from "../../../src/pipeline/rotation/saved-findings.ts";
import type { ObservedFinding } from "../../../src/pipeline/rotation/saved-findings.ts";
import { plainOptions } from "../../../src/report/options.ts";
import { renderJson } from "../../../src/report/format-json.ts";
import { auditReport } from "../../helpers/report-audit.ts";
import { richReport } from "../../helpers/report-rich.ts";

const at = "2026-11-28T09:30:00Z";
const finding: ObservedFinding = {
  fingerprint: `kf1:${"a".repeat(26)}`,
  provider: "acme",
  rule: "acme.key",
  severity: "high",
  verdict: "block",
  occurrences: [{ path: "a.env", line: 3, commit: "1a2b" }],
};

describe("an observed finding", () => {
  it("stands in code, with its places; a scan of files knows no age", () => {
    expect(observeFindings([finding], at)).toEqual([
      {
        kind: "finding",
        fingerprint: finding.fingerprint,
        provider: "acme",
        rule: "acme.key",
        severity: "high",
        places: [{ path: "a.env", line: 3, commit: "1a2b" }],
        mayBeOlder: true,
        at,
      },
    ]);
  });

  it("of an audit has its first commit and author, in UTC", () => {
    const introduced = { author: "Ann <a@b.c>", date: "2026-08-20T23:30:00-02:00" };
    expect(observeFindings([{ ...finding, origin: { introduced, mayBeOlder: false } }], at)).toMatchObject([
      { author: "Ann <a@b.c>", firstCommitAt: "2026-08-21T01:30:00Z", mayBeOlder: false },
    ]);
  });

  it("of a commit that names nobody has no author", () => {
    const introduced = { author: "", date: at };
    const [seen] = observeFindings([{ ...finding, origin: { introduced, mayBeOlder: false } }], at);
    expect(seen).not.toHaveProperty("author");
  });

  it.each([["no date"], ["0000-00-00"], ["99999999999999"]])(
    "with a date that is none (%s) has no first commit",
    (date) => {
      const [seen] = observeFindings([{ ...finding, origin: { introduced: { date }, mayBeOlder: false } }], at);
      expect(seen).not.toHaveProperty("firstCommitAt");
    },
  );

  it("that is allowed is not found, and still heard of", () => {
    const verification = { status: "inactive" as const, row: "invalid", when: "2026-11-28T09:00:00.123Z" };
    expect(observeFindings([{ ...finding, verdict: "allow", verification }], at)).toEqual([
      {
        kind: "verification",
        fingerprint: finding.fingerprint,
        status: "inactive",
        row: "invalid",
        at: "2026-11-28T09:00:00Z",
      },
    ]);
  });

  it("tells when it was made: the provider's word, and the token's", () => {
    const verification = { status: "active" as const, when: at, facts: [{ name: "created", value: "2026-01-02" }] };
    const facts = [{ name: "issued", value: "2026-01-01" }];
    expect(observeFindings([{ ...finding, facts, verification }], at)[1]).toMatchObject({
      createdAt: "2026-01-02T00:00:00Z",
      issuedAt: "2026-01-01T00:00:00Z",
    });
    expect(observeFindings([{ ...finding, facts }], at)[1]).toMatchObject({
      status: "skipped",
      issuedAt: "2026-01-01T00:00:00Z",
    });
  });

  it("without a name is named by its object", () => {
    const occurrences = [{ path: "", line: 1, object: "abc" }];
    expect(observeFindings([{ ...finding, occurrences }], at)).toMatchObject([
      { places: [{ path: "object abc", line: 1 }] },
    ]);
  });
});

describe("a saved report", () => {
  it.each([
    ["a scan", richReport()],
    ["an audit", auditReport()],
  ])("of %s is read back as far as it has real fingerprints", (_, report) => {
    const real = `kf1:${"b".repeat(26)}`;
    const text = renderJson(report, plainOptions).replaceAll(/"fingerprint": "[^"]*"/g, `"fingerprint": "${real}"`);
    const findings = readSavedFindings(text, "report.json");
    expect(findings).toHaveLength(report.verdicts.length);
    expect(observeFindings(findings, at).length).toBeGreaterThan(0);
  });

  it("may begin with a byte order mark", () => {
    expect(readSavedFindings(`\uFEFF${JSON.stringify({ findings: [finding] })}`, "report.json")).toEqual([finding]);
  });

  it.each<[string, Partial<ObservedFinding>]>([
    ["provider", { provider: "no\nsuch" }],
    ["provider", { provider: "" }],
    ["rule", { rule: "" }],
    ["verification.row", { verification: { status: "active", row: "", when: at } }],
    ["occurrences.0.commit", { occurrences: [{ path: "a", line: 1, commit: "" }] }],
  ])("whose %s no ledger could hold is refused: %j", (where, change) => {
    const text = JSON.stringify({ findings: [{ ...finding, ...change }] });
    expect(() => readSavedFindings(text, "report.json")).toThrow(`see findings.0.${where}`);
  });

  it.each(["", "null", "{}", '{"findings":{}}', '{"findings":[null]}', '{"findings":[{"fingerprint":"kf1:../../x"}]}'])(
    "that is none is refused: %s",
    (text) => {
      expect(() => readSavedFindings(text, "report.json")).toThrow(/^report\.json: not/);
    },
  );
});

describe("a remote", () => {
  it.each<[string, string | undefined]>([
    ["https://github.com/acme/pay.git", "acme/pay"],
    ["https://github.com/acme/pay", "acme/pay"],
    ["https://github.com/acme/pay/", "acme/pay"],
    ["https://ann:word@github.com/acme/pay.git", "acme/pay"],
    ["git@github.com:acme/pay.git", "acme/pay"],
    ["ssh://git@github.com:22/acme/pay.js.git", "acme/pay.js"],
    ["git@GitHub.com:acme/pay", "acme/pay"],
    ["https://gitlab.com/acme/pay.git", undefined],
    ["https://github.com.evil.example/acme/pay", undefined],
    ["https://evil.example/github.com/acme/pay", undefined],
    ["/srv/github.com/acme/pay", undefined],
    ["https://github.com/acme", undefined],
    ["https://github.com/acme/pay/more", undefined],
    ["", undefined],
  ])("%s is %s", (remote, name) => {
    expect(repositoryOfRemote(remote, "github.com")).toBe(name);
  });
});
