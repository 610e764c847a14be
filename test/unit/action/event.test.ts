// The event of a workflow and the input scope → what the run is about, or what is wrong with it.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { occasionOf, whyUnsettled } from "../../../src/action/event.ts";
import type { Scope } from "../../../src/action/inputs.ts";
import { KeywardenError } from "../../../src/errors.ts";

const [a, b, c] = ["a", "b", "c"].map((digit) => digit.repeat(40)) as [string, string, string];
const zeros = "0".repeat(40);
const repo = { full_name: "octo/demo" };
const repository = { ...repo, default_branch: "main" };

function pull(from: unknown = repo): object {
  return { number: 7, pull_request: { number: 7, base: { sha: a, repo }, head: { sha: b, repo: from } } };
}

function push(more: object): object {
  return { ref: "refs/heads/topic", before: a, after: b, repository, ...more };
}

const own = { base: a, head: b, merge: c, canLackBase: false };

describe("what a run is about", () => {
  const cases: readonly (readonly [name: string, event: string, payload: object, scope: Scope, want: object])[] = [
    [
      "a pull request",
      "pull_request",
      pull(),
      "auto",
      { scope: "changes", change: own, isProposal: true, pull: { number: 7, head: b } },
    ],
    [
      "of a fork",
      "pull_request",
      pull({ full_name: "x/demo" }),
      "auto",
      { pull: { number: 7, head: b, from: "fork" } },
    ],
    ["of a fork that is gone", "pull_request", pull(null), "auto", { pull: { number: 7, head: b, from: "fork" } }],
    ["pull_request_target", "pull_request_target", pull(), "auto", { scope: "changes", isProposal: true, change: own }],
    ["a review of a pull request", "pull_request_review", pull(), "auto", { isProposal: true, change: own }],
    ["a remark in one", "pull_request_review_comment", pull(), "full", { isProposal: true, change: own }],
    [
      "all of a pull request's repository",
      "pull_request",
      pull(),
      "full",
      { scope: "full", isProposal: true, change: own },
    ],
    [
      "a merge group",
      "merge_group",
      { merge_group: { base_sha: a, head_sha: b } },
      "auto",
      { scope: "changes", isProposal: true, change: { base: a, head: b, canLackBase: false } },
    ],
    [
      "a push",
      "push",
      push({}),
      "auto",
      {
        scope: "changes",
        isProposal: false,
        change: { base: a, head: b, insteadOfBase: "refs/heads/main", canLackBase: true },
      },
    ],
    [
      "a push to the default branch",
      "push",
      push({ ref: "refs/heads/main" }),
      "auto",
      { change: { base: a, head: b, canLackBase: true } },
    ],
    [
      "a new branch",
      "push",
      push({ before: zeros }),
      "auto",
      { change: { head: b, insteadOfBase: "refs/heads/main", canLackBase: true } },
    ],
    [
      "a tag: the commit that the runner names",
      "push",
      push({ ref: "refs/tags/v1", before: zeros }),
      "auto",
      { change: { head: c, insteadOfBase: "refs/heads/main", canLackBase: true } },
    ],
    ["a branch that went", "push", push({ after: zeros, deleted: true }), "auto", { scope: "nothing" }],
    ["a push, all of it", "push", push({}), "full", { scope: "full", isProposal: false }],
    ["a schedule", "schedule", {}, "auto", { scope: "full", commit: c, isProposal: false }],
    ["an event nobody knows", "new_event", { before: a }, "auto", { scope: "full" }],
  ];

  test.each(cases)("%s", (_, event, payload, scope, want) => {
    expect(occasionOf({ GITHUB_EVENT_NAME: event, GITHUB_SHA: c }, payload, scope)).toMatchObject(want);
  });

  test("Dependabot's", () => {
    const env = { GITHUB_EVENT_NAME: "pull_request", GITHUB_SHA: c, GITHUB_ACTOR: "dependabot[bot]" };
    expect(occasionOf(env, pull(), "auto").pull).toEqual({ number: 7, head: b, from: "dependabot" });
  });

  test.each([
    ["pull_request", {}, "auto", /base commit/],
    ["pull_request", { pull_request: { base: { sha: "main" }, head: { sha: b } } }, "auto", /base commit/],
    [
      "pull_request",
      { pull_request: { base: { sha: a }, head: { sha: "--upload-pack=evil" } } },
      "auto",
      /head commit/,
    ],
    ["merge_group", { merge_group: { base_sha: a, head_sha: `${b}\n` } }, "auto", /head commit/],
    ["push", push({ after: "HEAD~1" }), "auto", /commit after it/],
    ["push", push({ before: "$(evil)" }), "auto", /commit before it/],
    ["schedule", {}, "changes", /brings no changes/],
  ] as const)("%s, %j: %s", (event, payload, scope, says) => {
    expect(() => occasionOf({ GITHUB_EVENT_NAME: event, GITHUB_SHA: c }, payload, scope)).toThrow(says);
  });

  test("whatever the payload is, ids are ids or it is a mistake of the user's", () => {
    const payload = fc.oneof(
      fc.jsonValue(),
      fc.record({ pull_request: fc.jsonValue(), merge_group: fc.jsonValue(), before: fc.string(), after: fc.string() }),
    );
    const event = fc.constantFrom("pull_request", "push", "merge_group", "schedule");
    fc.assert(
      fc.property(event, payload, fc.option(fc.string()), (name, given, sha) => {
        try {
          const { change, commit } = occasionOf({ GITHUB_EVENT_NAME: name, GITHUB_SHA: sha ?? c }, given, "auto");
          for (const id of [commit, change?.head ?? a, change?.base ?? a]) expect(id).toMatch(/^[0-9a-f]{40,64}$/);
        } catch (error) {
          expect(error).toBeInstanceOf(KeywardenError);
        }
      }),
    );
  });
});

describe("what may be followed and reminded of", () => {
  const main = "refs/heads/main";
  const cases: readonly (readonly [event: string, ref: string, payload: unknown, says: RegExp | undefined])[] = [
    ["schedule", main, {}, undefined],
    ["schedule", main, { repository }, undefined],
    ["push", main, push({ ref: main }), undefined],
    ["workflow_dispatch", main, { repository }, undefined],
    ["push", "refs/heads/topic", push({}), /default branch, main/],
    ["push", "refs/tags/main", push({ ref: "refs/tags/main" }), /default branch, main/],
    ["workflow_dispatch", "refs/heads/topic", { repository }, /default branch, main/],
    ["pull_request", "refs/pull/7/merge", pull(), /not on pull_request/],
    ["pull_request_target", main, pull(), /not on pull_request_target/],
    ["pull_request_review", "refs/pull/7/merge", pull(), /not on pull_request_review/],
    ["merge_group", main, { repository }, /not on merge_group/],
    ["workflow_run", main, { repository }, /not on workflow_run/],
    ["issue_comment", main, { repository }, /not on issue_comment/],
    ["", main, null, /not on/],
  ];
  test.each(cases)("%s of %s", (event, ref, payload, says) => {
    const why = whyUnsettled({ GITHUB_EVENT_NAME: event, GITHUB_REF: ref }, payload);
    if (says === undefined) expect(why).toBeUndefined();
    else expect(why).toMatch(says);
  });
});
