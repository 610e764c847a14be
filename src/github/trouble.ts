// What octokit throws → one word of a closed list, and that word → what to tell people. Nothing of an answer passes.

import type { ChannelProblem } from "../model/channel.ts";

/** Why a request to GitHub came to nothing. */
export interface Trouble {
  readonly kind:
    | "unauthorized" // 401
    | "forbidden" // 403 for want of a permission
    | "single-sign-on" // 403: the token is not authorised for the organisation
    | "archived"
    | "locked" // the issue takes no comments
    | "not-found" // not there, or the token may not see it
    | "gone" // 410: issues are disabled, or the issue was deleted
    | "moved" // 301: renamed, or the issue was transferred
    | "invalid" // 422
    | "rate-limited" // after as much waiting as the budget allows
    | "server" // 5xx after retries
    | "connection" // no answer at all
    | "bad-answer" // an answer that is none of GitHub's
    | "too-many" // more pages than we read
    | "budget" // the run took too long
    | "interrupted";
  readonly status?: number;
  /** Permissions that would do, from `x-accepted-github-permissions`: `issues=write`. */
  readonly permissions?: string;
  /** Where it is now, for `moved`; never shown. */
  readonly location?: string;
}

/** What of an error is looked at; octokit's own class is not loaded for it. */
interface Refusal {
  readonly status?: unknown;
  readonly response?: {
    readonly headers?: Readonly<Record<string, unknown>>;
    readonly data?: unknown;
  };
}

/** An answer that octokit takes for a success, or a wish that we refuse. */
export class Refused extends Error {
  readonly trouble: Trouble;

  constructor(trouble: Trouble) {
    super(trouble.kind);
    // The one name that octokit lets pass as it is, without asking again.
    this.name = "AbortError";
    this.trouble = trouble;
  }
}

function header(refusal: Refusal, name: string): string {
  const value = refusal.response?.headers?.[name];
  return typeof value === "string" ? value : "";
}

function messageOf({ response }: Refusal): string {
  const data = response?.data;
  if (typeof data === "string") return data;
  const message = (data as { readonly message?: unknown } | null | undefined)?.message;
  return typeof message === "string" ? message : "";
}

/** `issues=write; contents=read,issues=write`: shown only if it is made of such words. */
function permissionsOf(refusal: Refusal): string | undefined {
  const text = header(refusal, "x-accepted-github-permissions");
  return /^[a-z_]+=[a-z]+(?:[,;] ?[a-z_]+=[a-z]+){0,9}$/.test(text) ? text : undefined;
}

function forbidden(refusal: Refusal): Trouble {
  const message = messageOf(refusal);
  if (/archived/i.test(message)) return { kind: "archived", status: 403 };
  if (/issue is locked|conversation is locked/i.test(message)) return { kind: "locked", status: 403 };
  const limited = header(refusal, "retry-after") !== "" || header(refusal, "x-ratelimit-remaining") === "0";
  if (limited || /rate limit|abuse detection/i.test(message)) return { kind: "rate-limited", status: 403 };
  if (header(refusal, "x-github-sso") !== "") return { kind: "single-sign-on", status: 403 };
  const permissions = permissionsOf(refusal);
  return { kind: "forbidden", status: 403, ...(permissions === undefined ? {} : { permissions }) };
}

const kinds: Readonly<Record<number, Trouble["kind"]>> = {
  401: "unauthorized",
  404: "not-found",
  410: "gone",
  422: "invalid",
  429: "rate-limited",
};

/** The word for what was thrown. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof Refused) return error.trouble;
  const refusal = error as Refusal;
  const { status } = refusal;
  if (typeof status !== "number") return { kind: "bad-answer" };
  // Octokit says 500 for a connection that broke, without an answer beside it.
  if (refusal.response === undefined) return { kind: "connection" };
  if (status === 403) return forbidden(refusal);
  const kind = kinds[status] ?? (status >= 500 ? "server" : "bad-answer");
  return { kind, status };
}

/** Does it end the work in a repository, whatever would be asked next? */
export function isFinal({ kind }: Trouble): boolean {
  return !["locked", "not-found", "moved", "invalid", "server", "connection", "bad-answer"].includes(kind);
}

const hints: Readonly<Record<Trouble["kind"], string>> = {
  unauthorized: "The token is wrong, expired or revoked. Give a valid one in GITHUB_TOKEN.",
  forbidden: "Give the token that permission; in a workflow: permissions: { issues: write, contents: read }.",
  "single-sign-on": "Authorise the token for the organisation's single sign-on.",
  archived: "The repository is archived and read-only. Unarchive it, or send reminders elsewhere.",
  locked: "The issue is locked: its text is kept up to date, comments are not written.",
  "not-found": "There is no such repository or issue, or the token may not see it.",
  gone: "Issues are disabled there, or the issue was deleted. Turn them on in the repository's settings.",
  moved: "It was renamed or transferred. Give its new name.",
  invalid: "GitHub refused what was sent. Please report it with the command you ran.",
  "rate-limited": "Too many requests for now. The next run goes on where this one stopped.",
  server: "GitHub had trouble. The next run tries again.",
  connection: "No answer came. Check GITHUB_API_URL and the network; the next run looks at what was done.",
  "bad-answer": "What answered is not GitHub's API. Check GITHUB_API_URL and proxies.",
  "too-many": "The account that the token belongs to has written more issues than are read. Use an account of its own.",
  budget: "The run took too long. The next run goes on where this one stopped.",
  interrupted: "The run was interrupted. The next run goes on where this one stopped.",
};

/** What to tell people: `doing` says what and where (`filing a reminder in owner/name`). */
export function problemOf(trouble: Trouble, doing: string): ChannelProblem {
  const { kind, status, permissions } = trouble;
  const why = permissions === undefined ? kind : `the token lacks a permission, ${permissions}`;
  return { message: `GitHub: ${doing}: ${why}${status === undefined ? "" : ` (${status})`}`, hint: hints[kind] };
}
