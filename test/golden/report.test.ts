// Every format over one rich report, compared byte for byte with the files in test/golden/report.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { buildReport } from "../../src/report/build.ts";
import type { FormatName } from "../../src/report/formats.ts";
import { plainOptions } from "../../src/report/options.ts";
import type { RenderOptions } from "../../src/report/options.ts";
import { auditedAt, auditInput, auditReport } from "../helpers/report-audit.ts";
import { everyFormat } from "../helpers/every-format.ts";
import { richInput, richReport } from "../helpers/report-rich.ts";
import { sampleReport } from "../helpers/report-sample.ts";

const folder = join(import.meta.dirname, "report");

/** The page without its style, script and their hashes, which are built from files of their own; its data laid out. */
function withoutAssets(text: string): string {
  return text
    .replaceAll(/'sha256-[^']+'/g, "'sha256-…'")
    .replace(/<style>.*?<\/style>/s, "<style>…</style>")
    .replace(/<script>.*?<\/script>/s, "<script>…</script>")
    .replace(/(id="data">)(.*?)(?=<\/script>)/s, (_, tag: string, data: string) => {
      return `${tag}\n${JSON.stringify(JSON.parse(data), undefined, 1)}\n`;
    });
}

function expectGolden(file: string, whole: string): void {
  const text = file.endsWith(".html") ? withoutAssets(whole) : whole;
  const path = join(folder, file);
  if (process.env.UPDATE_GOLDEN) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, text);
  }
  // A checkout on Windows may have turned line ends around; CSV has its own, which are compared elsewhere.
  const lines = (value: string): string => value.replaceAll("\r\n", "\n");
  expect(lines(text)).toBe(lines(readFileSync(path, "utf8")));
}

const files: Readonly<Record<FormatName, string>> = {
  terminal: "terminal.txt",
  json: "report.json",
  jsonl: "report.jsonl",
  sarif: "report.sarif",
  "gitleaks-json": "gitleaks.json",
  csv: "report.csv",
  junit: "junit.xml",
  github: "github.txt",
  gitlab: "gitlab.json",
  html: "report.html",
};

describe("golden reports", () => {
  it.each(everyFormat.map((format) => [format.name, format] as const))("%s", (name, format) => {
    expectGolden(files[name], format.render(richReport(), plainOptions));
  });

  const variants: readonly (readonly [string, Partial<RenderOptions>])[] = [
    ["terminal-verbose.txt", { verbose: true, width: 100 }],
    ["terminal-narrow.txt", { width: 40 }],
    ["terminal-color.txt", { color: true }],
  ];
  it.each(variants)("%s", (file, options) => {
    const terminal = everyFormat.find((format) => format.name === "terminal");
    const text = terminal?.render(richReport(), { ...plainOptions, ...options }) ?? "";
    // The file shows an escape character by its symbol, so that it can be read and diffed.
    expectGolden(file, text.replaceAll("\u001b", "\u241b"));
  });

  it.each(everyFormat.map((format) => [format.name, format] as const))("%s of a clean run", (name, format) => {
    expectGolden(`clean-${files[name]}`, format.render(sampleReport([]), plainOptions));
  });
});

describe("golden reports of an audit", () => {
  const dated = { ...plainOptions, scannedAt: auditedAt };

  it.each(everyFormat.map((format) => [format.name, format] as const))("%s", (name, format) => {
    expectGolden(`audit-${files[name]}`, format.render(auditReport(), dated));
  });

  const variants: readonly (readonly [string, Partial<RenderOptions>])[] = [
    ["audit-terminal-wide.txt", { width: 120, verbose: true }],
    ["audit-terminal-narrow.txt", { width: 50 }],
    ["audit-terminal-color.txt", { width: 100, color: true }],
  ];
  it.each(variants)("%s", (file, options) => {
    const terminal = everyFormat.find((format) => format.name === "terminal");
    const text = terminal?.render(auditReport(), { ...dated, ...options }) ?? "";
    expectGolden(file, text.replaceAll("\u001b", "\u241b"));
  });

  it("audit-clean-terminal.txt", () => {
    const { coverage, ...input } = auditInput();
    const clean = { ...coverage, complete: true, unseen: [] };
    const report = buildReport({ ...input, coverage: clean, verdicts: [], problems: [] });
    const terminal = everyFormat.find((format) => format.name === "terminal");
    expectGolden("audit-clean-terminal.txt", terminal?.render(report, plainOptions) ?? "");
  });
});

describe("the same input gives the same bytes", () => {
  it.each(everyFormat.map((format) => [format.name, format] as const))(
    "%s, whatever the order of the input",
    (_, format) => {
      const input = richInput();
      const turned = buildReport({
        ...input,
        verdicts: [...input.verdicts].reverse(),
        problems: [...input.problems].reverse(),
        rules: [...input.rules].reverse(),
        suppressionCounts: [...input.suppressionCounts].reverse(),
      });
      expect(format.render(turned, plainOptions)).toBe(format.render(buildReport(input), plainOptions));
    },
  );
});
