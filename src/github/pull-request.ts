// A page of Markdown and a pull request in; at most one comment there, kept up to date, out.

import { isForbidden } from "./pull-request-client.ts";
import type { ApiClient } from "./pull-request-client.ts";
import { Refused, troubleOf } from "./trouble.ts";

/** Which pull request, and which of its states the page is about. */
export interface CommentPlace {
  readonly owner: string;
  readonly repo: string;
  readonly number: number;
  /** The commit that was looked at; hex. */
  readonly head: string;
}

/** What became of the comment. `moved`: the pull request has newer commits, whose run will write. */
export type CommentOutcome = "created" | "updated" | "unchanged" | "none" | "moved";

interface Comment {
  readonly id: number;
  readonly body: string;
}

/** Stands at the start of ours, and is not shown. */
const marker = "<!-- keywarden: the one comment -->";
/** A longer page is cut; GitHub takes 65,536 characters. */
export const maxPageCharacters = 60_000;
const pageSize = 100;
const maxPages = 50;

function record(value: unknown): Readonly<Record<string, unknown>> {
  return Object(value) as Readonly<Record<string, unknown>>;
}

/** Ours are those with the marker by who we are; a person's comment that copies the marker is theirs. */
function isOurs(comment: Readonly<Record<string, unknown>>, login: string | undefined): boolean {
  const user = record(comment["user"]);
  const byUs = login === undefined ? user["type"] === "Bot" : user["login"] === login;
  return byUs && typeof comment["body"] === "string" && comment["body"].startsWith(marker);
}

/** Who the token stands for: a person's login, or undefined for a workflow's or an app's own, which may not ask. */
async function loginOf(api: ApiClient): Promise<string | undefined> {
  try {
    const { login } = record((await api.request("GET /user")).data);
    return typeof login === "string" ? login : undefined;
  } catch (error) {
    if (isForbidden(error)) return undefined;
    throw error;
  }
}

async function ownComments(api: ApiClient, { owner, repo, number }: CommentPlace): Promise<readonly Comment[]> {
  const login = await loginOf(api);
  const found: Comment[] = [];
  for (let page = 1; page <= maxPages; page++) {
    const route = "GET /repos/{owner}/{repo}/issues/{issue_number}/comments";
    const { data } = await api.request(route, { owner, repo, issue_number: number, per_page: pageSize, page });
    // Taken for an empty list, it would have another comment written.
    if (!Array.isArray(data)) throw new Refused({ kind: "bad-answer" });
    const comments = data.map(record);
    for (const one of comments)
      if (isOurs(one, login)) found.push({ id: Number(one["id"]), body: String(one["body"]) });
    if (comments.length < pageSize) break;
  }
  return found;
}

/** Takes a comment away, unless another run did so meanwhile. */
async function remove(api: ApiClient, which: Readonly<Record<string, unknown>>): Promise<void> {
  try {
    await api.request("DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}", which);
  } catch (error) {
    if (troubleOf(error).kind !== "not-found") throw error;
  }
}

/** Has the pull request gone on since? */
async function hasMoved(api: ApiClient, { owner, repo, number, head }: CommentPlace): Promise<boolean> {
  const { data } = await api.request("GET /repos/{owner}/{repo}/pulls/{pull_number}", {
    owner,
    repo,
    pull_number: number,
  });
  const now = record(record(data)["head"])["sha"];
  return typeof now === "string" && now !== head;
}

/**
 * Writes `page`, or where `page` is undefined (nothing to tell) changes a comment that is there to `settled`. Of
 * several of ours the oldest stays and the others go. Throws what the client throws.
 */
export async function keepComment(
  api: ApiClient,
  place: CommentPlace,
  { page, settled }: { readonly page: string | undefined; readonly settled: string },
): Promise<CommentOutcome> {
  if (await hasMoved(api, place)) return "moved";
  const { owner, repo, number } = place;
  const [first, ...others] = await ownComments(api, place);
  for (const { id } of others) await remove(api, { owner, repo, comment_id: id });
  const body = `${marker}\n${(page ?? settled).slice(0, maxPageCharacters)}`;
  if (first === undefined) {
    if (page === undefined) return "none";
    const route = "POST /repos/{owner}/{repo}/issues/{issue_number}/comments";
    await api.request(route, { owner, repo, issue_number: number, body });
    return "created";
  }
  if (first.body === body) return "unchanged";
  const route = "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}";
  await api.request(route, { owner, repo, comment_id: first.id, body });
  return "updated";
}
