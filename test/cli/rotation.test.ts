// `keywarden rotation` from end to end: what each command writes, says and ends with, on a repository with real git.

import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import type { RotationReportJson } from "../../src/channels/schema.ts";
import { keywarden } from "../helpers/cli-run.ts";
import type { CliResult } from "../helpers/cli-run.ts";
import { leaksIn, tokenOf } from "../helpers/cli-tokens.ts";
import { GitRepo, removeTemporary } from "../helpers/git-repo.ts";

const token = tokenOf("sendgrid.api-key", "rotation cli");
const other = tokenOf("sendgrid.api-key", "rotation cli, the next one");

let repo: GitRepo;
beforeEach(() => {
  repo = GitRepo.create();
  repo.commit("first", { README: "nothing\n" });
});
afterAll(removeTemporary);

async function run(args: readonly string[], env: NodeJS.ProcessEnv = {}, input?: string): Promise<CliResult> {
  const result = await keywarden(args, { cwd: repo.dir, env, ...(input === undefined ? {} : { input }) });
  expect(leaksIn(result.stdout + result.stderr, [token, other])).toEqual([]);
  expect(result.stderr).not.toMatch(/internal error|\n {4}at /);
  return result;
}

const rotation = (...args: string[]): Promise<CliResult> => run(["rotation", ...args]);
const inventory = (text: string): void => repo.write(".keywarden/rotation.yml", `version: 1\n${text}`);
const stateDir = (): readonly string[] => readdirSync(join(repo.dir, ".keywarden")).toSorted();
const text = (name: string): string => readFileSync(join(repo.dir, ".keywarden", name), "utf8");

async function report(): Promise<RotationReportJson> {
  return JSON.parse((await rotation("status", "--format", "json")).stdout) as RotationReportJson;
}

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
const declare = (age: number, more = ""): void =>
  inventory(`credentials:
  - id: mail-key
    provider: sendgrid
    owner: "@acme/mail"
    kept: { env: MAIL_KEY, secret: MAIL_KEY }
    created: ${daysAgo(age)}
${more}`);

describe("where nothing is known", () => {
  it.each([["status"], ["remind"], ["remind", "--to", "ics"], ["remind", "--dry-run"]])(
    "%s %s %s says how to begin, and writes nothing",
    async (...args) => {
      const { code } = await rotation(...args);
      expect([code, existsSync(join(repo.dir, ".keywarden"))]).toEqual([0, false]);
    },
  );

  it("init writes a valid inventory and a key, once", async () => {
    const first = await rotation("init");
    expect([first.code, stateDir()]).toEqual([0, ["rotation.yml", "salt"]]);
    inventory("credentials: [] # mine\n");
    const second = await rotation("init");
    expect([second.code, text("rotation.yml")]).toEqual([0, "version: 1\ncredentials: [] # mine\n"]);
    expect(second.stdout).toContain("stays as it is");
    expect((await rotation("status")).code).toBe(0);
  });
});

describe("a declared credential", () => {
  it.each([
    [10, "fresh", 0],
    [80, "due-soon", 0],
    [95, "overdue", 1],
  ])("%i days old is %s", async (age, state, code) => {
    declare(age);
    const status = await rotation("status", "--format", "json");
    const { credentials } = JSON.parse(status.stdout) as RotationReportJson;
    expect([credentials[0]?.state, status.code]).toEqual([state, code]);
  });

  it("whose day is over is not late while its policy's grace runs", async () => {
    const policies = "policies: [{ name: slow, grace: 9d, reason: a freeze }]\n";
    declare(95, policies);
    const status = await rotation("status");
    expect([status.code, status.stdout]).toEqual([0, expect.stringContaining(", 5 days ago, in its grace\n")]);
    declare(100, policies);
    expect((await rotation("status")).code).toBe(1);
  });

  it("that nobody knows the age of asks for it, and is no failure", async () => {
    inventory("credentials: [{ id: mail-key, provider: sendgrid }]\n");
    const { code, stdout } = await rotation("status");
    expect([code, stdout]).toEqual([0, expect.stringContaining("write created: YYYY-MM-DD")]);
  });

  it("status writes nothing", async () => {
    declare(95);
    await rotation("status");
    expect(stateDir()).toEqual(["rotation.yml"]);
  });

  it("remind writes the ledger and the page, says so, and a second run writes nothing more", async () => {
    declare(95);
    const first = await rotation("remind");
    expect([first.code, first.stderr, stateDir()]).toEqual([
      1,
      "saved: .keywarden/rotation.md\n",
      ["ledger.json", "rotation.md", "rotation.yml", "salt"],
    ]);
    expect(first.stdout).toContain("OVERDUE  mail-key");
    const before = statSync(join(repo.dir, ".keywarden/rotation.md")).mtimeMs;
    const page = text("rotation.md").replace("- [ ]", "- [x]");
    writeFileSync(join(repo.dir, ".keywarden/rotation.md"), page);
    const second = await rotation("remind");
    expect([second.stderr, text("rotation.md"), before > 0]).toEqual(["", page, true]);
  });

  it("remind tells the channels that are named, and no others", async () => {
    declare(95);
    const { stdout } = await rotation("remind", "--to", "ics", "--to", "json");
    expect([stdout, stateDir()]).toEqual([
      "",
      ["ledger.json", "rotation-report.json", "rotation.ics", "rotation.yml", "salt"],
    ]);
    expect(text("rotation.ics")).toContain("UID:mail-key@rotation.keywarden.invalid\r\n");
  });

  it("remind --dry-run shows who would be told, and writes nothing", async () => {
    declare(95);
    const { code, stdout } = await rotation("remind", "--dry-run", "--to", "github", "--to", "ics");
    expect([code, stateDir()]).toEqual([1, ["rotation.yml"]]);
    expect(stdout).toMatch(/^would remind of mail-key \(overdue-\d\): @acme\/mail\n/);
    expect(stdout).toContain("Channels that would be told: github, ics.\nNothing was written or sent.");
  });

  it("that is taken out of the inventory again leaves every channel", async () => {
    const to = ["--to", "markdown", "--to", "ics", "--to", "json"];
    declare(10);
    await rotation("remind", ...to);
    inventory("credentials: []\n");
    expect((await rotation("remind", ...to)).code).toBe(0);
    const shown = stateDir().filter((name) => name.startsWith("rotation") && text(name).includes("mail-key"));
    expect([shown, text("ledger.json").includes("mail-key")]).toEqual([[], false]);
  });

  it("--exit-code takes the place of 1", async () => {
    declare(95);
    expect((await rotation("status", "--exit-code", "0")).code).toBe(0);
    expect((await rotation("remind", "--exit-code", "9")).code).toBe(9);
  });

  it("is drawn in colour only where that is asked for", async () => {
    declare(95);
    const plain = await rotation("status");
    const colored = await rotation("status", "--color", "always");
    expect([plain.stdout.includes("\u001b"), colored.stdout.includes("\u001b")]).toEqual([false, true]);
    expect((await run(["rotation", "status"], { FORCE_COLOR: "1", NO_COLOR: "1" })).stdout).not.toContain("\u001b");
  });
});

describe("watch", () => {
  it("knows a rotation by a changed value, and keeps no value", async () => {
    declare(95);
    const first = await run(["rotation", "watch", "--env", "MAIL_KEY"], { MAIL_KEY: token });
    expect([first.code, first.stdout]).toEqual([0, "MAIL_KEY: mail-key is overdue\n"]);
    const same = await run(["rotation", "watch", "--env", "MAIL_KEY"], { MAIL_KEY: token });
    expect(same.stdout).toBe("MAIL_KEY: mail-key is overdue\n");
    const changed = await run(["rotation", "watch", "--env", "MAIL_KEY"], { MAIL_KEY: other });
    expect(changed.stdout).toBe("MAIL_KEY: mail-key is rotating\n");
    expect(leaksIn(text("ledger.json"), [token, other])).toEqual([]);
    const attested = await rotation("attest", "mail-key", "--reason", "deleted at the provider", "--by", "Ann");
    expect([attested.code, (await report()).credentials[0]?.state]).toEqual([0, "rotated"]);
  });

  it("gives a value the name that a scan gives it", async () => {
    declare(10);
    await run(["rotation", "watch", "--env", "MAIL_KEY"], { MAIL_KEY: token });
    repo.commit("leak", { "a.env": `MAIL_KEY=${token}\n` });
    await run(["audit", "--ledger"]);
    const { credentials } = await report();
    expect(credentials.map(({ id, state }) => [id, state])).toEqual([["mail-key", "leaked"]]);
  });

  it.each(["except: [ozzie]", "only: [stripe]"])(
    "goes by every rule, whatever scans leave out: %s",
    async (setting) => {
      // Its rule cuts the secret out of the value, so that without it the name would be another one.
      const BEARER = tokenOf("ozzie.bearer", "rotation cli");
      inventory("credentials: [{ id: bearer, provider: ozzie, kept: { env: BEARER } }]\n");
      await run(["rotation", "watch", "--env", "BEARER"], { BEARER });
      repo.write(".keywarden/config.yml", `${setting}\n`);
      expect((await run(["rotation", "watch", "--env", "BEARER"], { BEARER })).stdout).toBe(
        "BEARER: bearer is fresh\n",
      );
    },
  );

  it("a value that no rule knows has a name of its own, too", async () => {
    inventory("credentials: [{ id: inner, provider: other, kept: { env: INNER } }]\n");
    const values = ["correct horse battery", "correct horse battery\n", "correct horse batteries"];
    const states: string[] = [];
    for (const INNER of values) states.push((await run(["rotation", "watch", "--env", "INNER"], { INNER })).stdout);
    expect(states.map((line) => line.trim().split(" ").at(-1))).toEqual(["fresh", "fresh", "rotating"]);
    expect(text("ledger.json")).not.toContain("horse");
  });

  it.each<[string, string[], NodeJS.ProcessEnv, RegExp]>([
    ["one that is not set", ["--env", "MAIL_KEY"], {}, /MAIL_KEY is not set/],
    ["one that is empty", ["--env", "MAIL_KEY"], { MAIL_KEY: " " }, /MAIL_KEY is not set/],
    ["one that is misspelt", ["--env", "MAIL_KYE"], { MAIL_KYE: token }, /Did you mean MAIL_KEY\?/],
    ["a value in the place of its name", ["--env", token], {}, /name 1 of --env is neither set here nor kept/],
    ["what only looks set", ["--env", "toString"], {}, /name 1 of --env is neither set here nor kept/],
    ["none", [], {}, /nothing to watch/],
    ["an empty name", ["--env", ""], {}, /--env needs a value/],
    ["another environment", ["--env", "MAIL_KEY", "--environment", "x"], { MAIL_KEY: token }, /of the environment x/],
  ])("refuses %s with 2, and changes nothing", async (_, args, env, says) => {
    declare(10);
    const { code, stderr } = await run(["rotation", "watch", ...args], env);
    expect([code, stderr]).toEqual([2, expect.stringMatching(says)]);
    expect(leaksIn(stderr, [token])).toEqual([]);
    expect(existsSync(join(repo.dir, ".keywarden/ledger.json"))).toBe(false);
  });

  it.each([
    ["environments that nobody chose from", ["production", "staging"], [], /say which: --environment NAME/],
    ["one environment that two have", ["production", "production"], ["--environment", "production"], /Give each/],
  ])("refuses %s: it would note nothing", async (_, environments, args, says) => {
    const entries = environments.map(
      (environment, index) =>
        `  - { id: key-${index}, provider: sendgrid, environment: ${environment}, kept: { env: MAIL_KEY } }\n`,
    );
    inventory(`credentials:\n${entries.join("")}`);
    const { code, stderr } = await run(["rotation", "watch", "--env", "MAIL_KEY", ...args], { MAIL_KEY: token });
    expect([code, stderr]).toEqual([2, expect.stringMatching(says)]);
    expect(existsSync(join(repo.dir, ".keywarden/ledger.json"))).toBe(false);
  });
});

describe("attest", () => {
  beforeEach(async () => {
    repo.commit("leak", { "a.env": `MAIL_KEY=${token}\n` });
    await run(["audit", "--ledger"]);
  });

  it("closes a leak with the name that git knows, and the reason", async () => {
    repo.git("config", "user.name", "Ann Author");
    repo.git("config", "user.email", "ann@example.com");
    const [{ id = "" } = {}] = (await report()).credentials;
    const reason = `deleted, OPS-214, ${repo.git("rev-parse", "HEAD")}`;
    const { code } = await rotation("attest", id, "--reason", reason);
    const [after] = (await report()).credentials;
    expect([code, after?.state, after?.open]).toEqual([0, "rotated", false]);
    expect(after?.proof).toMatchObject({ by: "Ann Author <ann@example.com>", reason });
    expect((await rotation("status")).code).toBe(0);
  });

  it.each<[string, (id: string) => string[], RegExp]>([
    ["the credential in the place of its id", () => [token, "--reason", "x"], /no credential has that id/],
    ["a name that is none", () => ["sendgrid-nobody", "--reason", "x"], /no credential has that id/],
    ["a misspelt one", (id) => [`${id.slice(0, -1)}_`, "--reason", "x"], /Did you mean sendgrid-/],
    ["no reason", (id) => [id], /--reason/],
    ["an empty reason", (id) => [id, "--reason", " "], /--reason needs a value/],
    ["a secret for a reason", (id) => [id, "--reason", `it was ${token}`, "--by", "y"], /a secret seems to stand/],
    ["nobody", (id) => [id, "--reason", "x"], /nobody's name is known/],
  ])("refuses %s with 2", async (_, args, says) => {
    const [{ id = "" } = {}] = (await report()).credentials;
    const { code, stderr } = await rotation("attest", ...args(id));
    expect([code, stderr]).toEqual([2, expect.stringMatching(says)]);
    expect(leaksIn(stderr, [token])).toEqual([]);
    expect((await report()).credentials[0]?.state).toBe("leaked");
  });
});

describe("--ledger", () => {
  it("puts in what is found, and not what is allowed on purpose", async () => {
    repo.write("a.env", `A=${token}\nB=${other} # keywarden:allow sendgrid -- a test\n`);
    const scan = await run(["scan", ".", "--ledger"]);
    expect([scan.code, scan.stderr]).toEqual([
      1,
      "ledger: 1 known, 1 to do something about: keywarden rotation status\n",
    ]);
    const [only] = (await report()).credentials;
    expect([only?.state, only?.age.confidence, only?.places]).toEqual([
      "leaked",
      "unknown",
      [{ path: "a.env", line: 1 }],
    ]);
  });

  it("a line that is taken out ends nothing", async () => {
    repo.commit("in", { "a.env": `A=${token}\n` });
    await run(["audit", "--ledger"]);
    repo.commit("out", { "a.env": "nothing\n" });
    await run(["scan", ".", "--ledger"]);
    expect((await report()).credentials[0]?.state).toBe("leaked");
  });

  it("without it nothing is written", async () => {
    repo.write("a.env", `A=${token}\n`);
    await run(["scan", "."]);
    await run(["audit"]);
    expect(existsSync(join(repo.dir, ".keywarden"))).toBe(false);
  });

  it.each([
    ["what is staged", ["scan", "--staged", "--ledger"], /--ledger and --staged cannot be combined/],
    ["standard input", ["scan", "-", "--ledger"], /--ledger and - cannot be combined/],
    ["a bare repository", ["audit", "bare.git", "--ledger"], /--ledger needs a repository with a working tree/],
  ])("is refused for %s", async (_, args, says) => {
    repo.git("clone", "-q", "--bare", ".", "bare.git");
    const { code, stderr } = await run(args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(says)]);
  });
});

describe("adopt", () => {
  it("audits now, adds an entry for each, and none twice", async () => {
    repo.commit("leak", { "a.env": `A=${token}\n` });
    const first = await rotation("adopt");
    expect([first.code, first.stdout]).toEqual([0, expect.stringMatching(/^added: sendgrid-\w+\n.*1 added, 0 listed/)]);
    const made = text("rotation.yml");
    const second = await rotation("adopt");
    expect([second.stdout, text("rotation.yml")]).toEqual([expect.stringContaining("0 added, 1 listed"), made]);
    expect((await report()).credentials.map(({ state }) => state)).toEqual(["leaked"]);
  });

  it.each([["a file"], ["standard input"]])("takes the report of an earlier audit from %s", async (from) => {
    await rotation("init");
    repo.commit("leak", { "a.env": `A=${token}\n` });
    const audit = await run(["audit", "--format", "json", "--output", "audit.json"]);
    expect(audit.code).toBe(1);
    const saved = readFileSync(join(repo.dir, "audit.json"), "utf8");
    const { code, stdout } =
      from === "a file" ? await rotation("adopt", "audit.json") : await run(["rotation", "adopt", "-"], {}, saved);
    expect([code, stdout]).toEqual([0, expect.stringContaining("1 added, 0 listed")]);
  });

  it.each<[string, string | undefined, RegExp]>([
    ["none", undefined, /no such report: audit\.json/],
    ["no JSON", "{", /audit\.json: not JSON/],
    ["another JSON", "[]", /audit\.json: not a JSON report/],
    ["a finding with a made-up name", '{"findings":[{"fingerprint":"kf1:x"}]}', /see findings\.0\.fingerprint/],
    ["one that another key made", '{"findings":[]}', /before this repository had a key of its own/],
  ])("refuses %s with 2, and writes nothing", async (_, content, says) => {
    if (content !== undefined) repo.write("audit.json", content);
    const { code, stderr } = await rotation("adopt", "audit.json");
    expect([code, stderr]).toEqual([2, expect.stringMatching(says)]);
    expect(existsSync(join(repo.dir, ".keywarden"))).toBe(false);
  });
});
