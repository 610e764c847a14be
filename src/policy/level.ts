// A finding, what its provider said and what the run fails on in; whether it blocks, and why, out.

import type { Finding } from "../model/finding.ts";
import { confidences, severities } from "../model/rule.ts";
import type { Confidence, Severity } from "../model/rule.ts";
import { isActive, isDead } from "../model/verification.ts";
import type { Verification } from "../model/verification.ts";

/**
 * What fails a run. A confidence: findings from there up, unless proven dead. `unknown`: whatever is not proven dead.
 * `any`: everything. `active`: only what is proven to work. `never`: nothing.
 */
export type FailLevel = Confidence | "unknown" | "any" | "active" | "never";

/** What blocks. */
export interface FailOn {
  readonly confidence?: FailLevel;
  readonly severity?: Severity;
}

/** Whether a finding blocks, and the sentence that says why. */
export interface Level {
  readonly blocks: boolean;
  readonly reason: string;
}

function yes(reason: string): Level {
  return { blocks: true, reason };
}

function no(reason: string): Level {
  return { blocks: false, reason };
}

/** By what the provider said; undefined where that does not settle it. */
function levelOfProof(level: FailLevel, verification: Verification | undefined): Level | undefined {
  if (isActive(verification)) return yes("verified active fails the run");
  if (level === "any") return yes("every finding fails this run (fail-on any)");
  if (verification !== undefined && isDead(verification))
    return no(`verified ${verification.status}: it no longer works`);
  if (level === "active") return no("not verified active, which is what fails this run (fail-on active)");
  return level === "unknown" ? yes("not proven dead, which fails this run (fail-on unknown)") : undefined;
}

/** Why it blocks, or why it does not. What is proven to work always does, unless nothing is to fail. */
export function levelOf(finding: Finding, verification: Verification | undefined, failOn: FailOn = {}): Level {
  const { confidence = "medium", severity = "info" } = failOn;
  if (confidence === "never") return no("nothing fails this run (fail-on never)");
  const proof = levelOfProof(confidence, verification);
  if (proof !== undefined) return proof;
  if (confidences.indexOf(finding.confidence) < confidences.indexOf(confidence as Confidence))
    return no(`confidence ${finding.confidence} is below ${confidence}, which fails the run`);
  if (severities.indexOf(finding.severity) < severities.indexOf(severity))
    return no(`severity ${finding.severity} is below ${severity}, which fails the run`);
  return yes(`confidence ${finding.confidence} fails the run`);
}
