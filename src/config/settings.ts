// The one declaration of every setting: file key, flag, default, help and reference text all come from this table.

import { directiveSpellings } from "../model/match.ts";
import { confidences, severities } from "../model/rule.ts";
import type { CamelCase, Setting, ValueOf } from "./kinds.ts";
import { formatNames } from "./kinds.ts";

/** Other scanners' files that list accepted findings. */
const foreignFiles = [
  ".betterleaksignore",
  ".gitleaksignore",
  ".secrets.baseline",
  ".gitguardian.yaml",
  ".gitguardian.yml",
] as const;

type ForeignSpelling = Exclude<(typeof directiveSpellings)[number], "keywarden:allow">;

/** Everything `honour` can name: other scanners' inline spellings and files. */
export const foreignSuppressions = [
  ...directiveSpellings.filter((spelling): spelling is ForeignSpelling => spelling !== "keywarden:allow"),
  ...foreignFiles,
] as const;

/** All settings, in the order in which help and reference show them. */
export const settings = [
  {
    key: "include",
    value: { kind: "texts", commas: false },
    default: [],
    flag: "--include <glob>",
    where: "file and flag",
    help: "scan only paths that match",
    doc: "Globs, relative to the root, with forward slashes. Without any, everything is included. A path must match one of them and none of `exclude`.",
  },
  {
    key: "exclude",
    value: { kind: "texts", commas: false },
    default: [],
    flag: "--exclude <glob>",
    where: "file and flag",
    flagsAdd: true,
    help: "leave out paths that match",
    doc: "Globs, relative to the root, with forward slashes. `exclude` is stronger than `include`. What is left out is counted in the summary.",
  },
  {
    key: "gitignore",
    value: { kind: "switch" },
    default: true,
    flag: "--gitignore",
    off: { flag: "--no-gitignore", sets: false, help: "read files that git ignores, too" },
    where: "file and flag",
    help: "leave out files that git ignores",
    doc: "Files that git ignores cannot be committed by accident, so a scan of a folder leaves them out. A file that is tracked is always read.",
  },
  {
    key: "rules",
    value: { kind: "paths" },
    default: [],
    flag: "--rules <path>",
    where: "file and flag",
    flagsAdd: true,
    help: "load rules of your own from a file or folder",
    doc: "Rule files, or folders of them, that are loaded beside the built-in rules. `keywarden rules new` writes one, `keywarden rules check` judges it.",
  },
  {
    key: "only",
    value: { kind: "texts", commas: true },
    default: [],
    flag: "--only <id|provider>",
    where: "file and flag",
    help: "use only these rules",
    doc: "Rule ids (`stripe.live-secret-key`) or providers (`stripe`). Without any, every rule is used. A name that no rule has is an error.",
  },
  {
    key: "except",
    value: { kind: "texts", commas: true },
    default: [],
    flag: "--except <id|provider>",
    where: "file and flag",
    help: "use all rules but these",
    doc: "Rule ids or providers. `except` is stronger than `only`. A name that no rule has is an error.",
  },
  {
    key: "min-severity",
    value: { kind: "choice", of: severities },
    default: "info",
    flag: "--min-severity <level>",
    where: "file and flag",
    help: "report findings from this severity up",
    doc: "How bad it is if the credential works: the rule says so.",
  },
  {
    key: "min-confidence",
    value: { kind: "choice", of: confidences },
    default: "medium",
    flag: "--min-confidence <level>",
    where: "file and flag",
    help: "report findings from this confidence up",
    doc: "How sure the rule is that this is a credential. `low` shows everything that any rule takes for possible.",
  },
  {
    key: "fail-on",
    value: { kind: "choice", of: [...confidences, "unknown", "any", "active", "never"] as const },
    default: "medium",
    flag: "--fail-on <level>",
    where: "file and flag",
    help: "exit 1 for findings from this confidence up, or: unknown, any, active, never",
    doc: "Findings below it are shown as warnings. With `--verify`, what is proven dead only warns, and what is proven to work always fails the run. `unknown` fails it for whatever is not proven dead, `any` for everything, `active` only for what is proven to work. `never` shows everything and exits 0, unless something could not be read.",
  },
  {
    key: "exit-code",
    value: { kind: "integer", min: 0, max: 255 },
    default: 1,
    flag: "--exit-code <n>",
    where: "file and flag",
    help: "exit with this code instead of 1",
    doc: "It takes the place of 1 (findings at or above `fail-on`) and of nothing else: wrong usage stays 2, an incomplete scan stays 3.",
  },
  {
    key: "format",
    value: { kind: "formats" },
    default: [{ format: "terminal" }],
    flag: "--format <name>",
    where: "file and flag",
    help: `write a report: ${formatNames.join(", ")}`,
    doc: "One report for each entry: `format`, and `output` for the file it goes to. One entry may go without `output`, to standard output. On the command line each `--output FILE` belongs to the `--format` beside it. In the file, `output` must stay inside the root.",
  },
  {
    key: "show-secrets",
    value: { kind: "switch" },
    default: false,
    flag: "--show-secrets",
    where: "flag",
    help: "add the secret itself to the terminal, json, jsonl and gitleaks-json reports",
    doc: "Only on the command line, and refused where the environment variable `CI` is set: a log is no place for secrets.",
  },
  {
    key: "max-decode-depth",
    value: { kind: "integer", min: 0, max: 5 },
    default: 3,
    flag: "--max-decode-depth <n>",
    where: "file and flag",
    help: "look so many encodings deep",
    doc: "A secret in base64 in JSON escapes is two deep. 0 looks at the bytes as they stand.",
  },
  {
    key: "jobs",
    value: { kind: "integer", min: 1, max: 256, word: "auto" },
    default: "auto",
    flag: "-j, --jobs <n>",
    where: "file and flag",
    help: "use so many threads",
    doc: "`auto` takes one per core where the input is large enough to be worth it. The result does not depend on it.",
  },
  {
    key: "max-memory",
    value: { kind: "size", min: 64 * 1024 ** 2 },
    flag: "--max-memory <size>",
    where: "file and flag",
    help: "keep to so much memory: 512M, 1G",
    doc: "For `keywarden audit`: what the process may take, in units of 1024. Without it, keywarden chooses by itself. Less memory costs time, not findings: an object that does not fit is read as a stream, and one that cannot be read at all is named in the report, which is then incomplete.",
  },
  {
    key: "cache-size",
    value: { kind: "size", min: 1024 ** 2 },
    default: 1024 ** 3,
    flag: "--cache-size <size>",
    where: "file and flag",
    help: "let the audit cache grow to so much: 256M, 2G",
    doc: "For `keywarden audit`: the bound of the whole cache folder, all repositories together, in units of 1024. What was not used for longest goes first.",
  },
  {
    key: "baseline",
    value: { kind: "path" },
    flag: "--baseline <file>",
    off: { flag: "--no-baseline", sets: false, help: "use no baseline" },
    where: "file and flag",
    help: "accept the findings that this file lists",
    doc: "Without it, `.keywarden/baseline.json` is used where it exists. `false` uses none. In the file it must stay inside the root.",
  },
  {
    key: "honour",
    value: { kind: "choices", of: foreignSuppressions },
    default: foreignSuppressions,
    flag: "--honour <spelling|file>",
    off: { flag: "--no-honour", sets: [], help: "honour no other scanner's suppressions" },
    where: "file and flag",
    help: "honour only these suppressions of other scanners",
    doc: `Inline comments and files of other scanners that suppress a finding, each counted in the summary. \`keywarden:allow\` is ours and always honoured. Known: ${foreignSuppressions.map((name) => `\`${name}\``).join(", ")}.`,
  },
  {
    key: "allow",
    value: { kind: "allow" },
    default: [],
    flag: "--allow <entry>",
    where: "file and flag",
    flagsAdd: true,
    help: 'accept findings: "paths=test/**; rules=stripe; reason=…; until=YYYY-MM-DD"',
    doc: "Each entry names `paths` (globs), `rules` (ids or providers) or `fingerprints`, and every part that is there must fit. It needs a `reason`; `owner` and `until` (a date, that day included) are worth having. On the command line an entry is one text of `name=value` parts with `;` between them; a name may come twice.",
  },
  {
    key: "color",
    value: { kind: "choice", of: ["auto", "always", "never"] },
    default: "auto",
    flag: "--color <when>",
    off: { flag: "--no-color", sets: "never", help: "same as --color never" },
    where: "file and flag",
    help: "colour the terminal report: auto, always, never",
    doc: "`auto` colours on a terminal and follows `NO_COLOR` and `FORCE_COLOR`.",
  },
  {
    key: "timings",
    value: { kind: "switch" },
    default: false,
    flag: "--timings",
    where: "file and flag",
    help: "say on standard error how long each rule took",
    doc: "For people who write rules.",
  },
] as const satisfies readonly Setting[];

type Row = (typeof settings)[number];
type RowWithDefault = Extract<Row, { default: unknown }>;
type RowWithoutDefault = Exclude<Row, RowWithDefault>;

/** Every setting with its value: what a run goes by. Keys are those of the file in camelCase. */
export type Settings = { readonly [R in RowWithDefault as CamelCase<R["key"]>]: ValueOf<R["value"]> } & {
  readonly [R in RowWithoutDefault as CamelCase<R["key"]>]?: ValueOf<R["value"]>;
};

/** The settings that mean something to an audit only. */
export const auditSettings = ["max-memory", "cache-size"] as const satisfies readonly Row["key"][];

/** The settings that a file, the flags or a library call name. */
export type PartialSettings = Partial<Settings>;
