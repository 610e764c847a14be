import { spawnSync } from "node:child_process";
import { chmodSync, chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { repositoryFacts } from "../../src/base/git/ask.ts";
import { findGit, safeEnvironment } from "../../src/base/git/environment.ts";
import { SourceError } from "../../src/errors.ts";
import { directorySource } from "../../src/sources/directory.ts";
import { rangeSource } from "../../src/sources/git-range.ts";
import { stagedSource } from "../../src/sources/git-staged.ts";
import { collect, places } from "../helpers/git-collect.ts";
import { GitRepo, gitTestEnv, removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";

afterAll(removeTemporary);

const isRoot = process.getuid?.() === 0;

/** A script that leaves a mark when anything runs it, and the file it leaves. */
function trap(): { script: string; mark: string } {
  const folder = temporaryFolder();
  const mark = join(folder, "ran");
  const script = join(folder, "trap.sh");
  writeFileSync(script, `#!/bin/sh\necho "$0 $@" >> "${mark}"\nexit 1\n`);
  chmodSync(script, 0o755);
  return { script, mark };
}

const hooks = [
  "post-index-change",
  "post-checkout",
  "pre-commit",
  "reference-transaction",
  "pre-auto-gc",
  "fsmonitor-watchman",
];

/** Lays every trap that a repository's own files can hold. */
function setTraps(repo: GitRepo, script: string): void {
  const own = join(repo.dir, ".git/hooks");
  mkdirSync(own, { recursive: true });
  for (const hook of hooks) writeFileSync(join(own, hook), `#!/bin/sh\nexec "${script}"\n`, { mode: 0o755 });
  const included = join(repo.dir, ".git/more-config");
  writeFileSync(
    included,
    `[core]\n\tfsmonitor = "${script}"\n[alias]\n\tls-files = "!${script}"\n\tdiff-tree = "!${script}"\n`,
  );
  writeFileSync(join(repo.dir, ".gitattributes"), "* filter=evil diff=evil merge=evil\n");
  const settings: readonly (readonly [string, string])[] = [
    ["core.fsmonitor", script],
    ["core.fsmonitorHookVersion", "1"],
    ["core.hooksPath", own],
    ["core.pager", script],
    ["core.editor", script],
    ["core.askPass", script],
    ["core.sshCommand", script],
    ["core.gitProxy", script],
    ["core.alternateRefsCommand", script],
    ["core.untrackedCache", "true"],
    ["pager.ls-files", script],
    ["pager.diff-index", script],
    ["pager.rev-list", script],
    ["alias.cat-file", `!${script}`],
    ["alias.rev-list", `!${script}`],
    ["diff.external", script],
    ["diff.evil.textconv", script],
    ["diff.evil.command", script],
    ["filter.evil.clean", script],
    ["filter.evil.smudge", script],
    ["filter.evil.process", script],
    ["filter.evil.required", "true"],
    ["merge.evil.driver", script],
    ["gpg.program", script],
    ["gpg.ssh.program", script],
    ["log.showSignature", "true"],
    ["credential.helper", `!${script}`],
    ["uploadpack.packObjectsHook", script],
    ["remote.origin.url", `ext::${script}`],
    ["remote.origin.uploadpack", script],
    ["remote.origin.promisor", "true"],
    ["remote.origin.partialCloneFilter", "blob:none"],
    ["extensions.partialClone", "origin"],
    ["core.repositoryFormatVersion", "1"],
    ["protocol.allow", "always"],
    ["protocol.ext.allow", "always"],
    ["include.path", included],
    ["trailer.x.command", script],
    ["sequence.editor", script],
    ["interactive.diffFilter", script],
    ["init.templateDir", own],
    ["submodule.recurse", "true"],
  ];
  for (const [name, value] of settings) repo.git("config", name, value);
}

describe.skipIf(process.platform === "win32")("a hostile repository", () => {
  const { script, mark } = trap();
  let repo: GitRepo;

  beforeAll(() => {
    repo = GitRepo.create();
    repo.commit("base", { a: "a" });
    const lost = repo.commit("lost", { lost: "gone from the object store" });
    repo.write("staged", "staged");
    repo.git("add", "staged");
    repo.write("untracked", "untracked");
    const blob = repo.git("rev-parse", `${lost}:lost`);
    setTraps(repo, script);
    // Missing from a repository that names a promisor: what an eager git would now fetch through ext::.
    removeObject(repo, blob);
  });

  it("springs a trap when git is run plainly (or this test proves nothing)", () => {
    const plain = (command: readonly string[]): boolean => {
      const own = trap();
      const naive = GitRepo.create();
      naive.commit("base", { a: "a" });
      setTraps(naive, own.script);
      spawnSync("git", command, {
        cwd: naive.dir,
        env: { ...gitTestEnv, GIT_ALLOW_PROTOCOL: undefined },
        timeout: 10_000,
      });
      return existsSync(own.mark);
    };
    expect(plain(["status"])).toBe(true);
    expect(plain(["cat-file", "blob", "1".repeat(40)])).toBe(true);
  });

  const variables: NodeJS.ProcessEnv = {
    GIT_EXTERNAL_DIFF: script,
    GIT_PAGER: script,
    PAGER: script,
    GIT_EDITOR: script,
    GIT_SSH_COMMAND: script,
    GIT_ASKPASS: script,
    GIT_PROXY_COMMAND: script,
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "core.fsmonitor",
    GIT_CONFIG_VALUE_0: script,
    GIT_CONFIG_PARAMETERS: `'core.fsmonitor'='${script}'`,
    GIT_TRACE: mark,
    GIT_TRACE2: mark,
    GIT_TRACE_SETUP: mark,
  };

  it.each([{}, variables])("runs nothing for staged changes", async (extra) => {
    const source = stagedSource({ cwd: repo.dir, env: { ...gitTestEnv, ...extra } });
    expect(places(await collect(source))).toContain("staged: staged");
    expect(existsSync(mark)).toBe(false);
  });

  it.each([{}, variables])("runs nothing for a range", async (extra) => {
    const source = rangeSource({ cwd: repo.dir, range: "HEAD", env: { ...gitTestEnv, ...extra } });
    expect(places(await collect(source))).toEqual(["a: a"]);
    expect(source.problems).toMatchObject([{ kind: "git-object" }]);
    const unknown = rangeSource({ cwd: repo.dir, range: "nope", env: { ...gitTestEnv, ...extra } });
    await expect(collect(unknown)).rejects.toThrow(SourceError);
    expect(existsSync(mark)).toBe(false);
  });

  it("runs nothing for a folder", async () => {
    const source = directorySource({ root: repo.dir, paths: ["."], gitignore: true });
    expect(places(await collect(source))).toEqual(
      expect.arrayContaining(["a: a", "staged: staged", "untracked: untracked"]),
    );
    expect(existsSync(mark)).toBe(false);
  });

  it.each([{}, variables])("runs nothing for questions", async (extra) => {
    const place = { cwd: repo.dir, repository: "environment", env: { ...gitTestEnv, ...extra } } as const;
    expect(await repositoryFacts(place)).toEqual({ shallow: false, partial: true });
    expect(existsSync(mark)).toBe(false);
  });

  it("runs no git that lies in the repository", () => {
    writeFileSync(join(repo.dir, "git"), "#!/bin/sh\n", { mode: 0o755 });
    expect(findGit({ PATH: `.:${process.env["PATH"]}` })).not.toBe(join(repo.dir, "git"));
    expect(findGit({ PATH: ".::relative/bin" })).toBeUndefined();
    expect(findGit({})).toBeUndefined();
  });

  it("keeps what locates the repository and the user's own configuration, and no more", () => {
    const given = { HOME: "/h", GIT_DIR: "x/.git", GIT_INDEX_FILE: "/i", GIT_CONFIG_GLOBAL: "/g", ...variables };
    const inherited = safeEnvironment({ cwd: "/", repository: "environment", env: given });
    expect(inherited).toMatchObject({
      HOME: "/h",
      GIT_INDEX_FILE: "/i",
      GIT_CONFIG_GLOBAL: "/g",
      GIT_TERMINAL_PROMPT: "0",
    });
    expect(inherited["GIT_DIR"]).toBe(join(process.cwd(), "x/.git"));
    for (const name of Object.keys(variables)) expect(inherited).not.toHaveProperty(name);
    const discovered = safeEnvironment({ cwd: "/", repository: "discover", env: given });
    expect(discovered).not.toHaveProperty("GIT_DIR");
    expect(discovered).not.toHaveProperty("GIT_INDEX_FILE");
  });

  it.runIf(isRoot)("passes on git's refusal of another user's repository", async () => {
    const foreign = GitRepo.create();
    foreign.commit("base", { a: "a" });
    for (const path of [foreign.dir, join(foreign.dir, ".git")]) chownSync(path, 12345, 12345);
    const sources = [
      stagedSource({ cwd: foreign.dir, env: gitTestEnv }),
      rangeSource({ cwd: foreign.dir, range: "HEAD", env: gitTestEnv }),
      directorySource({ root: foreign.dir, paths: ["."], gitignore: true }),
    ];
    for (const source of sources) {
      const error: unknown = await collect(source).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(SourceError);
      expect((error as SourceError).hint).toContain(`safe.directory ${foreign.dir}`);
    }
    const plain = directorySource({ root: foreign.dir, paths: ["."], gitignore: false });
    expect(places(await collect(plain))).toEqual(["a: a"]);
  });
});

function removeObject(repo: GitRepo, id: string): void {
  const file = join(repo.dir, ".git/objects", id.slice(0, 2), id.slice(2));
  chmodSync(file, 0o644);
  rmSync(file);
}
