// The command line of an audit up to the repository itself: flags, wrong usage, clones that end early.

import { readdirSync, readFileSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { keywarden, start } from "../helpers/cli-run.ts";
import type { CliRun } from "../helpers/cli-run.ts";
import { GitRepo, removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";
import { startGitServer } from "../helpers/git-server.ts";
import type { GitServer } from "../helpers/git-server.ts";

const password = ["Zq", "cli", "password"].join("-");
const servers: GitServer[] = [];
let root: string;

beforeAll(() => {
  const repo = GitRepo.create();
  repo.commit("one", { "a.txt": "one\n" });
  root = temporaryFolder();
  repo.git("clone", "-q", "--mirror", repo.dir, join(root, "a.git"));
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});
afterAll(removeTemporary);

describe.concurrent("wrong usage exits 2 and says what to do", () => {
  it.each<[args: string[], says: RegExp]>([
    [["--since", "last week"], /--since needs a date\n {2}Write it as 2026-01-31/],
    [["--since", "2026-02-30"], /--since needs a date/],
    [["--ref", ""], /--ref needs a value/],
    [["--ref=--all"], /--ref needs the name of a branch/],
    [["--path", " "], /--path needs a value/],
    [["--max-memory", "1"], /--max-memory: expected a size/],
    [["--staged"], /unknown option '--staged'/],
    [["--range", "a..b"], /unknown option '--range'/],
    [["a", "b"], /too many arguments/],
    [["--", "-x"], /a folder or a URL/],
    [["."], /not a git repository: \.\n.*keywarden scan \. looks at folders/],
    [["gone"], /no such folder: gone/],
    [["ext::sh -c x"], /runs a program/],
    [[`https://ann:${password}@host/a?b`], /no \? and no #/],
  ])("%j", async (args, says) => {
    const { code, stdout, stderr } = await keywarden(["audit", ...args], { cwd: temporaryFolder() });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(says);
    expect(stderr).not.toContain(password);
    expect(stderr).not.toMatch(/\bat .*\.js:|internal/);
  });
});

/** An audit of a URL whose server keeps it waiting in the middle of the pack, and the folder it works in. */
async function waiting(): Promise<{ run: CliRun; temporary: string }> {
  const server = await startGitServer(root, { login: `ann:${password}`, stallAfterBytes: 10 });
  servers.push(server);
  const temporary = temporaryFolder();
  const url = `http://ann:${password}@127.0.0.1:${server.port}/a.git`;
  const run = start(["audit", url], { cwd: temporary, env: { TMPDIR: temporary } });
  while (server.logins.length < 3) await new Promise((next) => setTimeout(next, 10));
  await new Promise((next) => setTimeout(next, 200));
  expect(readdirSync(temporary)).toHaveLength(1);
  return { run, temporary };
}

describe.skipIf(process.platform === "win32")("a clone that is ended", () => {
  it.each<[signals: NodeJS.Signals[], code: number]>([
    [["SIGINT"], 2],
    [["SIGTERM"], 2],
    [["SIGINT", "SIGINT"], 2],
    [["SIGHUP"], 129],
  ])("by %j leaves nothing behind", async (signals, code) => {
    const { run, temporary } = await waiting();
    for (const signal of signals) run.child.kill(signal);
    const result = await run.result;
    // The second of two signals may come before the first has been dealt with.
    expect(signals.length > 1 ? [2, 130] : [code]).toContain(result.code);
    expect(result.stdout).toBe("");
    expect(result.stderr).not.toContain(password);
    if (result.code === 2) expect(result.stderr).toMatch(/^keywarden: cloning .* was interrupted: nothing was read/);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it("by kill -9 leaves a folder that a later run removes", async () => {
    const { run, temporary } = await waiting();
    run.child.kill("SIGKILL");
    await run.result;
    const [folder = ""] = readdirSync(temporary);
    expect(folder).toMatch(new RegExp(`^keywarden-clone-${run.child.pid}-`));
    const old = Date.now() / 1000 - 25 * 3600;
    utimesSync(join(temporary, folder), old, old);
    const env = { TMPDIR: temporary };
    await keywarden(["audit", "file:///nowhere/a.git"], { cwd: temporary, env });
    expect(readdirSync(temporary)).toEqual([]);
  });

  it.runIf(process.platform === "linux")("has no password in its own list entry either", async () => {
    const { run } = await waiting();
    expect(readFileSync(`/proc/${run.child.pid}/cmdline`, "utf8")).not.toContain(password);
    run.child.kill("SIGINT");
    await run.result;
  });
});
