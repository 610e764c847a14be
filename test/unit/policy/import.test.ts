import { describe, expect, test } from "vitest";
import { ConfigError } from "../../../src/errors.ts";
import { importBaseline } from "../../../src/policy/import.ts";
import { findingOf, fingerprintOf, occurrenceAt } from "../../helpers/matches.ts";

const tools = { matchesGlob: (path: string, glob: string): boolean => path === glob };
const findings = [
  findingOf("b", [occurrenceAt("src/b.ts", 2)]),
  findingOf("a", [occurrenceAt("src/a.ts", 1), occurrenceAt("src/a.ts", 9)]),
  findingOf("c", [occurrenceAt("src/c.ts", 3)]),
];

describe("importBaseline", () => {
  test("makes entries of what the list names, and tells what it could not", () => {
    const text = [
      "src/b.ts:generic-api-key:2",
      "src/b.ts:other-rule:2",
      "src/a.ts:x:9",
      "src/a.ts:x:10",
      "0".repeat(64),
    ].join("\n");
    const imported = importBaseline({
      kind: "gitleaks-ignore",
      text,
      file: ".gitleaksignore",
      findings,
      tools,
      owner: "ops",
      until: "2030-01-01",
    });
    const said = { rule: "acme.live-key", reason: "imported from .gitleaksignore", owner: "ops", until: "2030-01-01" };
    expect(imported.entries).toEqual([
      { fingerprint: fingerprintOf("a"), paths: ["src/a.ts"], ...said },
      { fingerprint: fingerprintOf("b"), paths: ["src/b.ts"], ...said },
    ]);
    expect(imported.unmatched.map(({ listLine }) => listLine)).toEqual([4, 5]);
    expect(imported.widened).toEqual([fingerprintOf("a")]);
  });

  test("keeps what the list says about why", () => {
    const hash = "0".repeat(40);
    const text = JSON.stringify({
      results: { "src/c.ts": [{ hashed_secret: hash, line_number: 3, is_secret: false }] },
    });
    const imported = importBaseline({ kind: "detect-secrets", text, file: ".secrets.baseline", findings, tools });
    expect(imported.entries).toEqual([
      {
        fingerprint: fingerprintOf("c"),
        rule: "acme.live-key",
        paths: ["src/c.ts"],
        reason: "imported from .secrets.baseline: audited as not a secret",
      },
    ]);
  });

  test("makes nothing of an empty list, and refuses a damaged one", () => {
    const given = { kind: "gitguardian", file: ".gitguardian.yaml", findings, tools } as const;
    expect(importBaseline({ ...given, text: "" })).toEqual({ entries: [], unmatched: [], widened: [] });
    expect(() => importBaseline({ ...given, text: "- x" })).toThrow(ConfigError);
  });
});
