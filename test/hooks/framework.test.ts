// The pre-commit framework: the real one where it is installed, and what its node language needs of this repository.

import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse } from "yaml";

import { tokenOf } from "../helpers/cli-tokens.ts";
import { gitTestEnv, GitRepo, removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";
import { HookRepo } from "../helpers/hook-repo.ts";

afterAll(removeTemporary);

const root = join(import.meta.dirname, "../..");
const isInstalled = spawnSync("pre-commit", ["--version"]).error === undefined;
const leak = `token = "${tokenOf("github.personal-token", "framework")}"\n`;

/** What is checked in, or would be, in a repository of its own. */
function checkout(): GitRepo {
  const repo = GitRepo.create();
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  for (const file of listed.split("\0").filter((name) => name !== "" && !name.startsWith("test/"))) {
    mkdirSync(dirname(join(repo.dir, file)), { recursive: true });
    cpSync(join(root, file), join(repo.dir, file));
  }
  return repo;
}

describe("this repository as a hook of the framework", () => {
  it("declares both hooks", () => {
    const hooks = parse(readFileSync(join(root, ".pre-commit-hooks.yaml"), "utf8")) as Record<string, unknown>[];
    expect(hooks.map(({ id, language, pass_filenames }) => [id, language, pass_filenames])).toEqual([
      ["keywarden", "node", false],
      ["keywarden-system", "system", false],
    ]);
  });

  // The framework runs `npm pack` in a checkout, takes all that it prints for a file name, and installs that file.
  it("packs from a checkout into one named file, whose program runs by itself", () => {
    const repo = checkout();
    symlinkSync(join(root, "node_modules"), join(repo.dir, "node_modules"), "junction");
    const npm = process.platform === "win32" ? "npm.cmd" : "npm";
    const packed = execFileSync(npm, ["pack"], {
      cwd: repo.dir,
      encoding: "utf8",
      env: gitTestEnv,
      stdio: ["ignore", "pipe", "ignore"],
    });
    expect(packed).toMatch(/^keywarden-[\d.]+\.tgz\n$/);
    const folder = temporaryFolder();
    execFileSync("tar", ["-xzf", join(repo.dir, packed.trim()), "-C", folder]);
    expect(readdirSync(join(folder, "package"))).toEqual(expect.arrayContaining(["dist", "package.json", "README.md"]));
    // What npm installs beside it where the native engine cannot be had.
    mkdirSync(join(folder, "package/node_modules"));
    symlinkSync(join(root, "node_modules/re2js"), join(folder, "package/node_modules/re2js"), "junction");
    const user = HookRepo.for("git");
    user.write("a.txt", leak);
    user.git("add", "a.txt");
    const entry = join(folder, "package/dist/bin.js");
    const run = spawnSync(process.execPath, [entry, "hook", "run", "pre-commit"], {
      cwd: user.dir,
      env: user.env,
      encoding: "utf8",
    });
    expect([run.status, run.stderr]).toEqual([1, expect.stringContaining("a.txt:1:10")]);
  }, 300_000);
});

describe.skipIf(!isInstalled)("the real framework, with the installed keywarden", () => {
  it("stops a staged credential, passes a clean commit, and the doctor tells a sound installation from a broken one", () => {
    const hooks = new HookRepo(GitRepo.create().dir);
    hooks.commit("hooks", { ".pre-commit-hooks.yaml": readFileSync(join(root, ".pre-commit-hooks.yaml"), "utf8") });
    const user = HookRepo.for("git");
    const bin = join(user.dir, "node_modules/.bin");
    const env = { PATH: `${bin}:${process.env["PATH"] ?? ""}`, PRE_COMMIT_HOME: temporaryFolder() };
    user.write(
      ".pre-commit-config.yaml",
      `repos:\n  - repo: ${hooks.dir}\n    rev: ${hooks.head}\n    hooks:\n      - id: keywarden-system\n`,
    );
    user.git("add", "--all");
    user.git("commit", "-q", "-m", "first");
    const framework = (...args: string[]) =>
      execFileSync("pre-commit", args, { cwd: user.dir, env: { ...user.env, ...env }, encoding: "utf8" });
    expect(user.keywarden(["hook", "doctor"], { env })).toMatchObject({
      code: 1,
      output: expect.stringContaining("there is none") as string,
    });
    framework("install");

    user.write("a.txt", leak);
    user.git("add", "a.txt");
    const stopped = user.try(["commit", "-m", "leak"], { env });
    expect([stopped.code, stopped.output]).toEqual([1, expect.stringContaining("a.txt:1:10")]);
    user.git("rm", "-q", "--cached", "a.txt");
    user.write("b.txt", "nothing\n");
    user.git("add", "b.txt");
    expect(user.try(["commit", "-m", "clean"], { env }).code).toBe(0);
    expect(user.keywarden(["hook", "doctor"], { env })).toMatchObject({
      code: 0,
      output: expect.stringContaining("all 11 ways") as string,
    });
  });
});
