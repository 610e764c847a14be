// What people and machines do to the files and tokens of rotation: each mistake is told with its place and what to do.

import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { cliEnv, executable, keywarden } from "../helpers/cli-run.ts";
import type { CliOptions, CliResult } from "../helpers/cli-run.ts";
import { tokenOf } from "../helpers/cli-tokens.ts";
import { GitRepo, removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";
import { startGithub } from "../helpers/github-server.ts";
import { GithubWorld } from "../helpers/github-world.ts";
import { deniableUser } from "../helpers/other-user.ts";

const user = deniableUser();
const githubToken = "the-tests-own-word";

let repo: GitRepo;
beforeEach(() => {
  repo = GitRepo.create();
  mkdirSync(join(repo.dir, ".keywarden"));
});
afterAll(removeTemporary);

async function run(args: readonly string[], options: Partial<CliOptions> = {}): Promise<CliResult> {
  const result = await keywarden(args, { cwd: repo.dir, ...options });
  expect(result.stdout + result.stderr).not.toMatch(/internal error|\n {4}at /);
  expect(result.stdout + result.stderr).not.toContain(githubToken);
  return result;
}

const file = (name: string): string => join(repo.dir, ".keywarden", name);
const inventory = (text: string): void => writeFileSync(file("rotation.yml"), text);
const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
const declared = (more = ""): string => `version: 1
credentials:
  - id: mail-key
    provider: sendgrid
    created: ${daysAgo(95)}
${more}`;

describe("an inventory", () => {
  it.each<[string, string, RegExp]>([
    ["a key that nobody knows", declared("    onwer: ann\n"), /rotation\.yml:6:5: .*did you mean owner/],
    ["a provider that nobody knows", declared().replace("sendgrid", "sendgird"), /rotation\.yml:4:15: [^]*sendgrid/],
    [
      "an id twice",
      declared("  - { id: mail-key, provider: sendgrid }\n"),
      /rotation\.yml:6:11: .*another credential has this id/,
    ],
    ["a day that is none", declared().replace(/created: .*/, "created: 2026-02-30"), /rotation\.yml:5:14: /],
    [
      "a day to come",
      declared().replace(/created: .*/, "created: 2999-01-01"),
      /rotation\.yml:5:14: [^]*(ahead|future)/,
    ],
    ["brackets that do not close", "version: 1\ncredentials: [{ id: x\n", /rotation\.yml:\d+:\d+: /],
    ["another version", "version: 7\n", /rotation\.yml:1:10: /],
    ["a list", "- a\n", /rotation\.yml:1:1: /],
    [
      "an exemption for nobody",
      declared("exemptions: [{ credential: x, reason: y, until: 2027-01-01 }]\n"),
      /rotation\.yml:6:/,
    ],
  ])("with %s: 2, line and column, for every command", async (_, text, says) => {
    inventory(text);
    for (const args of [["status"], ["remind"], ["attest", "mail-key", "--reason", "x", "--by", "y"]]) {
      const { code, stdout, stderr } = await run(["rotation", ...args]);
      expect([code, stdout, stderr]).toEqual([2, "", expect.stringMatching(says)]);
    }
    expect(readdirSync(join(repo.dir, ".keywarden"))).toEqual(["rotation.yml"]);
  });

  it("with a secret pasted into it: refused without showing it", async () => {
    const token = tokenOf("sendgrid.api-key", "pasted");
    inventory(declared(`    notes: ${token}\n`));
    const { code, stdout, stderr } = await run(["rotation", "status"]);
    expect([code, stdout + stderr]).toEqual([2, expect.stringMatching(/rotation\.yml:6:/)]);
    expect(stdout + stderr).not.toContain(token.slice(-16));
  });
});

describe("a ledger", () => {
  beforeEach(async () => {
    inventory(declared());
    await run(["rotation", "remind"]);
  });

  const newer = (text: string): string => text.replace('"version": 1', '"version": 2');
  const half = (text: string): string => text.slice(0, text.length / 2);
  it.each<[string, (text: string) => string, RegExp]>([
    ["of a newer keywarden", newer, /ledger\.json[^]*(newer|update)/i],
    ["that was cut off", half, /ledger\.json/],
    ["that is empty", () => "", /ledger\.json/],
    ["with git's conflict marks", (text) => `<<<<<<< ours\n${text}=======\n${text}>>>>>>> theirs\n`, /conflict/],
    ["of another key", (text) => text.replace(/"key": "\w+"/, '"key": "00000000"'), /key/],
    ["of another shape", (text) => text.replaceAll('"state"', '"stage"'), /ledger\.json/],
  ])("%s: 2, and it stays as it is", async (_, damage, says) => {
    const damaged = damage(readFileSync(file("ledger.json"), "utf8"));
    writeFileSync(file("ledger.json"), damaged);
    for (const args of [
      ["rotation", "status"],
      ["rotation", "remind"],
      ["scan", ".", "--ledger"],
    ]) {
      const { code, stderr } = await run(args);
      expect([args, code, stderr]).toEqual([args, 2, expect.stringMatching(says)]);
    }
    expect(readFileSync(file("ledger.json"), "utf8")).toBe(damaged);
  });

  it.runIf(user !== undefined)("that may not be written: 2, says so, and loses nothing", async () => {
    const before = readFileSync(file("ledger.json"), "utf8");
    chmodSync(file("ledger.json"), 0o444);
    chmodSync(join(repo.dir, ".keywarden"), 0o555);
    chmodSync(repo.dir, 0o755);
    const { code, stderr } = await run(["rotation", "attest", "mail-key", "--reason", "x", "--by", "y"], user);
    chmodSync(join(repo.dir, ".keywarden"), 0o755);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/cannot write \.keywarden\/ledger\.json \(E/)]);
    expect(readFileSync(file("ledger.json"), "utf8")).toBe(before);
  });

  it("that leads out of the repository through a link: 2, and nothing is written there", async () => {
    const outside = join(temporaryFolder(), "ledger.json");
    writeFileSync(outside, readFileSync(file("ledger.json")));
    const before = readFileSync(outside, "utf8");
    writeFileSync(file("rotation.yml"), declared("    owner: ann\n"));
    rmSync(file("ledger.json"));
    symlinkSync(outside, file("ledger.json"));
    const { code, stderr } = await run(["rotation", "remind"]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(/leads outside the root/)]);
    expect(readFileSync(outside, "utf8")).toBe(before);
  });

  it.skipIf(process.platform === "win32")(
    "on a full disk: says so, nothing is lost, the next run goes on",
    async () => {
      const before = readFileSync(file("ledger.json"), "utf8");
      writeFileSync(
        file("rotation.yml"),
        declared(
          `${"  - { id: more-%, provider: sendgrid }\n".repeat(300)}`.replaceAll("%", () =>
            `${Math.random()}`.slice(2),
          ),
        ),
      );
      const full = withLimit(["rotation", "remind"]);
      expect([full.code, full.text]).toEqual([2, expect.stringMatching(/cannot write \.keywarden\/ledger\.json \(E/)]);
      expect(readFileSync(file("ledger.json"), "utf8")).toBe(before);
      expect((await run(["rotation", "remind"])).code).toBe(1);
    },
  );
});

/** A run in a shell that lets no file grow beyond 16 KiB, as a full disk does. */
function withLimit(args: readonly string[]): { readonly code: number | null; readonly text: string } {
  const script = 'trap "" XFSZ; ulimit -f 32; exec "$@"';
  const done = spawnSync("sh", ["-c", script, "sh", process.execPath, executable, ...args], {
    cwd: repo.dir,
    env: cliEnv(),
    encoding: "utf8",
  });
  return { code: done.status, text: done.stdout + done.stderr };
}

describe("a channel that cannot be told", () => {
  it("is a problem of its own: the others are told, and the run is incomplete", async () => {
    inventory(`version: 1\ncredentials: [{ id: mail-key, provider: sendgrid, created: ${daysAgo(80)} }]\n`);
    mkdirSync(file("rotation.md"));
    const { code, stderr } = await run(["rotation", "remind", "--to", "markdown", "--to", "ics"]);
    expect([code, stderr]).toEqual([3, expect.stringMatching(/rotation\.md/)]);
    expect(existsSync(file("rotation.ics"))).toBe(true);
  });

  it.each<[string, NodeJS.ProcessEnv, string[], RegExp]>([
    ["no token", {}, [], /needs a token in GITHUB_TOKEN or GH_TOKEN/],
    ["no repository", { GITHUB_TOKEN: githubToken }, [], /no repository is known/],
    ["a repository that is none", { GITHUB_TOKEN: githubToken }, ["--repository", "x"], /owner\/name/],
    ["an address that is none", { GITHUB_TOKEN: githubToken, GITHUB_API_URL: "file:///x" }, [], /GITHUB_API_URL/],
    ["an address without TLS", { GITHUB_TOKEN: githubToken, GITHUB_API_URL: "http://a.example" }, [], /GITHUB_API_URL/],
  ])("GitHub with %s: 2, before anything is written", async (_, env, more, says) => {
    inventory(declared());
    const given = {
      GITHUB_REPOSITORY: undefined,
      GITHUB_TOKEN: undefined,
      GH_TOKEN: undefined,
      GITHUB_API_URL: undefined,
    };
    const { code, stderr } = await run(["rotation", "remind", "--to", "github", ...more], {
      env: { ...given, ...env },
    });
    expect([code, stderr]).toEqual([2, expect.stringMatching(says)]);
    expect(existsSync(file("ledger.json"))).toBe(false);
  });

  it("GitHub with a token that lacks a right: says which, and the run is incomplete", async () => {
    const { url, world, close } = await startGithub((base) => new GithubWorld(base));
    try {
      world.account(githubToken, "ann", { issues: "read" });
      world.repository("acme/mail");
      inventory(`version: 1\ncredentials: [{ id: mail-key, provider: sendgrid, created: ${daysAgo(80)} }]\n`);
      const env = { GITHUB_TOKEN: githubToken, GITHUB_API_URL: url, GITHUB_REPOSITORY: "acme/mail" };
      const { code, stderr } = await run(["rotation", "remind", "--to", "github", "--to", "ics"], { env });
      expect([code, stderr]).toEqual([3, expect.stringMatching(/issues[ :=]*write/i)]);
      expect(existsSync(file("rotation.ics"))).toBe(true);
    } finally {
      await close();
    }
  });

  it("the repository comes from the remote, where nobody names it", async () => {
    const { url, world, close } = await startGithub((base) => new GithubWorld(base));
    try {
      world.account(githubToken, "ann");
      const repository = world.repository("acme/mail");
      inventory(declared());
      const { host } = new URL(url);
      repo.git("remote", "add", "origin", `http://${host}/acme/mail.git`);
      const env = { GITHUB_TOKEN: undefined, GH_TOKEN: githubToken, GITHUB_API_URL: url, GITHUB_REPOSITORY: undefined };
      const { code } = await run(["rotation", "remind", "--to", "github"], { env });
      expect([code, repository.issues.length]).toEqual([1, 1]);
    } finally {
      await close();
    }
  });
});

describe("the command line", () => {
  it.each<[string[], RegExp]>([
    [["status", "--format", "yaml"], /--format: expected one of terminal, json, markdown, ics/],
    [["remind", "--to", "mail"], /--to: expected one of terminal, markdown, ics, json, github/],
    [["status", "--staged"], /unknown option '--staged'/],
    [["adopt", "a", "b"], /too many arguments/],
    [["sing"], /unknown command|too many arguments/],
  ])("%j: 2", async (args, says) => {
    const { code, stderr } = await run(["rotation", ...args]);
    expect([code, stderr]).toEqual([2, expect.stringMatching(says)]);
  });
});
