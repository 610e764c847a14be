// What a run found and where it may be told in; a comment and an upload, or the reason why not, out.

import type { ApiClient } from "../../github/pull-request-client.ts";
import { openApi, refusalOf } from "../../github/pull-request-client.ts";
import { renderJobSummary } from "../../report/job-summary.ts";
import type { ActionOutcome } from "../run-action.ts";
import type { PullRequest } from "./occasion.ts";

export { remarkCommand } from "../../report/format-github.ts";
export { maskCommands } from "../../report/reveal.ts";

/** How GitHub is reached, and which repository is meant. */
export interface PublishPlace {
  readonly baseUrl: string;
  readonly token: string;
  readonly owner: string;
  readonly repo: string;
}

/** A page has so many rows of each list; a comment as many of these as fit it, for each list is to be heard of. */
const summaryRows = 100;
const commentRows = [20, 5, 2, 1] as const;

const settled =
  "### keywarden: nothing left to act on\n\nWhat was found in this pull request before is not in it any more.\n";

/** The page of a run, for the job's summary. */
export function pageOf({ report, additions }: ActionOutcome, notes: readonly string[]): string {
  return renderJobSummary(report, { additions, notes, maxRows: summaryRows });
}

/** Asks GitHub; a refusal becomes a sentence. */
async function told(
  place: PublishPlace,
  permission: string,
  ask: (api: ApiClient) => Promise<string | undefined>,
): Promise<string | undefined> {
  if (place.token === "") return "there is no token (input github-token)";
  try {
    return await ask(await openApi(place));
  } catch (error) {
    return refusalOf(error, permission);
  }
}

const reasons: Readonly<Record<NonNullable<PullRequest["from"]>, string>> = {
  fork: "the pull request is from a fork, whose runs may only read",
  dependabot: "Dependabot started the run, which may only read unless the workflow permits more",
};

/** Keeps the one comment up to date; answers why it could not, or undefined. */
export async function publishComment(
  outcome: ActionOutcome,
  pull: PullRequest,
  place: PublishPlace,
): Promise<string | undefined> {
  const { report, additions } = outcome;
  const isWorth =
    report.summary.blocking + report.summary.warnings + additions.comments.length + additions.files.length > 0 ||
    !report.coverage.complete;
  const { keepComment, maxPageCharacters } = await import("../../github/pull-request.ts");
  const pages = commentRows.map((maxRows) => renderJobSummary(report, { additions, notes: [], maxRows }));
  const page = isWorth ? (pages.find(({ length }) => length <= maxPageCharacters) ?? pages.at(-1)) : undefined;
  const why = await told(place, "pull-requests: write", async (api) => {
    const { owner, repo } = place;
    const { number, head } = pull;
    const done = await keepComment(api, { owner, repo, number, head }, { page, settled });
    return done === "moved" ? "the pull request has newer commits, whose own run will comment" : undefined;
  });
  if (why === undefined) return undefined;
  return pull.from === undefined ? why : `${why} (${reasons[pull.from]})`;
}

/** Sends a SARIF log to code scanning; answers why it could not, or undefined. */
export async function publishSarif(
  sarif: string,
  at: { readonly commit: string; readonly ref: string; readonly pull?: PullRequest | undefined },
  place: PublishPlace,
): Promise<string | undefined> {
  const needed = "security-events: write, and code scanning switched on for the repository";
  const { uploadSarif } = await import("../../github/annotations.ts");
  const why = await told(place, needed, async (api) => {
    const { owner, repo } = place;
    await uploadSarif(api, { owner, repo, commit: at.commit, ref: at.ref }, sarif);
    return undefined;
  });
  if (why === undefined) return undefined;
  return at.pull?.from === undefined ? why : `${why} (${reasons[at.pull.from]})`;
}
