// A scope as typed in, which objects are in it out: git walks from the refs, over the commits and paths that are wanted.

import type { GitPlace } from "../../base/git/environment.ts";
import { openGit } from "../../base/git/run.ts";
import { StreamReader } from "../../base/git/stream-reader.ts";
import { SourceError } from "../../errors.ts";
import type { AuditScope } from "../audit-request.ts";

/** Is anything left out of the object database? */
export function hasNarrowScope({ refs, since, paths }: AuditScope): boolean {
  return refs.length > 0 || since !== undefined || paths.length > 0;
}

/** Hex ids of all objects in a narrow scope; undefined where everything is. Throws SourceError for an unknown ref. */
export async function objectsInScope(
  place: GitPlace,
  scope: AuditScope,
  signal?: AbortSignal,
): Promise<ReadonlySet<string> | undefined> {
  if (!hasNarrowScope(scope)) return undefined;
  for (const ref of scope.refs) await checkRef(place, ref);
  const ids = new Set<string>();
  const args = [
    "rev-list",
    "--objects",
    "--no-object-names",
    "--missing=allow-any",
    ...(scope.paths.length > 0 ? ["--full-history"] : []),
    ...(scope.since === undefined ? [] : [`--since=${Math.floor(scope.since / 1000)}`]),
    ...(scope.refs.length > 0 ? ["--end-of-options", ...scope.refs] : ["--all", "--reflog"]),
    "--",
    ...scope.paths.map((glob) => `:(top,glob)${glob}`),
  ];
  const git = openGit(place, args, { signal });
  const lines = new StreamReader(git.stdout);
  for (let line = await lines.line(); line !== undefined; line = await lines.line()) ids.add(line);
  const { error } = await git.result;
  if (error !== undefined && signal?.aborted !== true) {
    throw new SourceError(`git could not list what is in scope: ${error.message}`, { hint: "git fsck tells more." });
  }
  return ids;
}

async function checkRef(place: GitPlace, ref: string): Promise<void> {
  const git = openGit(place, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{object}`]);
  for await (const _ of git.stdout) void _;
  const { error } = await git.result;
  if (error !== undefined) {
    throw new SourceError(`git knows no such ref: ${JSON.stringify(ref)}`, {
      hint: "git for-each-ref lists all of them.",
    });
  }
}
