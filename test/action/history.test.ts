// Checkouts that lack history: more is fetched where it can be, and where it cannot nothing ends green.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runStep } from "../helpers/action-runner.ts";
import { leaksIn, tokenOf } from "../helpers/cli-tokens.ts";
import { removeTemporary } from "../helpers/git-repo.ts";
import { startGitServer } from "../helpers/git-server.ts";
import type { GitServer } from "../helpers/git-server.ts";
import { PullRequestRig } from "../helpers/pull-request-rig.ts";

const token = tokenOf("npm.access-token", "deep in history");
const workflowToken = ["workflow", "token", "of", "this", "run"].join("-");
const servers: GitServer[] = [];

afterAll(() => {
  for (const server of servers) server.close();
  removeTemporary();
});

/** A branch of `commits` commits, the first of which leaks and the second takes it out. */
function rigOf(commits: number): PullRequestRig {
  const rig = new PullRequestRig();
  rig.author.commit("older", { "older.txt": "older\n" });
  rig.author.commit("first", { "a.txt": "hello\n" });
  rig.open();
  rig.author.commit("leak", { "leak.env": `KEY=${token}\n` });
  rig.author.commit("clean", { "leak.env": "KEY=\n" });
  for (let more = 2; more < commits; more++) rig.author.commit(`more ${more}`, { "b.txt": `${more}\n` });
  return rig;
}

async function serve(rig: PullRequestRig): Promise<GitServer> {
  const server = await startGitServer(rig.root, { login: `x-access-token:${workflowToken}` });
  servers.push(server);
  return server;
}

describe("a shallow checkout", () => {
  test.each([
    ["a short branch", 3],
    ["a branch longer than the first step", 130],
  ])("%s is fetched as far as it goes, with the workflow's token", async (_, commits) => {
    const rig = rigOf(commits);
    const server = await serve(rig);
    const step = rig.step({ depth: 1, server: server.url, token: workflowToken });
    const result = await runStep(step);
    expect([result.code, result.outputs["findings"], result.outputs["complete"]]).toEqual([1, "1", "true"]);
    expect(result.log).toMatch(/shallow: the missing history was fetched/);
    expect(new Set(server.logins)).toContain(`x-access-token:${workflowToken}`);
    expect(result.printed).not.toContain(workflowToken);
    expect(result.printed).not.toContain(Buffer.from(workflowToken).toString("base64").slice(0, 12));
    expect(readFileSync(join(step.workspace, ".git/config"), "utf8")).not.toContain("extraheader");
  });

  test("a command by which the checkout would have git list other repositories' refs is not run", async () => {
    const rig = rigOf(3);
    const server = await serve(rig);
    const step = rig.step({ depth: 1, server: server.url, token: workflowToken });
    const mark = join(step.workspace, "mark");
    rig.author.git("-C", step.workspace, "config", "core.alternateRefsCommand", `touch '${mark}'; true`);
    writeFileSync(join(step.workspace, ".git/objects/info/alternates"), join(rig.author.dir, ".git/objects\n"));
    const result = await runStep(step);
    expect([result.outputs["findings"], existsSync(mark)]).toEqual(["1", false]);
  });

  test("a header that the checkout left for git does not stand beside ours", async () => {
    const rig = rigOf(3);
    const server = await serve(rig);
    const step = rig.step({ depth: 1, server: server.url, token: workflowToken });
    const stale = `AUTHORIZATION: basic ${Buffer.from("x-access-token:other").toString("base64")}`;
    rig.author.git("-C", step.workspace, "config", `http.${server.url}/.extraheader`, stale);
    const result = await runStep(step);
    expect([result.code, result.outputs["complete"]]).toEqual([1, "true"]);
  });

  const troubles: readonly (readonly [name: string, options: (server: GitServer) => object])[] = [
    ["there is no server", () => ({})],
    ["the token is refused", (server) => ({ server: server.url, token: "another token" })],
    ["nobody answers", () => ({ server: "http://127.0.0.1:9", token: workflowToken })],
    ["the server is none", () => ({ server: "ext::sh -c evil", token: workflowToken })],
  ];

  test.each(troubles)("is never green where %s", async (_, options) => {
    const rig = rigOf(3);
    const result = await rig.run({ depth: 1, ...options(await serve(rig)) });
    expect(result.code).not.toBe(0);
    expect(result.commands.some(({ name }) => name === "error")).toBe(true);
    expect(result.log).toMatch(/fetch-depth: 0|URL|speak/);
    expect(result.printed).not.toContain(workflowToken);
    expect(result.printed).not.toMatch(/\n\s+at .*\.js/);
  });

  test("half of a branch is not all of it: incomplete", async () => {
    const rig = rigOf(10);
    // The merge and four commits are there, and the base, but not what lies between.
    const step = rig.step({ depth: 5 });
    const result = await runStep(step);
    expect([0, 1]).not.toContain(result.code);
    expect(leaksIn(result.log, [token])).toEqual([]);
  });

  test("a schedule fetches all branches; without a server it says that it did not see everything", async () => {
    const rig = rigOf(3);
    const server = await serve(rig);
    const sha = rig.push("refs/heads/topic");
    const step = (depth: number, github: NodeJS.ProcessEnv) => ({
      workspace: rig.checkout("refs/heads/main", depth),
      event: "schedule",
      payload: {},
      token: workflowToken,
      github: { GITHUB_SHA: rig.base, GITHUB_REF: "refs/heads/main", GITHUB_REPOSITORY: "octo/demo", ...github },
    });
    const seen = await runStep(step(1, { GITHUB_SERVER_URL: server.url }));
    expect([seen.code, seen.outputs["findings"], seen.outputs["complete"]]).toEqual([1, "1", "true"]);
    const unseen = await runStep(step(1, {}));
    expect([unseen.code, unseen.outputs["complete"]]).toEqual([3, "false"]);
    expect(unseen.summary).toContain("Not everything was read");
    expect(sha).not.toBe(rig.base);
  });

  // git ls-remote takes the second one's name for the default branch's, too.
  test.each(["topic", "a/refs/heads/main"])(
    "the first push of a branch %s is held against the default branch at the server",
    async (name) => {
      const rig = rigOf(3);
      const server = await serve(rig);
      const sha = rig.push(`refs/heads/${name}`);
      const result = await runStep({
        workspace: rig.checkout(`refs/heads/${name}`, 1),
        event: "push",
        payload: {
          ref: `refs/heads/${name}`,
          before: "0".repeat(40),
          after: sha,
          created: true,
          repository: { full_name: "octo/demo", default_branch: "main" },
        },
        token: workflowToken,
        github: {
          GITHUB_SHA: sha,
          GITHUB_REF: `refs/heads/${name}`,
          GITHUB_REPOSITORY: "octo/demo",
          GITHUB_SERVER_URL: server.url,
        },
      });
      expect([result.code, result.outputs["findings"], result.outputs["complete"]]).toEqual([1, "1", "true"]);
      const report = JSON.parse(readFileSync(result.outputs["report"] ?? "", "utf8"));
      expect(report.coverage.commits).toBe(3);
    },
  );
});

test("a branch made at the tip of the default branch brings nothing, whatever that holds", async () => {
  const rig = new PullRequestRig();
  rig.author.commit("old leak", { "leak.env": `KEY=${token}\n` });
  rig.open();
  const server = await serve(rig);
  const sha = rig.push("refs/heads/release");
  const result = await runStep({
    workspace: rig.checkout("refs/heads/release", 0),
    event: "push",
    payload: {
      ref: "refs/heads/release",
      before: "0".repeat(40),
      after: sha,
      created: true,
      repository: { full_name: "octo/demo", default_branch: "main" },
    },
    token: workflowToken,
    github: { GITHUB_SHA: sha, GITHUB_REPOSITORY: "octo/demo", GITHUB_SERVER_URL: server.url },
  });
  expect([result.code, result.outputs["findings"], result.outputs["complete"]]).toEqual([0, "0", "true"]);
});

describe("no checkout at all", () => {
  let result: Awaited<ReturnType<typeof runStep>>;
  beforeAll(async () => {
    const rig = rigOf(3);
    const step = rig.step();
    result = await runStep({ ...step, workspace: rig.root });
  });

  test("is a mistake, said in one line", () => {
    expect(result.code).toBe(2);
    expect(result.log).toMatch(/not a git repository/);
    expect(result.printed).not.toMatch(/\n\s+at /);
  });
});
