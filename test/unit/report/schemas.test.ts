// The machine formats against their schemas: our own, and what we use of the foreign ones.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import formatsPlugin from "ajv-formats";
import { describe, expect, it } from "vitest";
import { generateSchemas } from "../../../scripts/generate-schemas.ts";
import type { Report } from "../../../src/model/finding.ts";
import { formatNamed } from "../../../src/report/formats.ts";
import { plainOptions } from "../../../src/report/options.ts";
import { reportSchema } from "../../../src/report/schema.ts";
import { auditReport } from "../../helpers/report-audit.ts";
import { richReport } from "../../helpers/report-rich.ts";
import { sampleReport } from "../../helpers/report-sample.ts";
import { gitlabSubset, gitleaksEntries, sarifSubset } from "../../helpers/report-schemas.ts";

const root = join(import.meta.dirname, "../../..");
const addFormats = formatsPlugin.default;

/** What is wrong with a value; empty when it fits. Foreign schemas of draft 4 to 7 differ in nothing we meet. */
function faults(schema: object, value: unknown): unknown[] {
  const { $schema, id: _id, ...rest } = schema as { $schema?: string; id?: string };
  const ajv =
    $schema?.includes("2020-12") === true
      ? new Ajv2020({ allErrors: true })
      : new Ajv({ strict: false, allErrors: true, unicodeRegExp: false });
  addFormats(ajv as Ajv);
  const check = ajv.compile(rest);
  check(value);
  return check.errors ?? [];
}

function render(name: string, report: Report): string {
  const format = formatNamed(name);
  if (format === undefined) throw new Error(`no format ${name}`);
  return format.render(report, { ...plainOptions, verbose: true });
}

const reports = [
  ["rich", richReport()],
  ["clean", sampleReport([])],
  ["audit", auditReport()],
] as const;

const shipped = new Map(generateSchemas().map(({ path, text }) => [path, text]));

/** The schema of the standard (OASIS SARIF 2.1.0), as a package ships it. */
const officialSarif = JSON.parse(
  readFileSync(
    createRequire(import.meta.url).resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"),
    "utf8",
  ),
) as object;

describe("schemas/", () => {
  it.each([...shipped])("%s is what its declaration gives (run scripts/generate-schemas.ts)", (path, text) => {
    expect(readFileSync(join(root, path), "utf8").replaceAll("\r\n", "\n")).toBe(text);
  });
});

describe.each(reports)("%s report", (_, report) => {
  const schemaOf = (path: string): object => JSON.parse(shipped.get(path) ?? "{}") as object;

  it("json fits schemas/report.schema.json", () => {
    const value: unknown = JSON.parse(render("json", report));
    expect(faults(schemaOf("schemas/report.schema.json"), value)).toEqual([]);
    expect(reportSchema.safeParse(value).error).toBeUndefined();
  });

  it("each line of jsonl fits schemas/report-line.schema.json", () => {
    const lines = render("jsonl", report)
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as { kind: string });
    expect(lines.flatMap((line) => faults(schemaOf("schemas/report-line.schema.json"), line))).toEqual([]);
    expect(lines.at(0)?.kind).toBe("header");
    expect(lines.at(-1)?.kind).toBe("summary");
    expect(lines.filter((line) => line.kind === "finding")).toHaveLength(report.summary.findings);
  });

  it.each([
    ["sarif", sarifSubset],
    ["gitlab", gitlabSubset],
    ["gitleaks-json", gitleaksEntries],
  ])("%s fits what we know of its schema", (name, schema) => {
    expect(faults(schema, JSON.parse(render(name, report)))).toEqual([]);
  });

  it("sarif fits the official schema", () => {
    expect(faults(officialSarif, JSON.parse(render("sarif", report)))).toEqual([]);
  });

  // GitLab's schema is in no package; name a downloaded one to check against it as well.
  it.runIf(process.env.KEYWARDEN_GITLAB_SCHEMA)("gitlab fits the official schema", () => {
    const schema = JSON.parse(readFileSync(process.env.KEYWARDEN_GITLAB_SCHEMA ?? "", "utf8")) as object;
    expect(faults(schema, JSON.parse(render("gitlab", report)))).toEqual([]);
  });
});

describe("the checks can fail", () => {
  it("the official SARIF schema refuses a run without a tool", () => {
    expect(faults(officialSarif, { version: "2.1.0", runs: [{ results: [] }] })).not.toEqual([]);
  });

  it.each([
    ["schemas/report.schema.json", { schemaVersion: 2 }],
    ["schemas/report-line.schema.json", { kind: "finding" }],
  ])("%s refuses %j", (path, value) => {
    expect(faults(JSON.parse(shipped.get(path) ?? "{}") as object, value)).not.toEqual([]);
  });

  it("an unknown field is refused", () => {
    const value = JSON.parse(render("sarif", richReport())) as { runs: { results: { snippet?: string }[] }[] };
    const result = value.runs[0]?.results[0];
    if (result !== undefined) result.snippet = "x";
    expect(faults(sarifSubset, value)).not.toEqual([]);
  });
});
