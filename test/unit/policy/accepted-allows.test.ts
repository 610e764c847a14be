// Inline comments of a change → which count, which are only noted, and the list of those that are new.

import { describe, expect, test } from "vitest";
import type { Finding, Occurrence } from "../../../src/model/finding.ts";
import { Secret } from "../../../src/model/secret.ts";
import { acceptAllows, allowedInline } from "../../../src/policy/accepted-allows.ts";
import type { InlineAllow } from "../../../src/policy/allow.ts";

const place = (path: string): Occurrence => ({ path, part: "file", line: 3, column: 1, endLine: 3, endColumn: 9 });

function finding(fingerprint: string, ...occurrences: Occurrence[]): Finding {
  return {
    fingerprint,
    rule: "acme.key",
    provider: "acme",
    severity: "high",
    confidence: "high",
    secret: new Secret("value", "acme_…(5)"),
    facts: [],
    occurrences,
  };
}

const allow: InlineAllow = { suppression: { kind: "inline", by: "keywarden:allow", reason: "made up" }, notes: [] };
const note: InlineAllow = { notes: ["expired"] };
const [here, there] = [place("a.env"), place("b.env")];

describe("what is allowed by comments", () => {
  test("a finding counts once one of its places is", () => {
    const findings = [finding("one", here, there), finding("two", place("c.env"))];
    expect([...allowedInline(findings, new Map([[there, [note, allow]]]))]).toEqual(["one"]);
    expect([...allowedInline(findings, new Map([[there, [note]]]))]).toEqual([]);
  });

  test("what was accepted counts, what was not is noted and listed", () => {
    const findings = [finding("old", here), finding("new", there)];
    const inline = new Map([
      [here, [allow]],
      [there, [note, allow]],
    ]);
    const { inline: counted, added } = acceptAllows(findings, inline, new Set(["old"]));
    expect(counted.get(here)).toEqual([allow]);
    expect(counted.get(there)).toEqual([
      note,
      { notes: ["keywarden:allow is added by this change, so it does not count yet"] },
    ]);
    expect(added).toEqual([{ rule: "acme.key", path: "b.env", line: 3, by: "keywarden:allow", reason: "made up" }]);
    expect(inline.get(there)).toEqual([note, allow]);
  });

  test("a comment that would not count anyway is not listed", () => {
    expect(acceptAllows([finding("new", here)], new Map([[here, [note]]]), new Set()).added).toEqual([]);
  });
});
