// The corridor of an audit: a repository and settings in, a report out. Rooms are called in the order of the walk.

import type { Skip } from "../model/blob.ts";
import { directorySource } from "../sources/directory.ts";
import { auditObjects, gitPlaceOf } from "./audit/audit.ts";
import { choosePlaces } from "./audit/chosen-paths.ts";
import { withOrigin } from "./audit/tell.ts";
import type { AuditRequest } from "./audit-request.ts";
import { chooseRules } from "./choose-rules.ts";
import { groupBlobs, jobsOf, setupOf } from "./collect-findings.ts";
import { conclude, openSides } from "./conclude.ts";
import type { ScanOutcome } from "./conclude.ts";
import { Executor } from "./executor.ts";
import { gather, skippedOf } from "./gather.ts";
import type { Gathered } from "./gather.ts";
import { readSubjects } from "./read-subjects.ts";
import type { ScanSetup } from "./scan-setup.ts";

/** The files of the working tree, as `scan` reads them; nothing where there are none, or they are not wanted. */
async function gatherFiles(request: AuditRequest, setup: ScanSetup): Promise<Gathered> {
  const { settings, scope, root } = request;
  const isWanted = scope.worktree && !request.bare;
  const { include, exclude, gitignore } = settings;
  const source = directorySource({ root, paths: [], include: [...include, ...scope.paths], exclude, gitignore });
  const executor = new Executor(setup, {
    jobs: jobsOf(settings),
    signal: request.signal,
    rereadable: request.verification !== undefined || request.onValues !== undefined,
  });
  return gather(isWanted ? [source] : [], executor, { signal: request.signal });
}

/** Audits and judges. Throws KeywardenError for wrong settings or a repository that cannot be opened. */
export async function runAudit(request: AuditRequest): Promise<ScanOutcome> {
  const { settings, now } = request;
  const sides = await openSides(request);
  const chosen = await chooseRules(settings);
  const setup = setupOf({ settings, now, key: sides.key, keepValues: sides.keepValues }, chosen);
  const audited = await auditObjects(request, { setup, rulesHash: chosen.ruleSet.hash });
  const files = await gatherFiles(request, setup);
  const skips: Skip[] = [];
  const choice = { include: [settings.include, request.scope.paths], exclude: settings.exclude };
  const blobs = choosePlaces([...audited.blobs, ...files.blobs], choice, skips);
  const grouped = groupBlobs(blobs, chosen.ruleSet.rules, { ...sides, settings, now });
  const problems = [...audited.problems, ...files.problems];
  const { objects, unseen } = audited;
  const report = await conclude(request, sides, {
    grouped: { ...grouped, findings: grouped.findings.map((finding) => withOrigin(finding, audited.origins)) },
    coverage: {
      ...files.coverage,
      complete: problems.length === 0 && unseen.every(({ incomplete }) => !incomplete),
      sources: [`repository ${request.shown}`],
      blobs: objects.blobs + files.coverage.blobs,
      bytes: objects.bytes + files.coverage.bytes,
      commits: objects.commits,
      objects: { ...objects, ...(files.coverage.sources.length === 0 ? {} : { worktreeFiles: files.coverage.files }) },
      unseen,
      skipped: [...skippedOf(skips), ...files.coverage.skipped],
    },
    problems,
    rules: chosen.enabled,
    rulesHash: chosen.ruleSet.hash,
    hiddenNames: audited.hiddenNames,
    setup,
    read: (wanted) => readSubjects(blobs, wanted, { setup, signal: request.signal, repository: gitPlaceOf(request) }),
  });
  return { report, times: audited.times };
}
