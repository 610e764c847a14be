// Findings and what was read in, a report out: the last steps of every walk, verification, policy and report.

import { resolve } from "node:path";
import { loadRegexEngine } from "../base/regex/engine.ts";
import { matchesGlob } from "../base/glob.ts";
import { ownVersion } from "../base/version.ts";
import type { Settings } from "../config/settings.ts";
import { namesOf } from "../findings/fingerprint.ts";
import type { FingerprintKey } from "../findings/key.ts";
import type { Problem } from "../model/blob.ts";
import type { Coverage, Occurrence, Report, Verdict } from "../model/finding.ts";
import type { Rule } from "../model/rule.ts";
import { Secret } from "../model/secret.ts";
import type { Grouped } from "../findings/group.ts";
import type { InlineAllow } from "../policy/allow.ts";
import type { Baseline } from "../policy/baseline.ts";
import { needsValues } from "../policy/foreign.ts";
import type { ForeignEntry } from "../policy/foreign-entry.ts";
import { judgeFindings } from "../policy/judge.ts";
import { buildReport } from "../report/build.ts";
import type { HiddenName } from "../report/mask-names.ts";
import { hiddenValues } from "../report/reveal.ts";
import { displayPath } from "../sources/native-path.ts";
import { baselineOf, foreignOf, keyOf } from "./side-files.ts";
import { secretNames } from "./names-in-report.ts";
import type { ScanSetup } from "./scan-setup.ts";
import type { Judge, Values, VerificationUse } from "./verify-findings.ts";

/** What stands beside the scanned files and decides on findings. */
export interface Sides {
  readonly key: FingerprintKey;
  readonly baseline: Baseline | undefined;
  readonly foreign: readonly ForeignEntry[];
  /** Values are in the report. */
  readonly showValues: boolean;
  /** Values are needed, to show them or to look them up in a list that names them by hash. */
  readonly keepValues: boolean;
}

/** A report, and how long each rule took where the settings asked for it (milliseconds). */
export interface ScanOutcome {
  readonly report: Report;
  readonly times: ReadonlyMap<string, number>;
}

/** Reads what decides on findings. Throws KeywardenError for files that cannot be read or understood. */
export async function openSides(request: {
  readonly root: string;
  readonly settingsRoot?: string | undefined;
  readonly settings: Settings;
  readonly env: NodeJS.ProcessEnv;
  readonly keepValues?: boolean;
}): Promise<Sides> {
  const { settings } = request;
  const root = request.settingsRoot ?? request.root;
  const key = keyOf(root, request.env);
  const baseline = baselineOf(root, settings.baseline, key.id);
  const foreign = await foreignOf(root, settings.honour);
  const showValues = request.keepValues === true || settings.showSecrets;
  return { key, baseline, foreign, showValues, keepValues: showValues || needsValues(foreign) };
}

/** A verdict as others may have it: the value served to look the secret up in lists that name it by hash. */
function withoutValue(verdict: Verdict): Verdict {
  const { finding } = verdict;
  return { ...verdict, finding: { ...finding, secret: new Secret("", finding.secret.masked) } };
}

/** Everything that a walk brought together. */
export interface Collected {
  readonly grouped: Grouped<InlineAllow>;
  readonly coverage: Coverage;
  readonly problems: readonly Problem[];
  /** The rules that ran. */
  readonly rules: readonly Rule[];
  readonly rulesHash: string;
  /** Names that a walk saw whole and knows to hold a secret; those that the report shows are looked at here. */
  readonly hiddenNames?: readonly HiddenName[];
  /** What was scanned with. */
  readonly setup: ScanSetup;
  /** The values of findings, read again for those that providers are asked about. */
  readonly read: Values["read"];
}

/** What inline comments say of places. */
export type Inline = ReadonlyMap<Occurrence, readonly InlineAllow[]>;

/** How a run whose changes come from others is held to what was accepted before; each is absent elsewhere. */
export interface Guard {
  /** Where settings files stand, when that is not the scanned root; absolute. */
  readonly settingsRoot?: string | undefined;
  /** Which of the inline comments count. */
  readonly inlineOf?: ((grouped: Grouped<InlineAllow>, key: FingerprintKey) => Promise<Inline>) | undefined;
  /** Told the values of all that asks for action, before there is a report; names that hold one are masked then. */
  readonly onValues?: ((secrets: readonly Secret[]) => void) | undefined;
}

/** What a conclusion hangs on besides what was found. */
export interface ConcludeRequest extends Guard {
  readonly root: string;
  readonly settings: Settings;
  readonly now: number;
  /** Fingerprints of the findings that matter; absent: all. */
  readonly only?: ReadonlySet<string> | undefined;
  /** How providers are asked; absent: not at all. */
  readonly verification?: VerificationUse | undefined;
}

function judgeOf(request: ConcludeRequest, sides: Sides, grouped: Grouped<InlineAllow>, inline: Inline): Judge {
  const { settings, now, only } = request;
  const { baseline, foreign } = sides;
  const root = request.settingsRoot ?? request.root;
  return (verifications, lists) =>
    judgeFindings({
      findings: grouped.findings.filter(({ fingerprint }) => only?.has(fingerprint) !== false),
      inline,
      verifications,
      ...(baseline === undefined || !lists ? {} : { baseline }),
      ...(typeof settings.baseline === "string"
        ? { baselineName: displayPath(root, resolve(root, settings.baseline)) }
        : {}),
      allow: settings.allow,
      foreign: lists ? foreign : [],
      tools: { matchesGlob, namesOf },
      failOn: { confidence: settings.failOn },
      minConfidence: settings.minConfidence,
      minSeverity: settings.minSeverity,
      now: new Date(now),
    });
}

/** The values of what asks for action, read again: told to whoever wants them, and hidden in names. */
async function valuesOf(
  verdicts: readonly Verdict[],
  { onValues }: Guard,
  collected: Collected,
): Promise<readonly HiddenName[]> {
  if (onValues === undefined) return [];
  const open = verdicts.filter(({ decision }) => decision !== "allow").map(({ finding }) => finding.fingerprint);
  const subjects = await collected.read(new Set(open));
  const secrets = [...subjects.values()].flat().map(({ secret }) => secret);
  onValues(secrets);
  return hiddenValues(secrets);
}

/** Names that hold a secret in what the report will show of places, history, trouble and what was left out. */
function namesIn({ grouped, coverage, problems, setup }: Collected): readonly HiddenName[] {
  const places = grouped.findings.map(({ occurrences, firstSeen, origin }) => [occurrences, firstSeen, origin]);
  // Most sources have short names, for which nothing need be made ready.
  const sources = coverage.sources.filter((name) => /\S{16}/.test(name));
  return secretNames([places, problems, sources, coverage.skipped, coverage.unseen], setup);
}

/** Asks the providers where that is wanted, judges all findings and builds the report. */
export async function conclude(request: ConcludeRequest, sides: Sides, collected: Collected): Promise<Report> {
  const { verification, inlineOf } = request;
  const { grouped } = collected;
  const inline = inlineOf === undefined ? grouped.allowed : await inlineOf(grouped, sides.key);
  const judge = judgeOf(request, sides, grouped, inline);
  // Whoever does not ask need not load what opens connections.
  const judged =
    verification === undefined
      ? judge(new Map(), true)
      : await (
          await import("./verify-findings.ts")
        ).judgeVerified(judge, { key: sides.key.id, read: collected.read }, verification);
  const values = await valuesOf(judged.verdicts, request, collected);
  const hasValues = sides.keepValues || verification !== undefined;
  return buildReport({
    verdicts: hasValues && !sides.showValues ? judged.verdicts.map(withoutValue) : judged.verdicts,
    suppressionCounts: judged.counts,
    coverage: collected.coverage,
    problems: collected.problems,
    rules: collected.rules,
    tool: { name: "keywarden", version: ownVersion(), rules: collected.rulesHash, engine: loadRegexEngine().name },
    hiddenNames: [...(collected.hiddenNames ?? []), ...namesIn(collected), ...values],
  });
}
