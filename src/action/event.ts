// The event that started a workflow, and the wish of its author, in; what the run is about out.

import { UsageError } from "../errors.ts";
import type { Change, Occasion, PullRequest } from "../pipeline/action/occasion.ts";
import type { Scope } from "./inputs.ts";

type Payload = Readonly<Record<string, unknown>>;

/** A part of the payload, or an empty one where it is not there. */
function part(value: unknown, ...names: readonly string[]): Payload {
  return names.reduce<Payload>((at, name) => Object(at[name]) as Payload, Object(value) as Payload);
}

function isId(value: unknown): value is string {
  return typeof value === "string" && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(value);
}

function idOf(value: unknown, what: string): string {
  if (isId(value)) return value;
  throw new UsageError(`the event that started this run names no ${what}`, {
    hint: "Run it in a workflow of GitHub Actions, on pull_request, push, merge_group, schedule or workflow_dispatch.",
  });
}

/** Stands for a commit that is not there: the branch is new, or gone. */
function isNone(value: unknown): boolean {
  return typeof value === "string" && /^0+$/.test(value);
}

function pullOf(payload: Payload, env: NodeJS.ProcessEnv): PullRequest | undefined {
  const pull = part(payload, "pull_request");
  const number = pull["number"] ?? payload["number"];
  const head = part(pull, "head")["sha"];
  if (typeof number !== "number" || !isId(head)) return undefined;
  const [from, to] = [part(pull, "head", "repo"), part(pull, "base", "repo")].map((repo) => repo["full_name"]);
  if (typeof from !== "string" || from !== to) return { number, head, from: "fork" };
  return env["GITHUB_ACTOR"] === "dependabot[bot]" ? { number, head, from: "dependabot" } : { number, head };
}

function proposedBy(payload: Payload, env: NodeJS.ProcessEnv): Change {
  const pull = part(payload, "pull_request");
  const merge = env["GITHUB_SHA"];
  return {
    base: idOf(part(pull, "base")["sha"], "base commit"),
    head: idOf(part(pull, "head")["sha"], "head commit"),
    canLackBase: false,
    ...(isId(merge) ? { merge } : {}),
  };
}

function queuedBy(payload: Payload): Change {
  const group = part(payload, "merge_group");
  const base = idOf(group["base_sha"], "base commit");
  return { base, head: idOf(group["head_sha"], "head commit"), canLackBase: false };
}

/** What a push brought; undefined where it took a branch or tag away. */
function pushedBy(payload: Payload, env: NodeJS.ProcessEnv): Change | undefined {
  const { before, after, ref } = payload;
  if (isNone(after) || payload["deleted"] === true) return undefined;
  // The object that an annotated tag's push names is the tag; the runner says which commit it is.
  const isTag = typeof ref === "string" && ref.startsWith("refs/tags/");
  const branch = part(payload, "repository")["default_branch"];
  const usual = typeof branch === "string" ? `refs/heads/${branch}` : undefined;
  return {
    ...(isNone(before) || isTag ? {} : { base: idOf(before, "commit before it") }),
    ...(usual === undefined || usual === ref ? {} : { insteadOfBase: usual }),
    canLackBase: true,
    head: idOf(isTag ? env["GITHUB_SHA"] : after, "commit after it"),
  };
}

const proposals: readonly string[] = [
  "pull_request",
  "pull_request_target",
  "pull_request_review",
  "pull_request_review_comment",
  "merge_group",
];

/**
 * What a run is about. With the scope `auto` an event that brings commits is about those, every other about the whole
 * repository. Throws UsageError for an event that does not say what it must, and for `changes` where none came.
 */
export function occasionOf(env: NodeJS.ProcessEnv, payload: unknown, scope: Scope): Occasion {
  const event = env["GITHUB_EVENT_NAME"] ?? "";
  const given = Object(payload) as Payload;
  const isProposal = proposals.includes(event);
  const commit = idOf(env["GITHUB_SHA"], "commit (GITHUB_SHA)");
  const full: Occasion = { scope: "full", commit, isProposal: false };
  if (event === "push") {
    const change = pushedBy(given, env);
    if (change === undefined) return { ...full, scope: "nothing", why: "a branch or tag was removed: nothing came in" };
    return scope === "full" ? full : { scope: "changes", change, commit, isProposal };
  }
  if (!isProposal) {
    if (scope !== "changes") return full;
    throw new UsageError(`input scope: the event ${event === "" ? "(none)" : event} brings no changes`, {
      hint: "Use auto or full: the whole repository is looked at then.",
    });
  }
  const change = event === "merge_group" ? queuedBy(given) : proposedBy(given, env);
  const pull = event === "merge_group" ? undefined : pullOf(given, env);
  return {
    scope: scope === "full" ? "full" : "changes",
    change,
    commit,
    isProposal,
    ...(pull === undefined ? {} : { pull }),
  };
}

/** Events that are about what stands on a branch already, and whose checkout nobody from outside decides on. */
const settledEvents: readonly string[] = ["schedule", "push", "workflow_dispatch", "repository_dispatch"];

/** Why what was checked out may not be accepted yet; undefined where it stands on the default branch. */
export function whyUnsettled(env: NodeJS.ProcessEnv, payload: unknown): string | undefined {
  const event = env["GITHUB_EVENT_NAME"] ?? "";
  if (!settledEvents.includes(event)) return `not on ${event}, which may bring what is not accepted yet`;
  const usual = part(payload, "repository")["default_branch"];
  if (typeof usual !== "string" || env["GITHUB_REF"] === `refs/heads/${usual}`) return undefined;
  return `only on the default branch, ${usual}`;
}

/** Whether only members can read the repository, its logs and summaries; where the event does not say so, nobody counts on it. */
export function isPrivate(payload: unknown): boolean {
  return part(payload, "repository")["private"] === true;
}
