// A repository in, audits with a cache folder of their own out, and what is in that folder.

import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { formatReport } from "../../src/index.ts";
import type { AuditOptions, Report } from "../../src/index.ts";
import { auditOf } from "./audit-rig.ts";
import { gitTestEnv, temporaryFolder } from "./git-repo.ts";
import type { GitRepo } from "./git-repo.ts";

/** Audits of one repository that remember, and their folder. */
export interface RememberedAudit {
  readonly folder: string;
  /** Names of files of a kind (`objects`, `unchanged`) in the folder; none where there is no folder. */
  names(kind: string): string[];
  /** Forgets all of a kind. */
  forget(kind: string): void;
  /** All bytes of the folder, one character each. */
  content(): string;
  audit(options?: AuditOptions): Promise<Report>;
}

/** Audits `repo` with a cache folder of its own. */
export function remembering(repo: Pick<GitRepo, "dir">): RememberedAudit {
  const home = temporaryFolder();
  const folder = join(home, "keywarden");
  const env = { ...gitTestEnv, XDG_CACHE_HOME: home };
  const names = (kind: string) =>
    existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(`.${kind}`)) : [];
  return {
    folder,
    names,
    forget: (kind) => names(kind).forEach((name) => rmSync(join(folder, name))),
    content: () =>
      readdirSync(folder)
        .map((name) => `${name}\n${readFileSync(join(folder, name)).toString("latin1")}`)
        .join("\n"),
    audit: (options = {}) => auditOf(repo.dir, { cache: true, ...options, env: { ...env, ...options.env } }),
  };
}

/** The report without the numbers that say what was read again. */
export function tellingOf(report: Report): string {
  const { coverage } = report;
  const objects = { ...coverage.objects, bytes: 0, cached: 0 };
  return formatReport({ ...report, coverage: { ...coverage, bytes: 0, objects } as Report["coverage"] }, "json");
}
