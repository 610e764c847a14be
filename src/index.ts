// The library door: functions that scan, audit and render, with the types of what they take and give.

import path from "node:path";
import { Readable } from "node:stream";
import { checkOptions, isDate, isObject, isSignal, isTexts } from "./config/check-options.ts";
import type { Shapes } from "./config/check-options.ts";
import { formatNames } from "./config/kinds.ts";
import { mergeSettings } from "./config/merge.ts";
import type { PartialSettings, Settings } from "./config/settings.ts";
import { UsageError } from "./errors.ts";
import type { Report } from "./model/finding.ts";
import { verificationOf } from "./pipeline/called-verification.ts";
import type { VerifyOptions } from "./pipeline/called-verification.ts";
import type { Progress } from "./pipeline/progress.ts";
import { loadAndRender, render } from "./pipeline/render.ts";
import type { TextFormatName } from "./pipeline/render.ts";
import { runScan } from "./pipeline/run-scan.ts";
import { openTarget } from "./pipeline/scan-target.ts";
import type { ScanTarget } from "./pipeline/scan-target.ts";
import { rootOf } from "./pipeline/side-files.ts";

export type { PartialSettings, Settings } from "./config/settings.ts";
export { ConfigError, InternalError, KeywardenError, RuleError, SourceError, UsageError } from "./errors.ts";
export type { Problem, Skip } from "./model/blob.ts";
export type {
  Coverage,
  Decision,
  Finding,
  ObjectCounts,
  Occurrence,
  Report,
  Summary,
  Suppression,
  Unseen,
  Verdict,
} from "./model/finding.ts";
export type { CommitPoint, Exposure, Introduction, Origin, Presence, ReachingRefs } from "./model/history.ts";
export type { Encoding, Fact, Location } from "./model/match.ts";
export type { Confidence, Rule, Severity } from "./model/rule.ts";
export type { Verification, VerificationReason, VerificationStatus } from "./model/verification.ts";
export { Secret } from "./model/secret.ts";
export type { VerifyOptions } from "./pipeline/called-verification.ts";
export type { Progress } from "./pipeline/progress.ts";

/** What to scan (exactly one of `paths`, `text`, `staged`, `range`) and how. */
export interface ScanOptions {
  /** Files, folders or globs, relative to `cwd`. */
  readonly paths?: readonly string[];
  /** A text or bytes at hand, reported under `name` (default `text`). */
  readonly text?: string | Uint8Array;
  readonly name?: string;
  /** What is staged in the repository at `cwd`. */
  readonly staged?: boolean;
  /** What the commits of a range introduce in the repository at `cwd`: `BASE..HEAD`. */
  readonly range?: string;
  /** Default: the process's working folder. */
  readonly cwd?: string;
  /** As in .keywarden/config.yml, in camel case. The library reads no configuration file. */
  readonly settings?: PartialSettings;
  /** Ask providers; `env` must be given too, since it says where that is refused. Default: nobody is asked. */
  readonly verify?: VerifyOptions;
  /** Where KEYWARDEN_KEY is looked up. Default: nowhere. */
  readonly env?: NodeJS.ProcessEnv;
  /** The day that counts as today for expiry dates. Default: now. */
  readonly now?: Date;
  /** Ends the scan early; the report then holds what was found so far and says that it is not complete. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** What a scan and an audit both take. */
type SharedOptions = Pick<ScanOptions, "cwd" | "settings" | "verify" | "env" | "now" | "signal" | "onProgress">;

/** What each option must be, for callers without types. */
const sharedShapes: Shapes<SharedOptions> = [
  ["cwd", "a text", (value) => typeof value === "string"],
  ["verify", "an object of options", isObject],
  ["now", "a date", isDate],
  ["signal", "an AbortSignal", isSignal],
  ["onProgress", "a function", (value) => typeof value === "function"],
];

const scanShapes: Shapes<ScanOptions> = [
  ["paths", "a list of texts", isTexts],
  ["text", "a text or bytes", (value) => typeof value === "string" || value instanceof Uint8Array],
  ["name", "a text", (value) => typeof value === "string"],
  ["staged", "true or false", (value) => typeof value === "boolean"],
  ["range", "a text", (value) => typeof value === "string"],
  ...sharedShapes,
];

const auditShapes: Shapes<AuditOptions> = [
  ["repository", "a text", (value) => typeof value === "string"],
  ["refs", "a list of texts", isTexts],
  ["since", "a date", isDate],
  ["paths", "a list of texts", isTexts],
  ["worktree", "true or false", (value) => typeof value === "boolean"],
  ["cache", "true or false", (value) => typeof value === "boolean"],
  ...sharedShapes,
];

function targetOf(options: ScanOptions): ScanTarget {
  const targets: ScanTarget[] = [];
  if (options.paths !== undefined) targets.push({ kind: "paths", paths: options.paths });
  if (options.text !== undefined) {
    const bytes = typeof options.text === "string" ? Buffer.from(options.text, "utf8") : options.text;
    targets.push({ kind: "stdin", stream: Readable.from([bytes]), name: options.name ?? "text" });
  }
  if (options.staged === true) targets.push({ kind: "staged" });
  if (options.range !== undefined) targets.push({ kind: "range", range: options.range });
  const [target] = targets;
  if (target === undefined || targets.length > 1) {
    throw new UsageError("scan() takes exactly one of paths, text, staged and range");
  }
  return target;
}

/** The settings are judged only where there are any: the schemas take longer to load than a small scan. */
async function settingsOf(given: unknown, cwd: string): Promise<Settings> {
  if (given === undefined) return mergeSettings({}, {});
  const { checkSettings } = await import("./config/check-settings.ts");
  return mergeSettings({}, checkSettings(given, cwd));
}

/**
 * Scans and judges, as `keywarden scan` does, and writes nothing anywhere (but verdicts, with `verify.remember`).
 * Secrets in the report are masked and hold no value unless `settings.showSecrets` is set.
 *
 * @throws {KeywardenError} for wrong options, broken rules, or sources that cannot be opened. Trouble on the way is no
 * error: it stands in `report.problems`, and `report.coverage.complete` is then false.
 *
 * @example
 * const report = await scan({ paths: ["src"] });
 * for (const { finding, decision } of report.verdicts) console.log(decision, finding.rule, finding.secret.masked);
 */
export async function scan(options: ScanOptions): Promise<Report> {
  checkOptions("scan", options, scanShapes);
  const target = targetOf(options);
  const cwd = path.resolve(options.cwd ?? ".");
  const root = rootOf(cwd, target.kind === "paths" ? target.paths : []);
  const settings = await settingsOf(options.settings, cwd);
  const verification = await verificationOf(options, { root, rules: settings.rules });
  const { report } = await runScan({
    root,
    sources: [await openTarget(target, { cwd, root }, settings)],
    settings,
    env: options.env ?? {},
    now: (options.now ?? new Date()).getTime(),
    signal: options.signal,
    onProgress: options.onProgress,
    verification,
  });
  return report;
}

/** Which repository to audit, how much of it, and how. */
export interface AuditOptions extends SharedOptions {
  /** A folder in it, relative to `cwd`, or a URL, which is cloned for as long as the audit takes. Default: `cwd`. */
  readonly repository?: string;
  /** Only what these refs reach. Default: every object there is. */
  readonly refs?: readonly string[];
  /** Only what commits since then brought in. */
  readonly since?: Date;
  /** Only files at paths that match one of these globs. */
  readonly paths?: readonly string[];
  /** Read the files of the working tree, too. Default: true. */
  readonly worktree?: boolean;
  /** Use and keep the user's audit cache. Default: false, so that nothing is written anywhere. */
  readonly cache?: boolean;
}

/**
 * Audits a repository, as `keywarden audit` does: every object of it, with the history of each secret in
 * `finding.origin`, and what was not seen in `report.coverage.unseen`. Otherwise like `scan`.
 *
 * @throws {KeywardenError} for wrong options, broken rules, or a repository that cannot be opened or cloned.
 *
 * @example
 * const report = await audit({ repository: "." });
 * for (const { finding } of report.verdicts) console.log(finding.rule, finding.origin?.exposure);
 */
export async function audit(options: AuditOptions = {}): Promise<Report> {
  checkOptions("audit", options, auditShapes);
  const [{ openAuditTarget }, { runAudit }] = await Promise.all([
    import("./pipeline/audit-target.ts"),
    import("./pipeline/run-audit.ts"),
  ]);
  const cwd = path.resolve(options.cwd ?? ".");
  const settings = await settingsOf(options.settings, cwd);
  const now = (options.now ?? new Date()).getTime();
  const { refs = [], paths = [], since, worktree = true, signal } = options;
  const { root, bare, shown, release } = await openAuditTarget(options.repository ?? ".", { cwd, now, signal });
  try {
    const { report } = await runAudit({
      root,
      bare,
      shown,
      settings,
      scope: { refs, paths, worktree, ...(since === undefined ? {} : { since: since.getTime() }) },
      env: options.env ?? {},
      now,
      cache: options.cache ?? false,
      verification: await verificationOf(options, { root, rules: settings.rules }),
      ...(settings.maxMemory === undefined ? {} : { maxMemoryBytes: settings.maxMemory }),
      signal,
      onProgress: options.onProgress,
    });
    return report;
  } finally {
    release();
  }
}

const plainFormat = { color: false, width: 80, verbose: false, showSecrets: false } as const;

/** Options of a rendering; see `keywarden scan --help` for the formats. */
export interface FormatOptions {
  readonly color?: boolean;
  readonly width?: number;
  readonly verbose?: boolean;
  readonly showSecrets?: boolean;
}

/** Renders a report as one of the command line's formats but `html`. Throws UsageError for a format that there is none of. */
export function formatReport(report: Report, format: TextFormatName, options: FormatOptions = {}): string {
  const names = formatNames.filter((name) => name !== "html");
  if (!names.includes(format)) {
    throw new UsageError(`format must be one of ${names.join(", ")}`, { hint: "htmlReport() makes the HTML page." });
  }
  return render(report, format, { ...plainFormat, ...options });
}

/** Options of the HTML page. */
export interface HtmlOptions {
  /** Findings of low confidence, too. */
  readonly verbose?: boolean;
  /** When the report was made: deadlines are reckoned from that day. Default: now. */
  readonly now?: Date;
}

/** Renders a report as the command line's `--format html`: one self-contained page, always masked. */
export async function htmlReport(report: Report, options: HtmlOptions = {}): Promise<string> {
  const { verbose = false, now = new Date() } = options;
  if (!isDate(now)) throw new UsageError("htmlReport: now must be a date");
  return loadAndRender(report, "html", { ...plainFormat, verbose, scannedAt: now.toISOString().slice(0, 19) });
}
