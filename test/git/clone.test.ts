// Clones of URLs against a real server: what is in them, what git is told, what is left behind, and what nobody sees.

import { spawn } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { cloneRepository } from "../../src/sources/clone.ts";
import type { Clone, CloneOptions } from "../../src/sources/clone.ts";
import { parseRepositoryUrl } from "../../src/sources/repository-url.ts";
import { SourceError } from "../../src/errors.ts";
import { GitRepo, gitTestEnv, removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";
import { startGitServer } from "../helpers/git-server.ts";
import type { GitServer } from "../helpers/git-server.ts";

const user = ["clone", "user"].join("-");
const password = ["Zq", "pass/word", "%41"].join("-");
const login = `${encodeURIComponent(user)}:${encodeURIComponent(password)}@`;

const servers: GitServer[] = [];
const clones: Clone[] = [];
let repo: GitRepo;
let root: string;

beforeAll(() => {
  repo = GitRepo.create();
  repo.commit("one", { "a.txt": "one\n" });
  repo.git("update-ref", "refs/pull/7/head", "HEAD");
  repo.git("notes", "add", "-m", "a note");
  root = temporaryFolder();
  repo.git("clone", "-q", "--mirror", repo.dir, join(root, "a.git"));
  writeFileSync(join(root, "a.git/big"), "");
});

afterEach(() => {
  for (const made of clones.splice(0)) made.release();
  for (const server of servers.splice(0)) server.close();
});
afterAll(removeTemporary);

async function serve(options: Parameters<typeof startGitServer>[1] = {}): Promise<GitServer> {
  const server = await startGitServer(root, options);
  servers.push(server);
  return server;
}

function urlOf(server: GitServer, userinfo = ""): string {
  return `http://${userinfo}127.0.0.1:${server.port}/a.git`;
}

async function clone(url: string, options: Partial<CloneOptions> = {}): Promise<Clone> {
  const made = await cloneRepository(parseRepositoryUrl(url), {
    temporary: temporaryFolder(),
    env: gitTestEnv,
    now: Date.now(),
    ...options,
  });
  clones.push(made);
  return made;
}

/** The error's texts, its causes' too. */
async function failureOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error("it did not fail"),
    (reason: Error & { hint?: string }) => reason,
  );
  return [error.message, (error as { hint?: string }).hint, String(error.cause ?? ""), JSON.stringify(error)].join(
    "\n",
  );
}

function refsIn(dir: string): string[] {
  return new GitRepo(dir).git("for-each-ref", "--format=%(refname)").split("\n");
}

describe("a clone", () => {
  it("holds every ref, has no working tree, and is for its owner only", async () => {
    const temporary = temporaryFolder();
    const made = await clone(urlOf(await serve()), { temporary });
    expect(refsIn(made.gitDir)).toEqual(["refs/heads/main", "refs/notes/commits", "refs/pull/7/head"]);
    const [folder = ""] = readdirSync(temporary);
    expect(folder).toMatch(new RegExp(`^keywarden-clone-${process.pid}-\\w{6}$`));
    if (process.platform !== "win32") expect(statSync(join(temporary, folder)).mode & 0o777).toBe(0o700);
    expect(existsSync(join(made.gitDir, "hooks"))).toBe(false);
    made.release();
    expect(readdirSync(temporary)).toEqual([]);
    made.release();
  });

  it("is gone after its release, even while something still writes into it", async () => {
    const temporary = temporaryFolder();
    const made = await clone(urlOf(await serve()), { temporary });
    const [folder = ""] = readdirSync(temporary);
    const script = `const { mkdirSync, writeFileSync } = require("node:fs");
      for (const end = Date.now() + 900, i = { n: 0 }; Date.now() < end; i.n++) {
        const dir = process.argv[1] + "/repository.git/objects/" + (i.n % 50);
        try { mkdirSync(dir, { recursive: true }); } catch {}
        try { writeFileSync(dir + "/" + i.n, "x"); } catch {}
        if (i.n === 200) process.stdout.write("on");
      }`;
    const writer = spawn(process.execPath, ["-e", script, join(temporary, folder)], { stdio: "pipe" });
    const ended = new Promise((next) => writer.on("close", next));
    await new Promise((next) => writer.stdout.once("data", next));
    made.release();
    await ended;
    expect(readdirSync(temporary)).toEqual([]);
  });

  it("needs a temporary folder, and says which it cannot use", async () => {
    const temporary = join(temporaryFolder(), "gone");
    const error = await clone(pathToFileURL(join(root, "a.git")).href, { temporary }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(SourceError);
    expect(error).toMatchObject({ message: expect.stringContaining(`${temporary} (ENOENT)`) as string });
  });

  it("comes from file:// where that is typed", async () => {
    const made = await clone(pathToFileURL(join(root, "a.git")).href);
    expect(refsIn(made.gitDir)).toContain("refs/pull/7/head");
  });

  it("of a repository without commits is one without refs", async () => {
    const empty = temporaryFolder();
    repo.git("init", "-q", "--bare", join(empty, "e.git"));
    const made = await clone(pathToFileURL(join(empty, "e.git")).href);
    expect(refsIn(made.gitDir)).toEqual([""]);
  });

  it("runs no hook of a template, and takes nothing from a configuration that lies around it", async () => {
    const home = temporaryFolder();
    const trap = join(home, "template/hooks/post-checkout");
    mkdirSync(join(home, "template/hooks"), { recursive: true });
    for (const hook of ["post-checkout", "reference-transaction"]) {
      writeFileSync(join(home, "template/hooks", hook), `#!/bin/sh\ntouch ${join(home, "ran")}\n`);
    }
    chmodSync(trap, 0o755);
    chmodSync(join(home, "template/hooks/reference-transaction"), 0o755);
    writeFileSync(join(home, "config"), `[init]\n\ttemplateDir = ${join(home, "template")}\n`);
    const outer = GitRepo.create();
    outer.git("config", "core.askPass", `touch ${join(home, "ran")};`);
    const temporary = join(outer.dir, "tmp");
    mkdirSync(temporary);
    const env = { ...gitTestEnv, GIT_CONFIG_GLOBAL: join(home, "config") };
    const made = await clone(urlOf(await serve()), { temporary, env });
    expect(refsIn(made.gitDir)).toContain("refs/heads/main");
    expect(existsSync(join(home, "ran"))).toBe(false);
    expect(existsSync(join(made.gitDir, "hooks"))).toBe(false);
  });
});

describe("credentials", () => {
  it("of the URL reach the server, and nothing on the disk", async () => {
    const server = await serve({ login: `${user}:${password}` });
    const made = await clone(urlOf(server, login));
    expect(server.logins).toContain(`${user}:${password}`);
    const config = readFileSync(join(made.gitDir, "config"), "utf8");
    expect(config).toContain(`url = ${urlOf(server)}`);
    expect(config).not.toContain(user);
  });

  it("that are a token before the @ work, too", async () => {
    const server = await serve({ login: `${user}:` });
    await clone(urlOf(server, `${user}@`));
    expect(server.logins.at(-1)).toBe(`${user}:`);
  });

  /** A credential helper of the user's own that notes what it is asked, and answers with this password. */
  function helperEnv(answer: string): { env: NodeJS.ProcessEnv; notes(): string } {
    const home = temporaryFolder();
    const script = join(home, "helper");
    writeFileSync(script, `#!/bin/sh\n{ echo "== $1"; cat; } >> '${join(home, "notes")}'\n${answer}\n`);
    chmodSync(script, 0o755);
    writeFileSync(join(home, "config"), `[credential]\n\thelper = ${script}\n`);
    return {
      env: { ...gitTestEnv, GIT_CONFIG_GLOBAL: join(home, "config") },
      notes: () => (existsSync(join(home, "notes")) ? readFileSync(join(home, "notes"), "utf8") : ""),
    };
  }

  it.skipIf(process.platform === "win32")("of the URL are given to no helper, which might keep them", async () => {
    const server = await serve({ login: `${user}:${password}` });
    for (const scope of ["", ` "http://127.0.0.1:${server.port}"`]) {
      const { env, notes } = helperEnv("");
      const file = env["GIT_CONFIG_GLOBAL"] ?? "";
      writeFileSync(file, readFileSync(file, "utf8").replace("[credential]", `[credential${scope}]`));
      await clone(urlOf(server, login), { env });
      expect(notes()).toBe("");
    }
  });

  it.skipIf(process.platform === "win32")("of the user's own helper serve where the URL has no password", async () => {
    const server = await serve({ login: `${user}:${password}` });
    for (const userinfo of ["", `${user}@`]) {
      const { env, notes } = helperEnv(
        `test "$1" = get && printf 'username=${user}\\npassword=${password.replaceAll("%", "%%")}\\n'`,
      );
      await clone(urlOf(server, userinfo), { env });
      expect(notes()).toContain("== get");
    }
  });

  it("that are wrong fail at once, without a question, and are not shown", async () => {
    const server = await serve({ login: "someone:else" });
    const temporary = temporaryFolder();
    for (const userinfo of ["", login, `${user}@`]) {
      const text = await failureOf(clone(urlOf(server, userinfo), { temporary }));
      expect(text).toMatch(/cannot clone http:\/\/127\.0\.0\.1:\d+\/a\.git: /);
      expect(text).toMatch(/credential helper/);
      for (const secret of [user, password, encodeURIComponent(password)]) expect(text).not.toContain(secret);
    }
    expect(readdirSync(temporary)).toEqual([]);
  });

  it("do not follow a redirect to another host", async () => {
    const other = await serve({ login: `${user}:${password}` });
    const server = await serve({ redirect: other.url.replace("127.0.0.1", "localhost") });
    await failureOf(clone(urlOf(server, login)));
    expect(other.logins).not.toContain(`${user}:${password}`);
  });

  it.runIf(process.platform === "linux")("stand in no process's arguments, at any moment", async () => {
    const server = await serve({ login: `${user}:${password}`, stallAfterBytes: 10 });
    const seen = new Set<string>();
    const ending = new AbortController();
    const work = failureOf(clone(urlOf(server, login), { signal: ending.signal }));
    const until = Date.now() + 1500;
    while (Date.now() < until) {
      for (const line of gitCommandLines()) seen.add(line);
      await new Promise((next) => setTimeout(next, 5));
    }
    ending.abort();
    expect(await work).toMatch(/interrupted/);
    const lines = [...seen].filter((line) => line.includes(String(server.port)));
    // The clone and the helper that speaks HTTP for it were both seen.
    expect(lines.some((line) => line.includes("clone"))).toBe(true);
    expect(lines.some((line) => line.includes("remote-http"))).toBe(true);
    for (const secret of [user, password, encodeURIComponent(password)])
      expect([...seen].join("\n")).not.toContain(secret);
  });
});

/** The command lines of every git and shell on this machine (Linux). */
function gitCommandLines(): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ");
      } catch {
        return "";
      }
    })
    .filter((line) => /git|^sh |\/sh /.test(line));
}

describe("what is refused or breaks off", () => {
  it.each([
    ["a folder that is not there", () => pathToFileURL(join(root, "gone.git")).href, /cannot clone file:.*gone\.git/],
    ["nobody who listens", () => "http://127.0.0.1:1/a.git", /cannot clone http:\/\/127\.0\.0\.1:1\/a\.git/],
  ])("%s leaves nothing behind", async (_, url, says) => {
    const temporary = temporaryFolder();
    expect(await failureOf(clone(url(), { temporary }))).toMatch(says);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it("no other protocol, even where a redirect or the user's settings ask for it", async () => {
    const home = temporaryFolder();
    writeFileSync(
      join(home, "config"),
      `[url "ext::touch ${join(home, "ran")} "]\n\tinsteadOf = http://127.0.0.1\n[protocol "ext"]\n\tallow = always\n`,
    );
    const env = { ...gitTestEnv, GIT_CONFIG_GLOBAL: join(home, "config") };
    expect(await failureOf(clone(urlOf(await serve()), { env }))).toMatch(/not allowed|cannot clone/);
    expect(existsSync(join(home, "ran"))).toBe(false);
  });

  it("an abort half-way", async () => {
    const temporary = temporaryFolder();
    const server = await serve({ stallAfterBytes: 10 });
    const ending = new AbortController();
    const work = failureOf(clone(urlOf(server), { temporary, signal: ending.signal }));
    while (server.logins.length < 2) await new Promise((next) => setTimeout(next, 10));
    expect(readdirSync(temporary)).toHaveLength(1);
    // Let it come to the pack, at which the server keeps everybody waiting.
    await new Promise((next) => setTimeout(next, 300));
    const asked = Date.now();
    ending.abort();
    expect(await work).toMatch(/interrupted: nothing was read/);
    expect(Date.now() - asked).toBeLessThan(3000);
    expect(readdirSync(temporary)).toEqual([]);
    if (process.platform !== "linux") return;
    await new Promise((next) => setTimeout(next, 100));
    expect(gitCommandLines().filter((line) => line.includes(`:${server.port}/`))).toEqual([]);
  });
});

describe("folders of runs that were killed", () => {
  /** The id of a process that is no more. */
  async function deadProcess(): Promise<number> {
    const child = spawn(process.execPath, ["-e", ""]);
    await new Promise((done) => child.on("close", done));
    return child.pid ?? 0;
  }

  it("are removed when a day old and nobody's; everything else stays", async () => {
    const temporary = temporaryFolder();
    const gone = await deadProcess();
    const old = Date.now() - 25 * 3600 * 1000;
    const made: readonly (readonly [name: string, time: number])[] = [
      [`keywarden-clone-${gone}-aaaaaa`, old],
      [`keywarden-clone-${gone}-bbbbbb`, Date.now()],
      [`keywarden-clone-${process.pid}-cccccc`, old],
      ["keywarden-clone-dddddd", old],
      [`other-clone-${gone}-eeeeee`, old],
    ];
    for (const [name, time] of made) {
      mkdirSync(join(temporary, name, "deep/er"), { recursive: true });
      utimesSync(join(temporary, name), time / 1000, time / 1000);
    }
    writeFileSync(join(temporary, `keywarden-clone-${gone}-ffffff`), "a file is not ours");
    utimesSync(join(temporary, `keywarden-clone-${gone}-ffffff`), old / 1000, old / 1000);
    (await clone(urlOf(await serve()), { temporary })).release();
    expect(readdirSync(temporary).toSorted()).toEqual(
      [...made.slice(1).map(([name]) => name), `keywarden-clone-${gone}-ffffff`].toSorted(),
    );
  });
});
