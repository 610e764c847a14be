// A name that holds a secret stands nowhere in a report, in no format, whatever part of it would show names.

import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { buildReport } from "../../../src/report/build.ts";
import type { ReportInput } from "../../../src/report/build.ts";
import { formats } from "../../../src/report/formats.ts";
import { nameMask } from "../../../src/report/mask-names.ts";
import { plainOptions } from "../../../src/report/options.ts";
import { auditInput } from "../../helpers/report-audit.ts";
import { sampleFinding, sampleOccurrence, sampleSecret } from "../../helpers/report-sample.ts";

const secret = sampleSecret("sample_", "named");
const value = secret.reveal();
const inPath = `${value}.env`;
const inAuthor = `Carl <${value}@example.test>`;
const inRef = `refs/heads/${value}`;

/** The sample audit with that secret in every name. */
function namedInput(): ReportInput {
  const input = auditInput();
  const point = { commit: "0a1b2c3d".repeat(5), author: inAuthor, date: "2024-03-01T09:30:00+01:00" };
  const refs = [{ kind: "branch" as const, count: 1, examples: [inRef] }];
  const finding = sampleFinding({
    secret,
    firstSeen: point,
    occurrences: [
      sampleOccurrence(`keys/${inPath}`, 1, point),
      sampleOccurrence(`keys/${inPath}`, 1, { part: "name", ...point }),
    ],
    origin: {
      introduced: { ...point, path: `keys/${inPath}`, merge: false },
      mayBeOlder: false,
      exposure: "tip",
      tips: refs,
      presence: [
        { from: point, until: [point] },
        { from: point, until: [] },
      ],
      refs,
    },
  });
  return {
    ...input,
    verdicts: [...input.verdicts, { finding, decision: "block", reasons: [] }],
    coverage: {
      ...input.coverage,
      sources: [`repository ${inPath}`],
      skipped: [{ reason: "symlink", count: 1, examples: [`keys/${inPath}`] }],
      unseen: [{ kind: "lfs", count: 1, examples: [`media/${inPath}`], incomplete: false }],
    },
    problems: [{ kind: "unreadable", path: `keys/${inPath}`, message: `${inPath} is gone`, hint: `look at ${inRef}` }],
  };
}

const hiddenNames = [{ name: value, shown: secret.masked }];

describe.each(formats.map((format) => [format.name, format] as const))("%s", (_, format) => {
  it.each([true, false])("shows no hidden name (verbose %s)", (verbose) => {
    const options = { ...plainOptions, verbose };
    const open = format.render(buildReport(namedInput()), options);
    const hidden = format.render(buildReport({ ...namedInput(), hiddenNames }), options);
    // Without the mask it would be there: the sample does put it where this format looks.
    expect(open).toContain(value);
    expect(hidden).not.toContain(value);
    expect(hidden).not.toContain("Zqnamed");
  });
});

it("nor does the report as data", () => {
  const report = buildReport({ ...namedInput(), hiddenNames });
  expect(`${JSON.stringify(report)}${inspect(report, { depth: 20 })}`).not.toContain("Zqnamed");
});

describe("a mask of names", () => {
  it.each([
    ["nothing to hide", [], "a/b", "a/b"],
    ["every place", [{ name: "x", shown: "…" }], "x/axb/x", "…/a…b/…"],
    ["no pattern", [{ name: "a.b", shown: "$&" }], "a.b axb", "$& axb"],
    [
      "the longer name first",
      [
        { name: "ab", shown: "1" },
        { name: "abc", shown: "2" },
      ],
      "abc ab",
      "2 1",
    ],
    ["an empty name is none", [{ name: "", shown: "…" }], "ab", "ab"],
  ])("%s", (_, names, text, want) => {
    expect(nameMask(names)(text)).toBe(want);
  });
});
