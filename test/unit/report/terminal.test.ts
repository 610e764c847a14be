// What people see: places, frames, advice, width, colour, and the lines of a clean run.

import { describe, expect, it } from "vitest";
import { counted } from "../../../src/base/counted.ts";
import type { Report } from "../../../src/model/finding.ts";
import { colorsFor } from "../../../src/base/colors.ts";
import { renderTerminal } from "../../../src/report/format-terminal.ts";
import { displayWidth, wrap } from "../../../src/base/layout.ts";
import { plainOptions } from "../../../src/report/options.ts";
import type { RenderOptions } from "../../../src/report/options.ts";
import { renderFrame } from "../../../src/report/terminal-frame.ts";
import { sizeOf } from "../../../src/report/words.ts";
import { richReport } from "../../helpers/report-rich.ts";
import {
  sampleFinding,
  sampleFrame,
  sampleOccurrence,
  sampleReport,
  sampleVerdict,
} from "../../helpers/report-sample.ts";

const show = (report: Report, options: Partial<RenderOptions> = {}): string =>
  renderTerminal(report, { ...plainOptions, ...options });

function reportWithPlaces(count: number): Report {
  const occurrences = Array.from({ length: count }, (_, index) => sampleOccurrence(`src/${index}.ts`, index + 1));
  return sampleReport([sampleVerdict(sampleFinding({ occurrences }))]);
}

describe("places", () => {
  it.each([
    [1, undefined],
    [5, undefined],
    [6, "and 1 more place ("],
    [17, "and 12 more places ("],
  ])("%i places", (count, rest) => {
    const text = show(reportWithPlaces(count));
    expect(text.match(/^ {2}at /gm)).toHaveLength(Math.min(count, 5));
    if (rest === undefined) expect(text).not.toContain("more place");
    else expect(text).toContain(rest);
    expect(show(reportWithPlaces(count), { verbose: true }).match(/^ {2}at /gm)).toHaveLength(count);
  });

  it("never breaks a path, however narrow", () => {
    const path = `${"deep folder/".repeat(12)}file.ts`;
    const report = sampleReport([sampleVerdict(sampleFinding({ occurrences: [sampleOccurrence(path, 3)] }))]);
    expect(show(report, { width: 30 })).toContain(`  at ${path}:3:5\n`);
  });
});

describe("advice", () => {
  const twice = [1, 2].map((n) =>
    sampleVerdict(sampleFinding({ fingerprint: `f${n}`, occurrences: [sampleOccurrence(`${n}.ts`, n)] })),
  );

  it("is given once for each rule", () => {
    const text = show(sampleReport(twice));
    expect(text.match(/Whoever has it/g)).toHaveLength(1);
    expect(text.match(/as for sample\.key above/g)).toHaveLength(1);
  });

  it.each([
    ["a working tree", {}, "If it was ever pushed or shared"],
    ["the history", { commit: "0a1b2c3d".repeat(5) }, "It is in the history"],
  ])("knows %s", (_, fields, expected) => {
    const report = sampleReport([sampleVerdict(sampleFinding({ occurrences: [sampleOccurrence("a", 1, fields)] }))]);
    expect(show(report).replace(/\s+/g, " ")).toContain(expected);
  });

  it("names the rule by id where the rule is not at hand", () => {
    const text = show(sampleReport([sampleVerdict(sampleFinding({ rule: "other.key", provider: "other" }))]));
    expect(text).toContain("HIGH  other.key");
    expect(text).toContain("keywarden:allow other.key -- reason");
  });
});

describe("verdicts that allow", () => {
  it("are shown only with verbose", () => {
    expect(show(richReport())).not.toContain("ключ 3.ts");
    expect(show(richReport(), { verbose: true })).toContain("ключ 3.ts");
    expect(show(richReport(), { verbose: true }).replace(/\s+/g, " ")).toContain(
      "rotated, owner payments, until 2026-12-31",
    );
  });
});

describe("width and colour", () => {
  it.each([40, 80, 120])("prose fits %i columns", (width) => {
    const lines = show(richReport(), { width }).split("\n");
    // Paths, addresses and directives are for copying and stay whole, as do headlines.
    const prose = lines.filter((line) => !/^ {2}at |https?:|keywarden:allow|private\/|^[A-Z]{3,}/.test(line));
    expect(prose.filter((line) => displayWidth(line) > width)).toEqual([]);
  });

  it("colour adds nothing but colour", () => {
    const painted = show(richReport(), { color: true });
    expect(painted).toContain("\u001b[");
    // oxlint-disable-next-line no-control-regex
    expect(painted.replace(/\u001b\[\d+m/g, "")).toBe(show(richReport()));
  });
});

describe("a clean run", () => {
  const coverage = { complete: true, sources: ["staged changes"], files: 0, blobs: 0, bytes: 0, skipped: [] };
  it.each([
    ["nothing left out", sampleReport([]), "No secrets found: 12 files, 3.5 kB from directory .\n"],
    ["nothing there", sampleReport([], { coverage }), "Nothing to scan: 0 files, 0 B from staged changes\n"],
    [
      "only deletions",
      sampleReport([], { coverage: { ...coverage, skipped: [{ reason: "deleted", count: 2, examples: ["a", "b"] }] } }),
      "Nothing to scan: 0 files, 0 B from staged changes\nleft out: 2 deleted.\n",
    ],
    [
      "suppressions",
      sampleReport([], { suppressionCounts: [{ by: "ggignore", kind: "inline", count: 3 }] }),
      "No secrets found: 12 files, 3.5 kB from directory .\nsuppressed: 3 by ggignore.\n",
    ],
  ])("%s", (_, report, expected) => {
    expect(show(report)).toBe(expected);
  });

  it("with problems is not called complete", () => {
    const text = show(
      sampleReport([], {
        coverage: { ...coverage, complete: false },
        problems: [{ kind: "partial", message: "3 blobs" }],
      }),
    );
    expect(text).toContain("Incomplete: 1 problem. What was not read was not checked.");
  });
});

describe("frames", () => {
  const mask = "sk-…(51)";
  const draw = (before: string, after: string, width = 60): readonly string[] =>
    renderFrame({ frame: sampleFrame(before, mask, after), line: 7, width }, colorsFor(plainOptions));

  it.each([
    ["ASCII", 'key = "', '";'],
    ["tabs", "\t\tkey =\t'", "'"],
    ["wide characters", "鍵🔑 = '", "'"],
    ["combining marks", "cle\u0301 = '", "'"],
    ["escapes", "\u202e\u001b[2J = '", "\u0000"],
    ["long on both sides", "x".repeat(500), "y".repeat(500)],
    ["long before", "x = ".repeat(50), ""],
    ["nothing around", "", ""],
  ])("carets stand under the mask: %s", (_, before, after) => {
    const [, code = "", carets = ""] = draw(before, after);
    const column = displayWidth(code.slice(0, code.indexOf(mask)));
    expect(carets.indexOf("^")).toBe(column);
    expect(carets.trimEnd()).toHaveLength(column + displayWidth(mask));
    expect(displayWidth(code)).toBeLessThanOrEqual(60);
  });

  it("never cuts the mask", () => {
    expect(draw("x".repeat(90), "y".repeat(90), 10).join("\n")).toContain(mask);
  });
});

describe("words and layout", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.0 kB"],
    [999_949, "999.9 kB"],
    [999_950, "1.0 MB"],
    [5_800_000_000, "5.8 GB"],
    [2e16, "20000.0 TB"],
  ])("%i bytes are %s", (bytes, expected) => {
    expect(sizeOf(bytes)).toBe(expected);
  });

  it.each([
    [1, "1 file"],
    [0, "0 files"],
    [1234567, "1,234,567 files"],
  ])("counted %i", (count, expected) => {
    expect(counted(count, "file")).toBe(expected);
  });

  it.each([
    ["a b c", 3, ["a b", "c"]],
    ["longword x", 4, ["longword", "x"]],
    ["", 10, [""]],
    ["鍵鍵 鍵", 5, ["鍵鍵", "鍵"]],
  ])("wrap %j at %i", (text, width, expected) => {
    expect(wrap(text, width)).toEqual(expected);
  });
});
