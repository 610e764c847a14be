// The whole path of a leak: found, asked about, filed, proven dead, closed, back again, reopened; the real command line.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { expandTemplate } from "../../src/rules/samples.ts";
import { keywarden } from "../helpers/cli-run.ts";
import type { CliResult } from "../helpers/cli-run.ts";
import { leaksIn } from "../helpers/cli-tokens.ts";
import { GitRepo, removeTemporary } from "../helpers/git-repo.ts";
import { startGithub } from "../helpers/github-server.ts";
import { GithubWorld } from "../helpers/github-world.ts";
import type { WorldRepository } from "../helpers/github-world.ts";
import { startProvider } from "../helpers/provider-server.ts";
import type { ProviderServer } from "../helpers/provider-server.ts";
import { privateHome } from "../helpers/verify-rig.ts";

const dayMs = 86_400_000;
const token = expandTemplate('oai_{{json-b64url:{"sub":"{{uuid}}","scope":"read"}}}.{{base64url:43}}', "whole path");
const githubToken = "the-tests-own-word";
const repositoryName = "acme/payments";

let provider: ProviderServer;
let github: Awaited<ReturnType<typeof startGithub>>;
let repository: WorldRepository;
let repo: GitRepo;
let env: NodeJS.ProcessEnv;
let shown = "";

/** Ogarni.AI, for which the token works or does not; never the control. */
function providerSays(works: boolean): void {
  provider.answer(({ headers }) =>
    works && headers["x-api-key"] === token
      ? { status: 200, body: { count: 3 } }
      : { status: 401, body: { error: "unauthorized", message: "Invalid API token" } },
  );
}

function commit(message: string, files: Readonly<Record<string, string>>, daysAgo: number): void {
  for (const [path, text] of Object.entries(files)) repo.write(path, text);
  repo.git("add", "-A", "--", ...Object.keys(files));
  const date = new Date(Date.now() - daysAgo * dayMs).toISOString();
  const dates = { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
  repo.run(["commit", "-q", "-m", message], { env: dates });
}

async function run(...args: string[]): Promise<CliResult> {
  const result = await keywarden(args, { cwd: repo.dir, env });
  shown += result.stdout + result.stderr;
  return result;
}

const audit = (): Promise<CliResult> =>
  run("audit", "--verify", "--no-cache", "--ledger", "--endpoint", `ogarni-ai=${provider.url}`);
const remind = (): Promise<CliResult> => run("rotation", "remind", "--to", "github");

beforeEach(async () => {
  shown = "";
  provider = await startProvider();
  github = await startGithub((base) => new GithubWorld(base));
  github.world.account(githubToken, "github-actions[bot]");
  repository = github.world.repository(repositoryName, { assignable: new Set(["bo", "zoe"]) });
  repository.files.set(".github/CODEOWNERS", "* @zoe\n/config/ @bo\n");
  repo = GitRepo.create();
  env = {
    ...privateHome().env,
    GITHUB_API_URL: github.url,
    GITHUB_TOKEN: githubToken,
    GITHUB_REPOSITORY: repositoryName,
  };
  commit("config", { "config/prod.env": `OGARNI_TOKEN=${token}\n` }, 100);
  commit("more", { "src/a.ts": "export {};\n" }, 50);
});
afterEach(async () => {
  await provider.close();
  await github.close();
});
afterAll(removeTemporary);

describe("a leaked token of Ogarni.AI, 100 days old", () => {
  it("is filed with owner and deadline, closed on proof, reopened when it is back", async () => {
    providerSays(true);
    const started = Date.now();
    expect((await audit()).code).toBe(1);
    expect((await remind()).code).toBe(1);
    const [issue, ...others] = repository.issues;
    expect([issue?.isOpen, issue?.assignees, others]).toEqual([true, ["bo"], []]);
    const due = /due (\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}) UTC/.exec(issue?.body ?? "");
    const deadline = Date.parse(`${due?.[1]}T${due?.[2]}:00Z`);
    expect(Math.abs(deadline - started - dayMs)).toBeLessThan(3 * 60_000);
    expect(issue?.body).toContain("config/prod.env");
    expect(issue?.body).toContain("answers 401");
    const status = await run("rotation", "status");
    expect([status.code, status.stdout]).toEqual([1, expect.stringMatching(/verified active[^]* 100 or more /)]);

    const writes = github.world.writesAt.length;
    expect((await remind()).code).toBe(1);
    expect(github.world.writesAt.length).toBe(writes);

    providerSays(false);
    expect((await audit()).code).toBe(0);
    expect((await remind()).code).toBe(0);
    expect(repository.issues).toHaveLength(1);
    expect(issue?.isOpen).toBe(false);
    expect(issue?.comments.at(-1)?.body).toMatch(/verified inactive on \d{4}-\d{2}-\d{2} \(row invalid/);

    providerSays(true);
    commit("back", { "deploy/b.env": `OGARNI_TOKEN=${token}\n` }, 0);
    expect((await audit()).code).toBe(1);
    expect((await remind()).code).toBe(1);
    expect(repository.issues).toHaveLength(1);
    expect(issue?.isOpen).toBe(true);
    expect(issue?.body).toContain("deploy/b.env");
    expect(github.world.complaints).toEqual([]);

    const files = ["ledger.json", "salt"].map((name) => readFileSync(join(repo.dir, ".keywarden", name), "utf8"));
    const told = JSON.stringify(repository.issues);
    expect(leaksIn([shown, told, ...files].join("\n"), [token])).toEqual([]);
    expect(shown).not.toContain(githubToken);
  });

  it("in a public repository is told of by the exit code alone", async () => {
    repository.isPrivate = false;
    providerSays(true);
    await audit();
    const { code, stderr } = await remind();
    expect([code, repository.issues]).toEqual([1, []]);
    expect(stderr).toMatch(/not told in public, since they are leaks: ogarni-ai-/);
  });

  it("in a public repository goes to the private one that people name", async () => {
    repository.isPrivate = false;
    const secret = github.world.repository("acme/leaks");
    mkdirSync(join(repo.dir, ".keywarden"), { recursive: true });
    writeFileSync(join(repo.dir, ".keywarden/rotation.yml"), "version: 1\ngithub:\n  leaks-to: acme/leaks\n");
    providerSays(true);
    await audit();
    const { code } = await remind();
    expect([code, repository.issues, secret.issues.length]).toEqual([1, [], 1]);
  });
});
