// A SARIF log in, code scanning's annotations and alerts out.

import { gzipSync } from "node:zlib";
import type { ApiClient } from "./pull-request-client.ts";

/** What the log is about. */
export interface ScannedCommit {
  readonly owner: string;
  readonly repo: string;
  /** Hex id; GitHub must know it. */
  readonly commit: string;
  /** `refs/heads/…`, `refs/pull/…/merge`. */
  readonly ref: string;
}

/** Sends a log to code scanning. Throws what the client throws. */
export async function uploadSarif(
  api: ApiClient,
  { owner, repo, commit, ref }: ScannedCommit,
  sarif: string,
): Promise<void> {
  await api.request("POST /repos/{owner}/{repo}/code-scanning/sarifs", {
    owner,
    repo,
    commit_sha: commit,
    ref,
    sarif: gzipSync(sarif).toString("base64"),
    tool_name: "keywarden",
  });
}
