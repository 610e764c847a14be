// Turns a report into JSON lines: a header, one line for each finding, and a summary at the end.

import { jsonText } from "../base/escape.ts";
import type { Report } from "../model/finding.ts";
import type { RenderOptions } from "./options.ts";
import type { ReportLineJson } from "./schema.ts";
import { schemaVersion, shapeCoverage, shapeFinding, shapeProblems, shapeSummary, shapeTool } from "./shape.ts";
import { glossaryOf } from "./words.ts";

/** One object a line, each with its `kind`. A file without the summary line was cut off. */
export function renderJsonl(report: Report, options: RenderOptions): string {
  const glossary = glossaryOf(report);
  const lines: ReportLineJson[] = [
    { kind: "header", schemaVersion, tool: shapeTool(report.tool) },
    ...report.verdicts.map((verdict): ReportLineJson => ({
      kind: "finding",
      ...shapeFinding(verdict, glossary, options),
    })),
    {
      kind: "summary",
      summary: shapeSummary(report.summary),
      coverage: shapeCoverage(report.coverage),
      problems: shapeProblems(report.problems),
    },
  ];
  return lines.map((line) => `${jsonText(line, 0)}\n`).join("");
}
