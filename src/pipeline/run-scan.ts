// The corridor of a scan: settings and sources in, a report out. Rooms are called in the order of the walk.

import { resolve } from "node:path";
import { loadRegexEngine } from "../base/regex/engine.ts";
import { matchesGlob } from "../base/glob.ts";
import { ownVersion } from "../base/version.ts";
import type { Settings } from "../config/settings.ts";
import { namesOf } from "../findings/fingerprint.ts";
import type { Source } from "../model/blob.ts";
import type { Report, Verdict } from "../model/finding.ts";
import { Secret } from "../model/secret.ts";
import { needsValues } from "../policy/foreign.ts";
import { judgeFindings } from "../policy/judge.ts";
import { buildReport } from "../report/build.ts";
import { displayPath } from "../sources/native-path.ts";
import { collectFindings } from "./collect-findings.ts";
import type { Watch } from "./gather.ts";
import { readSubjects } from "./read-subjects.ts";

import { baselineOf, foreignOf, keyOf } from "./side-files.ts";
import type { Judge, VerificationUse } from "./verify-findings.ts";

/** One run: what is scanned, by which settings, and on which day. */
export interface ScanRequest extends Watch {
  /** Absolute; paths are shown from here, and settings files stand here. */
  readonly root: string;
  readonly sources: readonly Source[];
  readonly settings: Settings;
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds since 1970 that count as today. */
  readonly now: number;
  /** Fingerprints of the findings that matter; absent: all. */
  readonly only?: ReadonlySet<string> | undefined;
  /** How providers are asked; absent: not at all. */
  readonly verification?: VerificationUse | undefined;
  /** Keep secrets' values in the report although nobody is shown them, for a list that is imported by hash. */
  readonly keepValues?: boolean;
}

/** A report, and how long each rule took where the settings asked for it (milliseconds). */
export interface ScanOutcome {
  readonly report: Report;
  readonly times: ReadonlyMap<string, number>;
}

/** A verdict as others may have it: the value served to look the secret up in lists that name it by hash. */
function withoutValue(verdict: Verdict): Verdict {
  const { finding } = verdict;
  return { ...verdict, finding: { ...finding, secret: new Secret("", finding.secret.masked) } };
}

/** Scans and judges. Throws KeywardenError for wrong settings or sources that cannot be opened. */
export async function runScan(request: ScanRequest): Promise<ScanOutcome> {
  const { root, settings } = request;
  const key = keyOf(root, request.env);
  const baseline = baselineOf(root, settings.baseline, key.id);
  const foreign = await foreignOf(root, settings.honour);
  const showValues = request.keepValues === true || settings.showSecrets;
  const keepValues = showValues || needsValues(foreign);
  const rereadable = request.verification !== undefined;
  const collected = await collectFindings({ ...request, key, keepValues, rereadable });
  const judge: Judge = (verifications, lists) =>
    judgeFindings({
      findings: collected.grouped.findings.filter(({ fingerprint }) => request.only?.has(fingerprint) !== false),
      inline: collected.grouped.allowed,
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
      now: new Date(request.now),
    });
  const judged =
    request.verification === undefined
      ? judge(new Map(), true)
      : await (
          await import("./verify-findings.ts")
        ).judgeVerified(
          judge,
          { key: key.id, read: (wanted) => readSubjects(collected, wanted, request.signal) },
          request.verification,
        );
  const report = buildReport({
    verdicts: (keepValues || rereadable) && !showValues ? judged.verdicts.map(withoutValue) : judged.verdicts,
    suppressionCounts: judged.counts,
    coverage: collected.gathered.coverage,
    problems: collected.gathered.problems,
    rules: collected.rules,
    tool: { name: "keywarden", version: ownVersion(), rules: collected.rulesHash, engine: loadRegexEngine().name },
  });
  return { report, times: collected.times };
}
