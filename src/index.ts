// The library door: one function that scans and one that renders, with the types of what they take and give.

import path from "node:path";
import { Readable } from "node:stream";
import { formatNames } from "./config/kinds.ts";
import type { FormatName } from "./config/kinds.ts";
import { mergeSettings } from "./config/merge.ts";
import type { PartialSettings, Settings } from "./config/settings.ts";
import { UsageError } from "./errors.ts";
import type { Report } from "./model/finding.ts";
import type { Progress } from "./pipeline/progress.ts";
import { render } from "./pipeline/render.ts";
import { runScan } from "./pipeline/run-scan.ts";
import { openTarget } from "./pipeline/scan-target.ts";
import type { ScanTarget } from "./pipeline/scan-target.ts";
import { rootOf } from "./pipeline/side-files.ts";
import type { VerificationUse } from "./pipeline/verify-findings.ts";

export type { PartialSettings, Settings } from "./config/settings.ts";
export { ConfigError, InternalError, KeywardenError, RuleError, SourceError, UsageError } from "./errors.ts";
export type { Problem, Skip } from "./model/blob.ts";
export type {
  Coverage,
  Decision,
  Finding,
  Occurrence,
  Report,
  Summary,
  Suppression,
  Verdict,
} from "./model/finding.ts";
export type { Encoding, Fact, Location } from "./model/match.ts";
export type { Confidence, Rule, Severity } from "./model/rule.ts";
export type { Verification, VerificationReason, VerificationStatus } from "./model/verification.ts";
export { Secret } from "./model/secret.ts";
export type { Progress } from "./pipeline/progress.ts";

/** How providers are asked whether what is found still works: docs/verification.md says what is sent to whom. */
export interface VerifyOptions {
  /** Ask only these providers. Default: all that can be asked. */
  readonly providers?: readonly string[];
  /** Ask about so many secrets of one provider. Default: 25. */
  readonly budget?: number;
  /** Ask these addresses instead of the providers' own. */
  readonly endpoints?: Readonly<Record<string, string>>;
  /** Send the questions through this proxy. */
  readonly proxy?: string;
  /** Keep verdicts for later runs in the user's cache folder, and use those that are there. Default: neither. */
  readonly remember?: boolean;
  /** Told in words who is about to be asked about what, before anything is sent. */
  readonly onPlan?: (words: string) => void;
}

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

/** By its face: other realms and libraries have classes of their own. */
function isSignal(value: unknown): boolean {
  const { aborted, addEventListener } = Object(value) as Partial<AbortSignal>;
  return typeof aborted === "boolean" && typeof addEventListener === "function";
}

/** What each option must be, for callers without types. */
const shapes: readonly (readonly [name: keyof ScanOptions, what: string, fits: (value: unknown) => boolean])[] = [
  ["paths", "a list of texts", (value) => Array.isArray(value) && value.every((one) => typeof one === "string")],
  ["text", "a text or bytes", (value) => typeof value === "string" || value instanceof Uint8Array],
  ["name", "a text", (value) => typeof value === "string"],
  ["staged", "true or false", (value) => typeof value === "boolean"],
  ["range", "a text", (value) => typeof value === "string"],
  ["cwd", "a text", (value) => typeof value === "string"],
  ["verify", "an object of options", (value) => typeof value === "object" && value !== null && !Array.isArray(value)],
  ["now", "a date", (value) => value instanceof Date && !Number.isNaN(value.getTime())],
  ["signal", "an AbortSignal", isSignal],
  ["onProgress", "a function", (value) => typeof value === "function"],
];

function checkOptions(options: ScanOptions): void {
  if (typeof options !== "object" || options === null) throw new UsageError("scan() takes an object of options");
  for (const [name, what, fits] of shapes) {
    if (options[name] !== undefined && !fits(options[name])) throw new UsageError(`scan(): ${name} must be ${what}`);
  }
}

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

async function verificationOf(
  { env, signal }: ScanOptions,
  wish: VerifyOptions,
  at: { readonly root: string; readonly rules: readonly string[] },
): Promise<VerificationUse> {
  if (env === undefined) {
    throw new UsageError(
      "scan(): verify needs env, since it is refused in git hooks and for pull requests from forks",
      {
        hint: "Pass env: process.env.",
      },
    );
  }
  const { openVerification } = await import("./pipeline/open-verification.ts");
  const { endpoints, remember, onPlan, ...rest } = wish;
  const named = Object.entries(endpoints ?? {}).map(([provider, address]) => `${provider}=${address}`);
  const silent = () => undefined;
  const place = { ...at, env, signal, onPlan: onPlan ?? silent, onNote: onPlan ?? silent };
  return openVerification({ ...rest, endpoints: named, cache: remember === true }, place);
}

/**
 * Scans and judges, as `keywarden scan` does, and writes nothing anywhere (but verdicts, with `verify.remember`). Secrets in the report are masked and hold
 * no value unless `settings.showSecrets` is set.
 *
 * @throws {KeywardenError} for wrong options, broken rules, or sources that cannot be opened. Trouble on the way is no
 * error: it stands in `report.problems`, and `report.coverage.complete` is then false.
 *
 * @example
 * const report = await scan({ paths: ["src"] });
 * for (const { finding, decision } of report.verdicts) console.log(decision, finding.rule, finding.secret.masked);
 */
export async function scan(options: ScanOptions): Promise<Report> {
  checkOptions(options);
  const target = targetOf(options);
  const cwd = path.resolve(options.cwd ?? ".");
  const root = rootOf(cwd, target.kind === "paths" ? target.paths : []);
  const settings = await settingsOf(options.settings, cwd);
  const verification =
    options.verify && (await verificationOf(options, options.verify, { root, rules: settings.rules }));
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

/** Options of a rendering; see `keywarden scan --help` for the formats. */
export interface FormatOptions {
  readonly color?: boolean;
  readonly width?: number;
  readonly verbose?: boolean;
  readonly showSecrets?: boolean;
}

/** Renders a report as one of the command line's formats. Throws UsageError for a format that there is none of. */
export function formatReport(report: Report, format: FormatName, options: FormatOptions = {}): string {
  if (!formatNames.includes(format)) throw new UsageError(`format must be one of ${formatNames.join(", ")}`);
  return render(report, format, { color: false, width: 80, verbose: false, showSecrets: false, ...options });
}
