// Turns a report into one JSON object; the shape is declared in schema.ts.

import { jsonText } from "../base/escape.ts";
import type { Report } from "../model/finding.ts";
import type { RenderOptions } from "./options.ts";
import type { ReportJson } from "./schema.ts";
import { schemaVersion, shapeCoverage, shapeFinding, shapeProblems, shapeSummary, shapeTool } from "./shape.ts";
import { glossaryOf } from "./words.ts";

/** One object, indented by two spaces, with a newline at its end. All findings, allowed ones included. */
export function renderJson(report: Report, options: RenderOptions): string {
  const glossary = glossaryOf(report);
  const json: ReportJson = {
    schemaVersion,
    tool: shapeTool(report.tool),
    summary: shapeSummary(report.summary),
    findings: report.verdicts.map((verdict) => shapeFinding(verdict, glossary, options)),
    coverage: shapeCoverage(report.coverage),
    problems: shapeProblems(report.problems),
  };
  return `${jsonText(json, 2)}\n`;
}
