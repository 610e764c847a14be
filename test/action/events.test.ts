// The Action as action.yml names it, run on each event as the runner does: outputs, annotations, summary, SARIF, exit.

import { existsSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runStep } from "../helpers/action-runner.ts";
import type { StepResult } from "../helpers/action-runner.ts";
import { leaksIn, tokenOf } from "../helpers/cli-tokens.ts";
import { startCommentServer } from "../helpers/comment-server.ts";
import type { CommentServer } from "../helpers/comment-server.ts";
import { removeTemporary } from "../helpers/git-repo.ts";
import { PullRequestRig } from "../helpers/pull-request-rig.ts";

const token = tokenOf("npm.access-token", "in a pull request");
const oldToken = tokenOf("npm.access-token", "on main since long");
const leak = `KEY=${token}\n`;
let api: CommentServer;

beforeAll(async () => {
  api = await startCommentServer();
});
afterAll(() => {
  api.close();
  removeTemporary();
});

/** main holds an old secret; the branch brings a new one. */
function rigWithLeak(): PullRequestRig {
  const rig = new PullRequestRig();
  rig.author.commit("first", { "old.env": `OLD=${oldToken}\n`, "a.txt": "hello\n" });
  rig.open();
  rig.author.commit("settings", { "deploy/new.env": leak });
  return rig;
}

/** What people and other systems get to see holds no value; what the runner alone sees holds masks first. */
function expectNoLeak(result: StepResult): void {
  const files = [result.outputs["report"] ?? "", result.outputs["sarif"] ?? ""].filter((file) => existsSync(file));
  const seen = [
    result.log,
    result.summary,
    JSON.stringify(result.outputs),
    ...files.map((file) => readFileSync(file, "utf8")),
  ];
  const withoutMasks = result.printed.replaceAll(/^::add-mask::.*$/gm, "");
  for (const text of [...seen, withoutMasks, ...api.comments.map(({ body }) => body)])
    expect(leaksIn(text, [token, oldToken])).toEqual([]);
}

function errorsIn(result: StepResult): string[] {
  return result.commands
    .filter(({ name }) => name === "error")
    .map(({ properties }) => `${properties["file"]}:${properties["line"]}`);
}

describe("pull_request", () => {
  const cases = [
    { name: "of a branch of the repository", permission: "write", comments: 1, says: undefined },
    {
      name: "of a fork",
      from: "fork",
      permission: "read",
      comments: 0,
      says: /no comment .*pull-requests: write.*fork/,
    },
    { name: "of Dependabot", from: "dependabot", permission: "read", comments: 0, says: /no comment .*Dependabot/ },
  ] as const;

  test.each(cases)("$name", async (given) => {
    api.options = { permission: given.permission };
    api.comments.length = 0;
    const rig = rigWithLeak();
    const { from } = { from: undefined, ...given };
    const result = await rig.run({
      api: api.url,
      token: "workflow-token",
      inputs: { sarif: "upload" },
      ...(from === undefined ? {} : { from }),
    });
    expect(result.code).toBe(1);
    expect(result.outputs).toMatchObject({ findings: "1", blocking: "1", active: "0", complete: "true" });
    expect(errorsIn(result)).toEqual(["deploy/new.env:1"]);
    expect(result.masks).toEqual([token]);
    expect(result.summary).toContain("deploy/new");
    expect(result.summary).not.toContain("old&#46;env");
    expect(api.comments).toHaveLength(given.comments);
    if (given.says !== undefined) expect(result.log).toMatch(given.says);
    if (given.says !== undefined)
      expect(result.log).toMatch(/nothing was sent to code scanning: .*security-events: write/);
    expectNoLeak(result);
    const sarif = JSON.parse(readFileSync(result.outputs["sarif"] ?? "", "utf8"));
    expect(sarif.runs[0].results).toHaveLength(1);
    expect(sarif.runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri).toBe("deploy/new.env");
  });

  test("on pull_request_target code scanning hears of the pull request's head, and not of the base", async () => {
    api.options = {};
    api.uploads.length = 0;
    const rig = rigWithLeak();
    const step = rig.step({
      event: "pull_request_target",
      api: api.url,
      token: "workflow-token",
      inputs: { sarif: "upload", comment: "false" },
      github: { GITHUB_SHA: rig.base, GITHUB_REF: "refs/heads/main" },
    });
    expect((await runStep(step)).code).toBe(1);
    const head = rig.author.git("rev-parse", "HEAD");
    expect(api.uploads.map(({ commit, ref }) => [commit, ref])).toEqual([[head, "refs/pull/7/head"]]);
  });

  test.skipIf(process.platform === "win32")("long names push no part of the page out of the comment", async () => {
    api.options = {};
    api.comments.length = 0;
    const rig = rigWithLeak();
    const folders = ["a", "b", "c"].map((name) => `${"@".repeat(120)}/${name}${"@".repeat(110)}`);
    const leaks = Array.from({ length: 25 }, (_, at) => tokenOf("npm.access-token", `long ${at}`));
    const files = folders.flatMap((folder) => leaks.map((one, at) => [`${folder}/${at}.env`, `KEY=${one}\n`] as const));
    rig.author.commit("many", { ...Object.fromEntries(files), ".keywarden/config.yml": "fail-on: never\n" });
    await rig.run({ api: api.url, token: "workflow-token" });
    const [comment] = api.comments;
    expect(comment?.body.length).toBeLessThan(65_536);
    expect(comment?.body).toMatch(/more secrets[^]*What to do[^]*It would allow by itself[^]*config&#46;yml/);
  });

  test("what is written stays outside of the checkout", async () => {
    const rig = rigWithLeak();
    const step = rig.step();
    const result = await runStep(step);
    for (const name of ["report", "sarif"] as const)
      expect((result.outputs[name] ?? "").startsWith(step.workspace + sep)).toBe(false);
    expect(existsSync(join(step.workspace, ".keywarden"))).toBe(false);
  });

  test("nothing is found, nothing is said on the pull request", async () => {
    api.options = {};
    api.comments.length = 0;
    const rig = new PullRequestRig();
    rig.author.commit("first", { "a.txt": "hello\n" });
    rig.open();
    rig.author.commit("more", { "b.txt": "hello again\n" });
    const result = await rig.run({ api: api.url, token: "workflow-token" });
    expect([result.code, result.outputs["findings"], result.outputs["complete"]]).toEqual([0, "0", "true"]);
    expect(api.comments).toEqual([]);
    expect(result.masks).toEqual([]);
  });

  test("scope full looks at what was there before, too", async () => {
    const result = await rigWithLeak().run({ inputs: { scope: "full" } });
    expect(result.outputs["findings"]).toBe("2");
    expect(result.code).toBe(1);
    expectNoLeak(result);
  });

  test("starts in seconds, with nothing but Node and git", async () => {
    const result = await rigWithLeak().run();
    expect(result.milliseconds).toBeLessThan(5000);
    expect(readFileSync(result.outputs["report"] ?? "", "utf8")).toContain('"engine"');
  });
});

describe("push", () => {
  const zeros = "0".repeat(40);
  const common = { repository: { full_name: "octo/demo", default_branch: "main" } };

  async function pushed(
    rig: PullRequestRig,
    payload: object,
    at: { readonly ref: string; readonly sha: string; readonly depth?: number },
  ): Promise<StepResult> {
    return runStep({
      workspace: rig.checkout(at.ref, at.depth ?? 0),
      event: "push",
      payload: { ...common, ref: at.ref, ...payload },
      github: { GITHUB_SHA: at.sha, GITHUB_REF: at.ref, GITHUB_REPOSITORY: "octo/demo" },
    });
  }

  test("only what it brought, and it fails", async () => {
    const rig = rigWithLeak();
    const sha = rig.push("refs/heads/main");
    const result = await pushed(rig, { before: rig.base, after: sha }, { ref: "refs/heads/main", sha });
    expect([result.code, result.outputs["findings"]]).toEqual([1, "1"]);
    expect(errorsIn(result)).toEqual(["deploy/new.env:1"]);
    expectNoLeak(result);
  });

  test("a comment on the line counts, since what is pushed is there", async () => {
    const rig = new PullRequestRig();
    rig.author.commit("first");
    rig.open();
    rig.author.commit("allowed", { "a.env": `KEY=${token} # keywarden:allow npm -- made up\n` });
    const sha = rig.push("refs/heads/main");
    const result = await pushed(rig, { before: rig.base, after: sha }, { ref: "refs/heads/main", sha });
    expect([result.code, result.outputs["findings"], result.masks]).toEqual([0, "0", []]);
  });

  test("a new branch brings what the default branch does not have; the whole history where it cannot be asked", async () => {
    const rig = rigWithLeak();
    const sha = rig.push("refs/heads/topic");
    const result = await pushed(rig, { before: zeros, after: sha, created: true }, { ref: "refs/heads/topic", sha });
    expect(result.code).toBe(1);
    expect(Number(result.outputs["findings"])).toBe(2);
  });

  test("a branch that is gone brings nothing", async () => {
    const rig = rigWithLeak();
    const payload = { before: rig.base, after: zeros, deleted: true };
    const result = await pushed(rig, payload, { ref: "refs/heads/main", sha: rig.base });
    expect([result.code, result.outputs["findings"], result.outputs["complete"]]).toEqual([0, "0", "true"]);
    expect(result.log).toMatch(/removed/);
  });

  test("a forced push whose former tip is gone is read from the beginning", async () => {
    const rig = rigWithLeak();
    const sha = rig.push("refs/heads/main");
    const result = await pushed(
      rig,
      { before: "1".repeat(40), after: sha, forced: true },
      { ref: "refs/heads/main", sha },
    );
    expect([result.code, result.outputs["findings"], result.outputs["complete"]]).toEqual([1, "2", "true"]);
  });
});

describe("the other events", () => {
  function at(rig: PullRequestRig, event: string, payload: object, depth = 0): Promise<StepResult> {
    const sha = rig.push("refs/heads/main");
    return runStep({
      workspace: rig.checkout("refs/heads/main", depth),
      event,
      payload,
      github: { GITHUB_SHA: sha, GITHUB_REF: "refs/heads/main", GITHUB_REPOSITORY: "octo/demo" },
    });
  }

  test.each(["schedule", "workflow_dispatch", "workflow_call", "something_new"])(
    "%s: an audit of everything",
    async (event) => {
      const result = await at(rigWithLeak(), event, {});
      expect([result.code, result.outputs["findings"], result.outputs["complete"]]).toEqual([1, "2", "true"]);
      expect(result.masks.toSorted()).toEqual([token, oldToken].toSorted());
      expectNoLeak(result);
    },
  );

  test("merge_group: what the group brings, held to what its base allows", async () => {
    const rig = new PullRequestRig();
    rig.author.commit("first", { "old.env": `OLD=${oldToken}\n` });
    rig.open();
    rig.author.commit("allowed by itself", { "a.env": `KEY=${token} # keywarden:allow npm -- trust me\n` });
    const head = rig.push("refs/heads/gh-readonly-queue/main/pr-7");
    const result = await runStep({
      workspace: rig.checkout("refs/heads/gh-readonly-queue/main/pr-7", 0),
      event: "merge_group",
      payload: { action: "checks_requested", merge_group: { base_sha: rig.base, head_sha: head } },
      github: {
        GITHUB_SHA: head,
        GITHUB_REF: "refs/heads/gh-readonly-queue/main/pr-7",
        GITHUB_REPOSITORY: "octo/demo",
      },
    });
    expect([result.code, result.outputs["findings"]]).toEqual([1, "1"]);
    expect(result.summary).toContain("It would allow by itself");
    expectNoLeak(result);
  });

  test("a folder is no settings file", async () => {
    const result = await rigWithLeak().run({ inputs: { config: "deploy" } });
    expect(result.code).toBe(2);
    expect(result.log).toMatch(/no configuration file deploy/);
    const rig = new PullRequestRig();
    rig.author.commit("first", { "deploy/a.yml": "fail-on: never\n" });
    rig.open();
    rig.author.commit("more");
    const folder = await rig.run({ inputs: { config: "deploy" } });
    expect(folder.code).toBe(2);
    expect(folder.log).toMatch(/deploy: is a folder/);
    expect((await rig.run({ inputs: { config: "./deploy/a.yml" } })).code).toBe(0);
  });

  test("scope changes on an event without changes is a mistake", async () => {
    const rig = rigWithLeak();
    const sha = rig.push("refs/heads/main");
    const result = await runStep({
      workspace: rig.checkout("refs/heads/main", 0),
      event: "schedule",
      payload: {},
      inputs: { scope: "changes" },
      github: { GITHUB_SHA: sha },
    });
    expect(result.code).toBe(2);
    expect(result.log).toMatch(/input scope: .*schedule/);
    expect(result.printed).not.toMatch(/\n\s+at /);
  });
});
