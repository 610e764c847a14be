// The table of report formats: name, media type, what it is for, whether it may show secrets, how to render.

import type { Report } from "../model/finding.ts";
import { renderCsv } from "./format-csv.ts";
import { renderGithub } from "./format-github.ts";
import { renderGitlab } from "./format-gitlab.ts";
import { renderGitleaksJson } from "./format-gitleaks-json.ts";
import { renderJson } from "./format-json.ts";
import { renderJsonl } from "./format-jsonl.ts";
import { renderJunit } from "./format-junit.ts";
import { renderSarif } from "./format-sarif.ts";
import { renderTerminal } from "./format-terminal.ts";
import type { RenderOptions } from "./options.ts";

/** What `--format` takes. */
export type FormatName =
  | "terminal"
  | "json"
  | "jsonl"
  | "sarif"
  | "gitleaks-json"
  | "csv"
  | "junit"
  | "github"
  | "gitlab";

/** One format. `render` is pure: the same report and options give the same text. */
export interface Format {
  readonly name: FormatName;
  readonly mediaType: string;
  /** For help texts, without a full stop. */
  readonly describe: string;
  /** Whether `options.showSecrets` has an effect; the other formats are always masked. */
  readonly showsSecrets: boolean;
  readonly render: (report: Report, options: RenderOptions) => string;
}

/** All formats, in the order in which help shows them. */
export const formats: readonly Format[] = [
  {
    name: "terminal",
    mediaType: "text/plain",
    describe: "for people: each secret with its places, why it matters and what to do",
    showsSecrets: true,
    render: renderTerminal,
  },
  {
    name: "json",
    mediaType: "application/json",
    describe: "one object, declared in schemas/report.schema.json",
    showsSecrets: true,
    render: renderJson,
  },
  {
    name: "jsonl",
    mediaType: "application/x-ndjson",
    describe: "JSON lines: a header, a line for each finding, a summary",
    showsSecrets: true,
    render: renderJsonl,
  },
  {
    name: "sarif",
    mediaType: "application/sarif+json",
    describe: "SARIF 2.1.0, for code scanning",
    showsSecrets: false,
    render: renderSarif,
  },
  {
    name: "gitleaks-json",
    mediaType: "application/json",
    describe: "the fields of gitleaks' JSON report, for programs that read it",
    showsSecrets: true,
    render: renderGitleaksJson,
  },
  {
    name: "csv",
    mediaType: "text/csv",
    describe: "a row for each place, for spreadsheets",
    showsSecrets: false,
    render: renderCsv,
  },
  {
    name: "junit",
    mediaType: "application/xml",
    describe: "JUnit XML, for test dashboards",
    showsSecrets: false,
    render: renderJunit,
  },
  {
    name: "github",
    mediaType: "text/plain",
    describe: "workflow commands, which GitHub Actions shows as annotations",
    showsSecrets: false,
    render: renderGithub,
  },
  {
    name: "gitlab",
    mediaType: "application/json",
    describe: "GitLab's secret detection report",
    showsSecrets: false,
    render: renderGitlab,
  },
];

/** The names of all formats. */
export const formatNames: readonly FormatName[] = formats.map((format) => format.name);

/** The format of that name, or undefined where there is none. */
export function formatNamed(name: string): Format | undefined {
  return formats.find((format) => format.name === name);
}
