// A GitHub that keeps state as GitHub does: repositories, issues, comments, tokens, a listing that lags, faults.

import { judgeAnswer, judgeRequest, sampleOf } from "./github-contract.ts";
import type { GithubAsked } from "./github-contract.ts";

/** Whom a token belongs to, and what it may do. */
export interface Account {
  readonly login: string;
  readonly isApp: boolean;
  issues: "write" | "read" | "none";
  labels: "kept" | "dropped" | "refused";
  readonly secrets: boolean;
}

/** A comment. */
export interface WorldComment {
  readonly author: string;
  body: string;
}

/** An issue as it is now. */
export interface WorldIssue {
  readonly number: number;
  readonly author: string;
  title: string;
  body: string;
  isOpen: boolean;
  isLocked: boolean;
  isPull: boolean;
  stateReason: string | null;
  labels: string[];
  assignees: string[];
  closedAt: string | null;
  readonly comments: WorldComment[];
  /** `gone`: deleted; a path: transferred there. */
  elsewhere?: "gone" | { readonly location: string };
  /** What listings still show of it, and how many of them do; undefined shows nothing. */
  stale: { readonly shown: WorldIssue | undefined; left: number };
}

/** A repository. */
export interface WorldRepository {
  name: string;
  readonly id: number;
  isPrivate: boolean;
  isArchived: boolean;
  hasIssues: boolean;
  readonly issues: WorldIssue[];
  readonly files: Map<string, string>;
  /** Commit → the login that GitHub knows its author by. */
  readonly commits: Map<string, string | null>;
  readonly assignable: Set<string>;
  secrets: { readonly name: string; readonly updated_at: string }[];
}

/** An answer. */
export interface WorldAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What happens to a request in place of, or after, what it asks for. */
export type Fault =
  | { readonly kind: "cut"; readonly isDone: boolean }
  | { readonly kind: "answer"; readonly answer: WorldAnswer };

/** The connection was cut. */
export class Cut extends Error {}

const docs = "https://docs.github.test/rest";

/** A refusal in GitHub's form. */
export function refusal(status: number, message: string, headers: Readonly<Record<string, string>> = {}): WorldAnswer {
  return { status, headers, body: { message, documentation_url: docs, status: String(status) } };
}

/** GitHub's own words for a limit that it does not announce. */
export function secondaryLimit(status: 403 | 429, seconds: number): WorldAnswer {
  const message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
  return refusal(status, message, { "retry-after": String(seconds) });
}

type Params = Readonly<Record<string, string>>;

interface Wish {
  readonly asked: GithubAsked;
  readonly account: Account;
  readonly params: Params;
  readonly body: Readonly<Record<string, unknown>>;
}

/** All of it. `nowMs` is its clock. */
export class GithubWorld {
  readonly base: string;
  readonly repositories: WorldRepository[] = [];
  readonly #renamed = new Map<string, number>();
  readonly accounts = new Map<string, Account>();
  nowMs = Date.UTC(2026, 10, 28, 9);
  /** In how many listings a change is not seen yet. */
  lag: () => number = () => 0;
  fault: (asked: GithubAsked, count: number) => Fault | undefined = () => undefined;
  /** `METHOD path` of each request. */
  readonly log: string[] = [];
  /** When writes came, by the world's clock. */
  readonly writesAt: number[] = [];
  /** What GitHub's description has against requests and answers; to stay empty. */
  readonly complaints: string[] = [];

  constructor(base = "https://github.test/api/v3") {
    this.base = base;
  }

  repository(name: string, given: Partial<WorldRepository> = {}): WorldRepository {
    const made: WorldRepository = {
      name,
      id: 1000 + this.repositories.length,
      isPrivate: true,
      isArchived: false,
      hasIssues: true,
      issues: [],
      files: new Map(),
      commits: new Map(),
      assignable: new Set(),
      secrets: [],
      ...given,
    };
    this.repositories.push(made);
    return made;
  }

  account(token: string, login: string, given: Partial<Account> = {}): Account {
    const made: Account = {
      login,
      isApp: login.endsWith("[bot]"),
      issues: "write",
      labels: "kept",
      secrets: false,
      ...given,
    };
    this.accounts.set(token, made);
    return made;
  }

  rename(repository: WorldRepository, name: string): void {
    this.#renamed.set(repository.name, repository.id);
    repository.name = name;
  }

  /** Files an issue as anybody. */
  file(repository: WorldRepository, author: string, given: Partial<WorldIssue> = {}): WorldIssue {
    const made: WorldIssue = {
      number: repository.issues.length + 1,
      author,
      title: "",
      body: "",
      isOpen: true,
      isLocked: false,
      isPull: false,
      stateReason: null,
      labels: [],
      assignees: [],
      closedAt: null,
      comments: [],
      stale: { shown: undefined, left: 0 },
      ...given,
    };
    repository.issues.push(made);
    return made;
  }

  closeBy(issue: WorldIssue): void {
    this.#change(issue, () => {
      issue.isOpen = false;
      issue.stateReason = "completed";
      issue.closedAt = new Date(this.nowMs).toISOString().replace(/\.\d+/, "");
    });
  }

  #change(issue: WorldIssue, change: () => void): void {
    const left = this.lag();
    if (left > 0) issue.stale = { shown: issue.stale.left > 0 ? issue.stale.shown : { ...issue }, left };
    change();
  }

  /** Answers one request, judging it and the answer. Throws `Cut` for a connection that breaks. */
  answer(asked: GithubAsked): WorldAnswer {
    this.log.push(`${asked.method} ${asked.url.pathname}${asked.url.search}`);
    if (asked.method !== "GET" && !asked.url.pathname.endsWith("/graphql")) this.writesAt.push(this.nowMs);
    const fault = this.fault(asked, this.log.length);
    if (fault?.kind === "cut" && !fault.isDone) throw new Cut();
    const answer = fault?.kind === "answer" ? fault.answer : this.#answerTruly(asked);
    if (fault?.kind === "cut") throw new Cut();
    return answer;
  }

  #answerTruly(asked: GithubAsked): WorldAnswer {
    const basePath = new URL(this.base).pathname.replace(/\/$/, "");
    const token = /^(?:token|bearer) (.+)$/i.exec(asked.headers["authorization"] ?? "")?.[1];
    const account = this.accounts.get(token ?? "");
    if (asked.url.pathname === this.#graphqlPath(basePath)) return this.#viewer(asked, account);
    const byId = /^\/repositories\/(\d+)$/.exec(asked.url.pathname.slice(basePath.length));
    const found = this.repositories.find(({ id }) => id === Number(byId?.[1]));
    const url = found === undefined ? asked.url : new URL(`${this.base}/repos/${found.name}`);
    const judged = judgeRequest({ ...asked, url }, basePath);
    if (judged === undefined) {
      this.complaints.push(`unknown operation: ${asked.method} ${asked.url.pathname}`);
      return refusal(404, "Not Found");
    }
    this.complaints.push(...judged.complaints);
    const answer =
      account === undefined
        ? refusal(401, "Bad credentials")
        : this.#act(judged.operation, {
            asked,
            account,
            params: judged.path,
            body: (asked.body ?? {}) as Record<string, unknown>,
          });
    this.complaints.push(...judgeAnswer(judged.operation, answer.status, answer.body));
    return answer;
  }

  #graphqlPath(basePath: string): string {
    // On Enterprise, REST is at /api/v3 and GraphQL beside it.
    return basePath === "/api/v3" ? "/api/graphql" : `${basePath}/graphql`;
  }

  /** The one question of GraphQL that is known here; GitHub describes GraphQL elsewhere. */
  #viewer({ body, method }: GithubAsked, account: Account | undefined): WorldAnswer {
    if (account === undefined) return refusal(401, "Bad credentials");
    const { query, ...rest } = body as { query?: string };
    if (method !== "POST" || query !== "query { viewer { login } }" || Object.keys(rest).length > 0) {
      this.complaints.push("an unknown question of GraphQL");
    }
    return { status: 200, headers: {}, body: { data: { viewer: { login: account.login } } } };
  }

  #act(operation: string, wish: Wish): WorldAnswer {
    if (operation === "GET /user") {
      const { login, isApp } = wish.account;
      const accepted = { "x-accepted-github-permissions": "metadata=read" };
      return isApp
        ? refusal(403, "Resource not accessible by integration", accepted)
        : { status: 200, headers: {}, body: sampleOf("private-user", { login, type: "User" }) };
    }
    const fullName = `${wish.params["owner"]}/${wish.params["repo"]}`;
    const renamed = this.#renamed.get(fullName);
    if (renamed !== undefined) return this.#moved(`/repositories/${renamed}`);
    const repository = this.repositories.find(({ name }) => name.toLowerCase() === fullName.toLowerCase());
    if (repository === undefined) return refusal(404, "Not Found");
    return operation.includes("/issues") || operation.includes("/assignees")
      ? this.#actOnIssues(operation, repository, wish)
      : this.#actOnRepository(operation, repository, wish);
  }

  #moved(path: string): WorldAnswer {
    const url = `${this.base}${path}`;
    return {
      status: 301,
      headers: { location: url },
      body: { message: "Moved Permanently", url, documentation_url: docs },
    };
  }

  #actOnRepository(operation: string, repository: WorldRepository, { account, params, asked }: Wish): WorldAnswer {
    const { name, id, isPrivate, isArchived, hasIssues } = repository;
    switch (operation) {
      case "GET /repos/{owner}/{repo}": {
        const given = { full_name: name, name: name.split("/")[1], id, private: isPrivate, archived: isArchived };
        const owner = sampleOf("simple-user", { login: name.split("/")[0] });
        return {
          status: 200,
          headers: {},
          body: sampleOf("full-repository", { ...given, owner, has_issues: hasIssues }),
        };
      }
      case "GET /repos/{owner}/{repo}/contents/{path}": {
        const text = repository.files.get(params["path"] ?? "");
        if (text === undefined) return refusal(404, "Not Found");
        const content = Buffer.from(text).toString("base64");
        const given = { type: "file", encoding: "base64", size: text.length, path: params["path"], content };
        return { status: 200, headers: {}, body: sampleOf("content-file", given) };
      }
      case "GET /repos/{owner}/{repo}/commits/{ref}": {
        const login = repository.commits.get(params["ref"] ?? "");
        if (login === undefined) return refusal(422, `No commit found for SHA: ${params["ref"]}`);
        const author = login === null ? null : sampleOf("simple-user", { login });
        return { status: 200, headers: {}, body: sampleOf("commit", { sha: params["ref"], author }) };
      }
      default: {
        if (!account.secrets) {
          const accepted = { "x-accepted-github-permissions": "secrets=read" };
          return refusal(403, "Resource not accessible by integration", accepted);
        }
        const { page, headers } = this.#page(repository.secrets, asked.url);
        const secrets = page.map((one) => sampleOf("actions-secret", one));
        return { status: 200, headers, body: { total_count: repository.secrets.length, secrets } };
      }
    }
  }

  #page<T>(all: readonly T[], url: URL): { readonly page: readonly T[]; readonly headers: Record<string, string> } {
    const size = Number(url.searchParams.get("per_page") ?? 30);
    const number = Number(url.searchParams.get("page") ?? 1);
    const page = all.slice((number - 1) * size, number * size);
    if (number * size >= all.length) return { page, headers: {} };
    const next = new URL(
      `${this.base}${url.pathname.slice(new URL(this.base).pathname.replace(/\/$/, "").length)}${url.search}`,
    );
    next.searchParams.set("page", String(number + 1));
    const last = new URL(next);
    last.searchParams.set("page", String(Math.ceil(all.length / size)));
    return { page, headers: { link: `<${next.href}>; rel="next", <${last.href}>; rel="last"` } };
  }

  #actOnIssues(operation: string, repository: WorldRepository, wish: Wish): WorldAnswer {
    const { account, params, asked } = wish;
    if (operation === "GET /repos/{owner}/{repo}/assignees/{assignee}") {
      return repository.assignable.has(params["assignee"] ?? "")
        ? { status: 204, headers: {} }
        : refusal(404, "Not Found");
    }
    if (!repository.hasIssues)
      return refusal(operation.startsWith("GET") ? 404 : 410, "Issues has been disabled in this repository.");
    if (account.issues === "none") return refusal(404, "Not Found");
    if (!operation.startsWith("GET")) {
      if (repository.isArchived) return refusal(403, "Repository was archived so is read-only.");
      if (account.issues === "read") {
        const accepted = { "x-accepted-github-permissions": "issues=write" };
        return refusal(403, "Resource not accessible by integration", accepted);
      }
    }
    if (operation === "GET /repos/{owner}/{repo}/issues") return this.#list(repository, asked.url);
    if (operation === "POST /repos/{owner}/{repo}/issues") return this.#create(repository, wish);
    const issue = repository.issues.find(({ number }) => number === Number(params["issue_number"]));
    if (issue === undefined) return refusal(404, "Not Found");
    if (issue.elsewhere === "gone") return refusal(410, "This issue was deleted");
    if (issue.elsewhere !== undefined) {
      return operation.endsWith("/comments") ? refusal(404, "Not Found") : this.#moved(issue.elsewhere.location);
    }
    return this.#actOnIssue(operation, { repository, issue }, wish);
  }

  #actOnIssue(
    operation: string,
    { repository, issue }: { readonly repository: WorldRepository; readonly issue: WorldIssue },
    { account, body, asked }: Wish,
  ): WorldAnswer {
    switch (operation) {
      case "PATCH /repos/{owner}/{repo}/issues/{issue_number}": {
        const refused = this.#decorate(repository, account, body);
        if (refused !== undefined) return refused;
        this.#change(issue, () => this.#patch(issue, account, body));
        return { status: 200, headers: {}, body: this.#shown(issue) };
      }
      case "GET /repos/{owner}/{repo}/issues/{issue_number}/comments": {
        const { page, headers } = this.#page(issue.comments, asked.url);
        return { status: 200, headers, body: page.map((one) => this.#shownComment(one)) };
      }
      case "POST /repos/{owner}/{repo}/issues/{issue_number}/comments": {
        if (issue.isLocked) return refusal(403, "Unable to create comment because issue is locked.");
        const made = { author: account.login, body: String(body["body"]) };
        issue.comments.push(made);
        return { status: 201, headers: {}, body: this.#shownComment(made) };
      }
      default:
        return { status: 200, headers: {}, body: this.#shown(issue) };
    }
  }

  #list(repository: WorldRepository, url: URL): WorldAnswer {
    const creator = url.searchParams.get("creator");
    const state = url.searchParams.get("state") ?? "open";
    const all = repository.issues
      .filter(({ elsewhere }) => elsewhere === undefined)
      .flatMap((issue) => {
        if (issue.stale.left === 0) return [issue];
        // One listing is one look, however many pages it has.
        if (!url.searchParams.has("page")) issue.stale.left--;
        return issue.stale.shown ?? [];
      })
      .filter(({ author }) => creator === null || author.toLowerCase() === creator.toLowerCase())
      .filter(({ isOpen }) => state === "all" || isOpen === (state === "open"));
    const sorted = url.searchParams.get("direction") === "asc" ? all : all.toReversed();
    const { page, headers } = this.#page(sorted, url);
    return { status: 200, headers, body: page.map((issue) => this.#shown(issue)) };
  }

  #create(repository: WorldRepository, { account, body }: Wish): WorldAnswer {
    const refused = this.#decorate(repository, account, body);
    if (refused !== undefined) return refused;
    const left = this.lag();
    const issue = this.file(repository, account.login, { stale: { shown: undefined, left } });
    this.#patch(issue, account, body);
    return { status: 201, headers: {}, body: this.#shown(issue) };
  }

  #decorate(repository: WorldRepository, account: Account, body: Wish["body"]): WorldAnswer | undefined {
    const assignees = (body["assignees"] ?? []) as string[];
    if (account.labels === "refused" && body["labels"] !== undefined)
      return refusal(403, "You do not have permission to set labels.");
    return assignees.every((login) => repository.assignable.has(login)) || account.labels === "dropped"
      ? undefined
      : { status: 422, headers: {}, body: { message: "Validation Failed", documentation_url: docs, errors: [] } };
  }

  #patch(issue: WorldIssue, account: Account, body: Wish["body"]): void {
    if (body["title"] !== undefined) issue.title = String(body["title"]);
    if (body["body"] !== undefined) issue.body = String(body["body"]);
    if (account.labels === "kept") {
      if (Array.isArray(body["labels"])) issue.labels = body["labels"] as string[];
      if (Array.isArray(body["assignees"])) issue.assignees = body["assignees"] as string[];
    }
    const isOpen = body["state"] === undefined ? issue.isOpen : body["state"] === "open";
    if (isOpen === issue.isOpen) return;
    issue.isOpen = isOpen;
    issue.stateReason = String(body["state_reason"]);
    issue.closedAt = isOpen ? null : new Date(this.nowMs).toISOString().replace(/\.\d+/, "");
  }

  #shown(issue: WorldIssue): Record<string, unknown> {
    const user = sampleOf("simple-user", {
      login: issue.author,
      type: issue.author.endsWith("[bot]") ? "Bot" : "User",
    });
    return sampleOf("issue", {
      number: issue.number,
      id: 10_000 + issue.number,
      title: issue.title,
      body: issue.body,
      state: issue.isOpen ? "open" : "closed",
      state_reason: issue.stateReason,
      locked: issue.isLocked,
      closed_at: issue.closedAt,
      user,
      labels: issue.labels.map((name) => ({ name, color: "ededed", description: null })),
      assignees: issue.assignees.map((login) => sampleOf("simple-user", { login })),
      comments: issue.comments.length,
      ...(issue.isPull ? { pull_request: { url: docs, html_url: docs, diff_url: docs, patch_url: docs } } : {}),
    });
  }

  #shownComment({ author, body }: WorldComment): Record<string, unknown> {
    return sampleOf("issue-comment", { body, user: sampleOf("simple-user", { login: author }) });
  }
}
