// The tables of report formats: name, media type, what it is for, whether it may show secrets, how to render.

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

/** The formats that `formats` holds. */
export type TextFormatName =
  | "terminal"
  | "json"
  | "jsonl"
  | "sarif"
  | "gitleaks-json"
  | "csv"
  | "junit"
  | "github"
  | "gitlab";

/** What `--format` takes. */
export type FormatName = TextFormatName | "html";

/** Pure: the same report and options give the same text. */
export type Render = (report: Report, options: RenderOptions) => string;

/** What is known of a format before it renders anything. */
export interface FormatTraits<Name extends FormatName> {
  readonly name: Name;
  readonly mediaType: string;
  /** For help texts, without a full stop. */
  readonly describe: string;
  /** Whether `options.showSecrets` has an effect; the other formats are always masked. */
  readonly showsSecrets: boolean;
}

/** A format whose code is small and always at hand. */
export interface Format extends FormatTraits<TextFormatName> {
  readonly render: Render;
}

/** A format whose code is large, so that only those who ask for it load it. */
export interface LargeFormat extends FormatTraits<Exclude<FormatName, TextFormatName>> {
  readonly load: () => Promise<Render>;
}

/** The formats at hand, in the order in which help shows them. */
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

/** The formats that are loaded on first use; help shows them last. */
export const largeFormats: readonly LargeFormat[] = [
  {
    name: "html",
    mediaType: "text/html",
    describe: "one page for people: what is alive, since when, where, and what to do",
    showsSecrets: false,
    load: async () => (await import("./format-html.ts")).renderHtml,
  },
];

/** The names of all formats. */
export const formatNames: readonly FormatName[] = [...formats, ...largeFormats].map((format) => format.name);

/** The format of that name among those at hand, or undefined where there is none. */
export function formatNamed(name: string): Format | undefined {
  return formats.find((format) => format.name === name);
}

/** How to render the format of that name, loaded where it is not at hand; undefined where there is none. */
export async function loadRender(name: string): Promise<Render | undefined> {
  return formatNamed(name)?.render ?? largeFormats.find((format) => format.name === name)?.load();
}
