// `audit --verify` from the command line: secrets are read again from wherever git holds them, and asked about once.

import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { audit } from "../../src/index.ts";
import { jsonOf, keywarden } from "../helpers/cli-run.ts";
import type { CliResult } from "../helpers/cli-run.ts";
import { GitRepo, gitTestEnv, removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";
import { keyOf, noNetwork, privateHome, SendGrid } from "../helpers/verify-rig.ts";

afterAll(removeTemporary);

const live = keyOf("audit live");

let sendgrid: SendGrid;
beforeEach(async () => {
  sendgrid = await SendGrid.start(live);
});
afterEach(() => sendgrid.server.close());

const statuses = (result: CliResult): string[] =>
  jsonOf(result).findings.map(({ verification }) => `${verification?.status} ${verification?.reason}`);

/** Puts the key where no checkout shows it. */
type Hide = (repo: GitRepo, key: string) => void;

function removeFrom(repo: GitRepo, path: string, text: string): void {
  repo.commit("in", { [path]: text });
  repo.git("rm", "-q", path);
  repo.commit("out");
}

/** A commit, blob or tag that is stored and that nothing refers to. */
function store(repo: GitRepo, type: string, text: string): string {
  return repo.run(["hash-object", "-t", type, "-w", "--stdin"], { input: text });
}

const hidden: Readonly<Record<string, Hide>> = {
  "a file that was deleted": (repo, key) => removeFrom(repo, "a.env", `A=${key}\n`),
  "a packed delta": (repo, key) => {
    const prose = Array.from({ length: 200 }, (_, line) => `line ${line}: nothing\n`).join("");
    repo.commit("base", { "a.txt": prose });
    repo.commit("in", { "a.txt": `${prose}A=${key}\n` });
    repo.commit("out", { "a.txt": prose });
    repo.git("gc", "-q");
  },
  "a commit's message": (repo, key) => repo.commit(`drops ${key}`),
  "a tag's message": (repo, key) => repo.git("tag", "-a", "v1", "-m", `made with ${key}`),
  "an author's name": (repo, key) =>
    repo.run(["commit", "-q", "--allow-empty", "-m", "x"], { env: { GIT_AUTHOR_NAME: key } }),
  "a file's name": (repo, key) => removeFrom(repo, `${key}.txt`, "nothing\n"),
  "a dangling blob": (repo, key) => store(repo, "blob", `A=${key}\n`),
  "a dangling commit's message": (repo, key) => {
    const tree = repo.git("rev-parse", "HEAD^{tree}");
    store(
      repo,
      "commit",
      `tree ${tree}\nauthor A <a@b.c> 1700000000 +0000\ncommitter A <a@b.c> 1700000000 +0000\n\n${key}\n`,
    );
  },
  "a stash": (repo, key) => {
    repo.write("README", `A=${key}\n`);
    repo.git("stash", "-q");
  },
  "UTF-16": (repo, key) => {
    repo.write("a.txt", Buffer.from(`\ufeffA=${key}\r\n`, "utf16le"));
    repo.commit("in");
    repo.git("rm", "-q", "a.txt");
    repo.commit("out");
  },
  "base64 in a file that was deleted": (repo, key) =>
    removeFrom(repo, "a.yml", `data: ${Buffer.from(`A=${key}\n`).toString("base64")}\n`),
  "a file that git was never told of": (repo, key) => repo.write("a.env", `A=${key}\n`),
};

function repoWith(...keys: readonly (readonly [Hide, string])[]): GitRepo {
  const repo = GitRepo.create();
  repo.commit("first", { README: "nothing\n" });
  for (const [hide, key] of keys) hide(repo, key);
  return repo;
}

describe("audit --verify", () => {
  test(`wherever git holds it: ${Object.keys(hidden).join(", ")}`, async () => {
    const planted = Object.entries(hidden).map(([name, hide]) => ({ name, hide, key: keyOf(`audit ${name}`) }));
    const repo = repoWith(...planted.map(({ hide, key }) => [hide, key] as const));
    const result = await sendgrid.run(["audit", "--verify", "--format", "json"], { cwd: repo.dir });
    const asked = planted.filter(({ key }) => sendgrid.keys().includes(key)).map(({ name }) => name);
    expect(asked).toEqual(Object.keys(hidden));
    expect(sendgrid.keys()).toHaveLength(planted.length);
    expect(statuses(result)).toEqual(planted.map(() => "inactive answer"));
    expect(planted.filter(({ key }) => (result.stdout + result.stderr).includes(key))).toEqual([]);
  });

  test("a bare repository, many places, threads: one question for each secret", async () => {
    const keys = Array.from({ length: 40 }, (_, index) => keyOf(`audit many ${index}`));
    const repo = GitRepo.create();
    for (let commit = 0; commit < 25; commit++) {
      repo.write("a.env", keys.map((key, index) => `K${commit}_${index}=${key}\n`).join(""));
      repo.commit(`${commit}`);
    }
    const bare = temporaryFolder();
    repo.git("clone", "-q", "--bare", repo.dir, join(bare, "a.git"));
    const args = ["audit", join(bare, "a.git"), "--verify", "--verify-budget", "40", "--format", "json", "--jobs", "2"];
    const result = await sendgrid.run(args, { cwd: bare });
    expect(jsonOf(result).summary.occurrences).toBe(1000);
    expect(new Set(statuses(result))).toEqual(new Set(["inactive answer"]));
    expect(sendgrid.server.asked.length).toBe(41);
    expect(sendgrid.keys().toSorted()).toEqual(keys.toSorted());
  });

  test("what works leads, what is dead only warns, and the table says which is which", async () => {
    const dead = ["a", "b"].map((name) => keyOf(`audit dead ${name}`));
    const [file, message] = [hidden["a file that was deleted"], hidden["a commit's message"]] as [Hide, Hide];
    const repo = repoWith([file, dead[0] as string], [message, live], [message, dead[1] as string]);
    const result = await sendgrid.run(["audit", "--verify"], { cwd: repo.dir });
    const [head = "", ...rows] = result.stdout.split("\n");
    expect(head).toMatch(/^ {2}secret +rule +age +verified +found/);
    const cells = rows.slice(0, rows.indexOf("")).flatMap((row) => /\b(?:ACTIVE|inactive)\b/.exec(row)?.[0] ?? []);
    expect(cells).toEqual(["ACTIVE", "inactive", "inactive"]);
    expect(result.stdout).toContain("VERIFIED ACTIVE: it still opens the door");
    expect(result.code).toBe(1);
  });

  test("what works breaks through the baseline", async () => {
    const dead = keyOf("audit dead");
    const repo = repoWith();
    repo.write("a.env", `A=${dead}\nB=${live}\n`);
    await keywarden(["baseline", "create", "--reason", "known"], { cwd: repo.dir });
    const silent = await keywarden(["audit"], { cwd: repo.dir });
    const result = await sendgrid.run(["audit", "--verify", "--format", "json"], { cwd: repo.dir });
    const rows = jsonOf(result).findings.map(({ verification, verdict }) => `${verification?.status} ${verdict}`);
    expect([silent.code, rows, result.code]).toEqual([0, ["active block", "inactive allow"], 1]);
  });

  test("the second run asks nobody; with --no-cache it asks again", async () => {
    const repo = repoWith([hidden["a file that was deleted"] as Hide, live]);
    const asked: number[] = [];
    for (const more of [[], [], ["--no-cache"]]) {
      const result = await sendgrid.run(["audit", "--verify", "--format", "json", ...more], { cwd: repo.dir });
      expect(statuses(result)).toEqual(["active answer"]);
      asked.push(sendgrid.keys().length);
    }
    expect(asked).toEqual([1, 1, 2]);
  });

  test("a provider in trouble: 1, or what --fail-on says, and 4 where an answer was required", async () => {
    sendgrid.before = () => ({ status: 500 });
    const repo = repoWith([hidden["a file that was deleted"] as Hide, live]);
    const run = async (...more: string[]) =>
      (await sendgrid.run(["audit", "--verify", "--no-cache", ...more], { cwd: repo.dir })).code;
    expect([await run(), await run("--fail-on", "active"), await run("--require-verify")]).toEqual([1, 0, 4]);
  });

  test("without --verify no socket is opened, by no thread", async () => {
    const repo = repoWith([hidden["a commit's message"] as Hide, live]);
    const run = async (...more: string[]) =>
      (await sendgrid.run(["audit", ...more], { cwd: repo.dir, env: noNetwork })).code;
    const plain = await keywarden(["audit"], { cwd: repo.dir, env: { ...privateHome().env, ...noNetwork } });
    // The last one shows that the trap works.
    expect([plain.code, await run("--plan"), await run("--verify")]).toEqual([1, 0, 99]);
  });

  test("--plan says who would be asked, and sends nothing", async () => {
    const repo = repoWith([hidden["a commit's message"] as Hide, live]);
    const result = await sendgrid.run(["audit", "--plan"], { cwd: repo.dir });
    expect([result.code, result.stdout]).toEqual([
      0,
      expect.stringMatching(/1 secret at 1 place would be asked about/),
    ]);
    expect(sendgrid.server.asked).toEqual([]);
  });

  test.each<[string, string[], NodeJS.ProcessEnv, RegExp]>([
    ["--fail-on active alone", ["--fail-on", "active"], {}, /needs --verify/],
    ["a flag of verification alone", ["--require-verify"], {}, /needs --verify/],
    ["in a git hook", ["--verify"], { PRE_COMMIT: "1" }, /git hook/],
    ["with TLS switched off", ["--verify"], { NODE_TLS_REJECT_UNAUTHORIZED: "0" }, /TLS/],
  ])("%s: a mistake", async (_, args, env, says) => {
    const repo = repoWith([hidden["a commit's message"] as Hide, live]);
    const result = await keywarden(["audit", ...args], { cwd: repo.dir, env: { ...privateHome().env, ...env } });
    expect([result.code, result.stderr]).toEqual([2, expect.stringMatching(says)]);
  });

  test("for a pull request from a fork nobody is asked", async () => {
    const repo = repoWith([hidden["a commit's message"] as Hide, live]);
    const env = { GITHUB_EVENT_NAME: "pull_request_target" };
    const result = await sendgrid.run(["audit", "--verify", "--format", "json"], { cwd: repo.dir, env });
    expect([statuses(result), sendgrid.server.asked]).toEqual([["skipped fork"], []]);
  });

  test("what an audit found can be asked about later, from its report", async () => {
    const places = ["a file that was deleted", "a tag's message", "a dangling commit's message", "an author's name"];
    const keys = places.map((place) => keyOf(`audit later ${place}`));
    const repo = repoWith(...places.map((place, index) => [hidden[place] as Hide, keys[index] as string] as const));
    const report = join(temporaryFolder(), "audit.json");
    await keywarden(["audit", "--format", "json", "--output", report], { cwd: repo.dir, env: privateHome().env });
    const result = await sendgrid.run(["verify", "--report", report, "--format", "json"], { cwd: repo.dir });
    expect(statuses(result)).toEqual(keys.map(() => "inactive answer"));
    expect(sendgrid.keys().toSorted()).toEqual(keys.toSorted());
  });
});

describe("audit({ verify })", () => {
  test("asks, tells the plan and leaves no value in the report", async () => {
    const repo = repoWith([hidden["a file that was deleted"] as Hide, live]);
    const plans: string[] = [];
    const report = await audit({
      cwd: repo.dir,
      env: { ...gitTestEnv, ...privateHome().env },
      verify: { endpoints: { sendgrid: sendgrid.server.url }, onPlan: (words) => plans.push(words) },
    });
    expect(report.verdicts.map(({ verification }) => verification?.status)).toEqual(["active"]);
    expect(report.verdicts.map(({ finding }) => finding.secret.reveal())).toEqual([""]);
    expect(plans.join("")).toContain("1 secret at 1 place");
  });

  test("needs env", async () => {
    await expect(audit({ cwd: repoWith().dir, verify: {} })).rejects.toThrow(/verify needs env/);
  });
});
