// `hook install` and `uninstall` over hooks that others put there, and in folders of every kind.

import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

import { tokenOf } from "../helpers/cli-tokens.ts";
import { GitRepo, removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";
import { HookRepo } from "../helpers/hook-repo.ts";

afterAll(removeTemporary);

const leak = `token = "${tokenOf("github.personal-token", "install")}"\n`;

function plain(): HookRepo {
  const repo = HookRepo.for("git");
  repo.git("add", "--all");
  repo.git("commit", "-q", "-m", "first");
  return repo;
}

const writes = (what: string): string => `require("fs").appendFileSync("called", ${JSON.stringify(`${what}\n`)})`;

const others: readonly (readonly [name: string, prepare: (repo: HookRepo) => void, called: boolean])[] = [
  [
    "a shell's, that must see its own name",
    (repo) =>
      repo.writeHook(".git/hooks/pre-commit", '#!/bin/sh\n[ "${0##*/}" = pre-commit ] && echo other >> called\n'),
    true,
  ],
  [
    "a shell's without a line break at its end",
    (repo) => repo.writeHook(".git/hooks/pre-commit", "#!/usr/bin/env bash\necho other >> called"),
    true,
  ],
  [
    "a shell's with a single Windows line end in it",
    (repo) => repo.writeHook(".git/hooks/pre-commit", '#!/bin/sh\nprintf "other\r\n" >> called\n'),
    true,
  ],
  [
    "a program of Node's",
    (repo) => repo.writeHook(".git/hooks/pre-commit", `#!${process.execPath}\n${writes("other")}\n`, 0o700),
    true,
  ],
  [
    "not UTF-8",
    (repo) =>
      repo.writeHook(".git/hooks/pre-commit", Buffer.from("#!/bin/sh\n# \xff\necho other >> called\n", "latin1")),
    true,
  ],
  [
    "without a first line that names a program",
    (repo) => repo.writeHook(".git/hooks/pre-commit", "echo other >> called\n"),
    true,
  ],
  [
    "a link",
    (repo) => {
      repo.writeHook(".git/hooks/all", "#!/bin/sh\necho other >> called\n");
      symlinkSync("all", join(repo.dir, ".git/hooks/pre-commit"));
    },
    true,
  ],
  [
    "put to sleep",
    (repo) => repo.writeHook(".git/hooks/pre-commit", "#!/bin/sh\necho other >> called\n", 0o644),
    false,
  ],
];

describe("an existing hook", () => {
  it.each(others)("%s: is kept, called after ours, and restored", (_, prepare, called) => {
    const repo = plain();
    prepare(repo);
    const before = repo.picture();
    expect(repo.keywarden(["hook", "install"])).toMatchObject({ code: 0 });
    const [stopped, first] = [repo.tryCommit("a.txt", leak), repo.has("called")];
    expect([stopped.code, first]).toEqual([1, false]);
    repo.git("rm", "-q", "--cached", "a.txt");
    expect(repo.tryCommit("b.txt", "nothing\n").code).toBe(0);
    expect(repo.has("called")).toBe(called);
    expect(repo.keywarden(["hook", "install"]).output).toContain("installed already");
    expect(repo.keywarden(["hook", "uninstall"])).toMatchObject({ code: 0 });
    expect(repo.picture()).toEqual(before);
    expect(repo.keywarden(["hook", "uninstall"]).output).toContain("No hook of keywarden's");
  });

  it("that fails still stops the commit, with its own exit", () => {
    const repo = plain();
    repo.writeHook(".git/hooks/pre-commit", "#!/bin/sh\nexit 7\n");
    repo.keywarden(["hook", "install"]);
    expect(repo.tryCommit("b.txt", "nothing\n").code).not.toBe(0);
  });

  it.each([
    "#!/bin/sh\ncat > heard\n",
    `#!${process.execPath}\nrequire("fs").writeFileSync("heard", require("fs").readFileSync(0))\n`,
  ])("of a push still hears what git says, byte for byte: %j", (text) => {
    const repo = plain();
    repo.writeHook(".git/hooks/pre-push", text);
    const remote = GitRepo.create("--bare");
    expect(repo.keywarden(["hook", "install", "--stage", "pre-push"]).code).toBe(0);
    repo.git("tag", "v1");
    expect(repo.try(["push", "-q", remote.dir, "main", "v1"]).code).toBe(0);
    const none = "0".repeat(40);
    const line = (ref: string): string => `${ref} ${repo.head} ${ref} ${none}\n`;
    expect(readFileSync(join(repo.dir, "heard"), "utf8")).toBe(line("refs/heads/main") + line("refs/tags/v1"));
  });

  it("is called after ours, too, where another program has put its own in front and renamed ours", () => {
    const repo = plain();
    repo.writeHook(".git/hooks/pre-commit", `#!${process.execPath}\n${writes("other")}\n`);
    repo.keywarden(["hook", "install"]);
    renameSync(join(repo.dir, ".git/hooks/pre-commit"), join(repo.dir, ".git/hooks/pre-commit.legacy"));
    repo.writeHook(".git/hooks/pre-commit", '#!/bin/sh\nexec "$(dirname "$0")/pre-commit.legacy" "$@"\n');
    expect(repo.tryCommit("b.txt", "nothing\n").code).toBe(0);
    expect(repo.has("called")).toBe(true);
  });

  it("is changed although an installation that was killed left half of one", () => {
    const repo = plain();
    repo.writeHook(".git/hooks/pre-commit", "#!/bin/sh\necho other >> called\n");
    writeFileSync(join(repo.dir, ".git/hooks/pre-commit.keywarden-new"), "#!/bin/sh\nexit 1\n");
    expect(repo.keywarden(["hook", "install"]).code).toBe(0);
    expect(repo.tryCommit("b.txt", "nothing\n").code).toBe(0);
    expect(repo.has("called")).toBe(true);
  });

  it("is not lost when a file stands in the way, and nothing else is changed", () => {
    const repo = plain();
    repo.writeHook(".git/hooks/pre-commit", `#!${process.execPath}\n`);
    repo.writeHook(".git/hooks/pre-commit.before-keywarden", "mine\n");
    const before = repo.picture();
    expect(repo.keywarden(["hook", "install"])).toMatchObject({
      code: 2,
      output: expect.stringContaining("is there already") as string,
    });
    expect(repo.picture()).toEqual(before);
  });
});

describe("where hooks are", () => {
  it("a folder of the repository that core.hooksPath names: no path of this machine is written", () => {
    const repo = plain();
    repo.git("config", "core.hooksPath", ".githooks");
    repo.writeHook(".githooks/pre-commit", "#!/bin/sh\ntrue\n");
    const before = repo.picture();
    expect(repo.keywarden(["hook", "install"]).code).toBe(0);
    const text = readFileSync(join(repo.dir, ".githooks/pre-commit"), "utf8");
    expect(text).toContain('node_modules/.bin/keywarden hook run pre-commit "$@"');
    expect(text).not.toContain(process.execPath);
    expect(repo.tryCommit("a.txt", leak).code).toBe(1);
    repo.keywarden(["hook", "uninstall"]);
    expect(repo.picture()).toEqual(before);
  });

  it("a folder that other repositories use, too: only with --shared", () => {
    const repo = plain();
    const shared = temporaryFolder();
    repo.git("config", "core.hooksPath", shared);
    expect(repo.keywarden(["hook", "install"])).toMatchObject({
      code: 2,
      output: expect.stringContaining("--shared") as string,
    });
    expect(existsSync(join(shared, "pre-commit"))).toBe(false);
    expect(repo.keywarden(["hook", "install", "--shared"]).code).toBe(0);
    expect(repo.tryCommit("a.txt", leak).code).toBe(1);
    expect(repo.keywarden(["hook", "uninstall"]).output).toMatch(/No hook .*\nNote: .* hook uninstall --shared/);
    expect(repo.keywarden(["hook", "uninstall", "--shared"]).output).not.toContain("Note");
    expect(existsSync(join(shared, "pre-commit"))).toBe(false);
  });

  it("a folder that .git/hooks is a link to: the repository's own, or others' too", () => {
    const repo = plain();
    const hooks = join(repo.dir, ".git/hooks");
    rmSync(hooks, { recursive: true });
    mkdirSync(join(repo.dir, "githooks"));
    symlinkSync("../githooks", hooks);
    expect(repo.keywarden(["hook", "install"]).code).toBe(0);
    expect(repo.tryCommit("a.txt", leak).code).toBe(1);
    expect(repo.keywarden(["hook", "uninstall"])).toMatchObject({ code: 0 });
    expect(repo.has("githooks/pre-commit")).toBe(false);

    const shared = temporaryFolder();
    rmSync(hooks);
    symlinkSync(shared, hooks);
    expect(repo.keywarden(["hook", "install"]).code).toBe(2);
    repo.keywarden(["hook", "install", "--shared"]);
    expect(repo.keywarden(["hook", "uninstall"]).output).toContain("No hook");
    expect(existsSync(join(shared, "pre-commit"))).toBe(true);
  });

  const off = ["", "readme.txt", ...(process.platform === "win32" ? [] : ["/dev/null"])];
  it.each(off)("none, as core.hooksPath is %j: says so, whoever asks", (hooksPath) => {
    const repo = plain();
    repo.commit("readme", { "readme.txt": "nothing\n" });
    repo.git("config", "core.hooksPath", hooksPath);
    for (const more of [[], ["--shared"]]) {
      const { code, output } = repo.keywarden(["hook", "install", ...more]);
      expect(code).toBe(2);
      expect(output).toMatch(/core\.hooksPath is ".*", so git runs no hooks here\n {2}Take the setting out/);
    }
    expect(repo.keywarden(["hook", "uninstall"])).toMatchObject({ code: 0 });
    const doctor = repo.keywarden(["hook", "doctor"]);
    expect(doctor.code).toBe(1);
    expect(doctor.output).toMatch(/MISSES {3}a new file/);
    expect(repo.git("status", "--porcelain")).toBe("");
  });

  it("a linked worktree: the hook is that of all of them", () => {
    const repo = plain();
    const tree = join(temporaryFolder(), "tree");
    repo.git("worktree", "add", "-q", tree);
    expect(repo.keywarden(["hook", "install"], { cwd: tree }).code).toBe(0);
    expect(lstatSync(join(repo.dir, ".git/hooks/pre-commit")).isFile()).toBe(true);
    writeFileSync(join(tree, "a.txt"), leak);
    repo.run(["-C", tree, "add", "a.txt"]);
    expect(repo.try(["commit", "-m", "leak"], { cwd: tree }).code).toBe(1);
    expect(repo.tryCommit("a.txt", leak).code).toBe(1);
  });

  it("a subfolder, and a repository whose folder of hooks is not there", () => {
    const repo = plain();
    rmSync(join(repo.dir, ".git/hooks"), { recursive: true });
    mkdirSync(join(repo.dir, "deep"));
    expect(repo.keywarden(["hook", "install"], { cwd: join(repo.dir, "deep") }).code).toBe(0);
    expect(repo.tryCommit("deep/a.txt", leak).code).toBe(1);
  });

  it.each(["install", "uninstall", "doctor"])("no repository: %s says so", (name) => {
    expect(plain().keywarden(["hook", name], { cwd: temporaryFolder() })).toMatchObject({
      code: 2,
      output: expect.stringContaining("git init") as string,
    });
  });
});

describe("what is asked for", () => {
  it("--dry-run shows the lines and changes nothing", () => {
    const repo = plain();
    repo.writeHook(".git/hooks/pre-commit", "#!/bin/sh\ntrue\n");
    const before = repo.picture();
    const { code, output } = repo.keywarden(["hook", "install", "--dry-run"]);
    expect([code, output]).toEqual([0, expect.stringContaining("| # >>> keywarden")]);
    expect(repo.picture()).toEqual(before);
    repo.keywarden(["hook", "install"]);
    const after = repo.picture();
    repo.keywarden(["hook", "uninstall", "--dry-run"]);
    expect(repo.picture()).toEqual(after);
  });

  it("--command says how keywarden is called", () => {
    const repo = plain();
    repo.keywarden(["hook", "install", "--command", "false"]);
    expect(repo.tryCommit("b.txt", "nothing\n").code).toBe(1);
  });

  it("a keywarden or Node that has moved: installing again mends it, and until then nothing is committed unchecked", () => {
    const repo = plain();
    repo.keywarden(["hook", "install"]);
    const file = join(repo.dir, ".git/hooks/pre-commit");
    const sound = readFileSync(file, "utf8");
    writeFileSync(file, sound.replaceAll(process.execPath, "/gone/node"));
    const env = { PATH: "/usr/bin:/bin" };
    const refused = repo.try(["commit", "--allow-empty", "-m", "x"], { env });
    expect([refused.code, refused.output]).toEqual([1, expect.stringContaining("nothing was checked")]);
    expect(repo.keywarden(["hook", "install"]).output).toContain("Installed");
    expect(readFileSync(file, "utf8")).toBe(sound);
    chmodSync(file, 0o644);
    expect(repo.keywarden(["hook", "install"]).output).toContain("Installed");
    expect(repo.tryCommit("a.txt", leak).code).toBe(1);
  });

  it("simple-git-hooks' own command for pushes still reads what git says", () => {
    const repo = HookRepo.for("simple-git-hooks", { "simple-git-hooks": { "pre-push": "cat > said" } });
    repo.git("add", "--all");
    repo.git("commit", "-q", "-m", "first");
    const before = repo.picture();
    expect(repo.keywarden(["hook", "install", "--stage", "pre-push"]).code).toBe(0);
    repo.npx("simple-git-hooks");
    const remote = GitRepo.create("--bare");
    expect(repo.try(["push", "-q", remote.dir, "main"]).code).toBe(0);
    expect(readFileSync(join(repo.dir, "said"), "utf8")).toContain(`refs/heads/main ${repo.head}`);
    repo.commit("leak", { "a.txt": leak });
    expect(repo.try(["push", "-q", remote.dir, "main"]).code).toBe(1);
    repo.keywarden(["hook", "uninstall"]);
    expect(repo.picture()["package.json"]).toBe(before["package.json"]);
  });

  it("lefthook's file in another language, and simple-git-hooks in JavaScript: says what to write by hand", () => {
    const repo = plain();
    repo.write("lefthook.toml", "[pre-commit]\n");
    expect(repo.keywarden(["hook", "install"])).toMatchObject({
      code: 2,
      output: expect.stringContaining("by hand") as string,
    });
    rmSync(join(repo.dir, "lefthook.toml"));
    repo.write(".simple-git-hooks.js", "module.exports = {};\n");
    expect(repo.keywarden(["hook", "install"])).toMatchObject({
      code: 2,
      output: expect.stringContaining("by hand") as string,
    });
  });
});
