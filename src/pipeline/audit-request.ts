// The vocabulary of an audit: which repository, how much of it, and by which settings.

import type { Settings } from "../config/settings.ts";
import type { Watch } from "./gather.ts";
import type { Guard } from "./conclude.ts";
import type { VerificationUse } from "./verify-findings.ts";

/** How much of a repository is looked at. */
export interface AuditScope {
  /** Names of refs, as git reads them; empty for everything there is, unreachable objects included. */
  readonly refs: readonly string[];
  /** Commits older than this are left out; milliseconds since 1970. */
  readonly since?: number;
  /** Globs that paths must match, relative to the root of the tree; empty for all. */
  readonly paths: readonly string[];
  /** Read the files of the working tree, too. */
  readonly worktree: boolean;
}

/** One audit. */
export interface AuditRequest extends Watch, Guard {
  /** The root of the working tree, or the git folder where there is none; absolute. */
  readonly root: string;
  readonly bare: boolean;
  /** How to name the repository: the path as typed, or the URL without user and password. */
  readonly shown: string;
  readonly settings: Settings;
  readonly scope: AuditScope;
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds since 1970 that count as today. */
  readonly now: number;
  /** Use and keep what is known of the repository's objects from earlier audits. */
  readonly cache: boolean;
  /** What the process may take; absent: chosen by the audit. */
  readonly maxMemoryBytes?: number;
  /** How providers are asked; absent: not at all. */
  readonly verification?: VerificationUse | undefined;
  /** Keep secrets' values in the report although nobody is shown them. */
  readonly keepValues?: boolean;
}
