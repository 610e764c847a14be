// Questions about one repository and its issues in, what is looked at of GitHub's answers out.

import type { Client, Result } from "./client.ts";
import { instantOf, msOf } from "../base/days.ts";
import type { Instant } from "../model/rotation.ts";

/** A repository, as GitHub knows it today. */
export interface Repository {
  readonly owner: string;
  readonly name: string;
  /** Stays through renames and transfers. */
  readonly id: number;
  readonly isPrivate: boolean;
  readonly isArchived: boolean;
  readonly hasIssues: boolean;
}

/** An issue, as far as it is looked at. */
export interface Issue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly isOpen: boolean;
  readonly isLocked: boolean;
  readonly author: string;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  readonly closedAt?: Instant;
}

/** What is written into one; absent stays as it is. */
export interface IssueDraft {
  readonly title: string;
  readonly body: string;
  readonly labels?: readonly string[];
  readonly assignees?: readonly string[];
}

/** What GitHub says of one, the parts that we read. */
interface RawIssue {
  readonly number: number;
  readonly title: string;
  readonly body?: string | null | undefined;
  readonly state: string;
  readonly locked: boolean;
  readonly user: { readonly login: string } | null;
  readonly labels: readonly (string | { readonly name?: string | null })[];
  readonly assignees?: readonly { readonly login: string }[] | null | undefined;
  readonly closed_at: string | null;
  readonly pull_request?: unknown;
}

/** Throws a TypeError for what is none, which is the word `bad-answer` then. */
function issueOf(raw: RawIssue): Issue {
  if (typeof raw.number !== "number" || typeof raw.title !== "string" || !Array.isArray(raw.labels)) {
    throw new TypeError("not an issue");
  }
  const closedMs = msOf(raw.closed_at ?? "");
  return {
    number: raw.number,
    title: raw.title,
    body: raw.body ?? "",
    isOpen: raw.state === "open",
    isLocked: raw.locked,
    author: raw.user?.login ?? "",
    labels: raw.labels.map((label) => (typeof label === "string" ? label : (label.name ?? ""))),
    assignees: (raw.assignees ?? []).map(({ login }) => login),
    ...(closedMs === undefined ? {} : { closedAt: instantOf(closedMs) }),
  };
}

/** `owner/name` in two; undefined for what is not of that form. */
export function splitName(fullName: string): { readonly owner: string; readonly repo: string } | undefined {
  const [, owner, repo] = /^([A-Za-z0-9_-]{1,100})\/([A-Za-z0-9._-]{1,100})$/.exec(fullName) ?? [];
  return owner === undefined || repo === undefined || /^\.{1,2}$/.test(repo) ? undefined : { owner, repo };
}

/** Looks a repository up, one renaming away at most. */
export async function findRepository(client: Client, fullName: string): Promise<Result<Repository>> {
  const name = splitName(fullName);
  if (name === undefined) return { ok: false, trouble: { kind: "not-found" } };
  let asked = await client.ask((octokit) => octokit.rest.repos.get(name));
  const renamed = asked.ok ? undefined : /\/repositories\/\d+$/.exec(asked.trouble.location ?? "")?.[0];
  if (renamed !== undefined) {
    asked = await client.ask(
      (octokit) => octokit.request(`GET ${renamed}`) as ReturnType<typeof octokit.rest.repos.get>,
    );
  }
  if (!asked.ok) return asked;
  const { data } = asked;
  const now = splitName(String(data.full_name));
  if (now === undefined || typeof data.id !== "number") return { ok: false, trouble: { kind: "bad-answer" } };
  const { owner, repo } = now;
  const isPrivate = data.private;
  return {
    ok: true,
    data: { owner, name: repo, id: data.id, isPrivate, isArchived: data.archived, hasIssues: data.has_issues },
  };
}

/** The issues of one repository. */
export class Issues {
  readonly #client: Client;
  readonly #at: { readonly owner: string; readonly repo: string };

  constructor(client: Client, { owner, name }: Repository) {
    this.#client = client;
    this.#at = { owner, repo: name };
  }

  /**
   * All that an account wrote, open and closed, the oldest first. Never by label: an issue that lost its label, or never
   * got it, is still there. Pull requests are left out.
   */
  listBy(creator: string): Promise<Result<Issue[]>> {
    const wanted = { ...this.#at, creator, state: "all", sort: "created", direction: "asc", per_page: 100 } as const;
    return this.#client.all(
      (octokit) => octokit.rest.issues.listForRepo(wanted),
      (page) => page.filter((raw) => raw.pull_request === undefined || raw.pull_request === null).map(issueOf),
    );
  }

  /** One, by its number: no listing that lags stands between. */
  async get(number: number): Promise<Result<Issue>> {
    const asked = await this.#client.ask((octokit) => octokit.rest.issues.get({ ...this.#at, issue_number: number }));
    return asked.ok ? read(asked.data) : asked;
  }

  /** Files one. */
  async create(draft: IssueDraft): Promise<Result<Issue>> {
    const asked = await this.#client.ask((octokit) => octokit.rest.issues.create({ ...this.#at, ...copyOf(draft) }));
    return asked.ok ? read(asked.data) : asked;
  }

  /** Changes one, all of it in one request. `closeAs` and `reopen` change its state. */
  async update(
    number: number,
    draft: IssueDraft,
    state: { readonly closeAs?: "completed" | "not_planned" | "duplicate"; readonly reopen?: boolean } = {},
  ): Promise<Result<Issue>> {
    const change =
      state.closeAs !== undefined
        ? ({ state: "closed", state_reason: state.closeAs } as const)
        : state.reopen === true
          ? ({ state: "open", state_reason: "reopened" } as const)
          : {};
    const asked = await this.#client.ask((octokit) =>
      octokit.rest.issues.update({ ...this.#at, issue_number: number, ...copyOf(draft), ...change }),
    );
    return asked.ok ? read(asked.data) : asked;
  }

  /** All comments of one, author and text. */
  comments(number: number): Promise<Result<{ readonly author: string; readonly body: string }[]>> {
    return this.#client.all(
      (octokit) => octokit.rest.issues.listComments({ ...this.#at, issue_number: number, per_page: 100 }),
      (page) => page.map(({ user, body }) => ({ author: user?.login ?? "", body: body ?? "" })),
    );
  }

  /** Adds a comment. */
  comment(number: number, body: string): Promise<Result<unknown>> {
    return this.#client.ask((octokit) =>
      octokit.rest.issues.createComment({ ...this.#at, issue_number: number, body }),
    );
  }
}

function copyOf({ labels, assignees, ...text }: IssueDraft): {
  title: string;
  body: string;
  labels?: string[];
  assignees?: string[];
} {
  return {
    ...text,
    ...(labels === undefined ? {} : { labels: [...labels] }),
    ...(assignees === undefined ? {} : { assignees: [...assignees] }),
  };
}

function read(raw: RawIssue): Result<Issue> {
  try {
    return { ok: true, data: issueOf(raw) };
  } catch {
    return { ok: false, trouble: { kind: "bad-answer" } };
  }
}
