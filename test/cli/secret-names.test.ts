// Files, folders and authors whose names hold a secret: no format shows it, whatever brought the name into the report.

import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { keywarden } from "../helpers/cli-run.ts";
import { leaksIn, tokenOf } from "../helpers/cli-tokens.ts";
import { GitRepo, removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";

afterAll(removeTemporary);

const inName = tokenOf("npm.access-token", "in the name of a file");
const inFolder = tokenOf("ofself.access-token", "in the name of a folder");
const inContent = tokenOf("npm.access-token", "in a content");
const author = tokenOf("npm.access-token", "in the name of an author");
const secrets = [inName, inFolder, inContent, author];
const formats = ["terminal", "json", "jsonl", "sarif", "gitleaks-json", "csv", "junit", "github", "gitlab", "html"];

let repo: GitRepo;

beforeEach(() => {
  repo = GitRepo.create();
  repo.commit("first", { "a.txt": "hello\n" });
  mkdirSync(join(repo.dir, inFolder));
  writeFileSync(join(repo.dir, inFolder, `${inName}.env`), `KEY=${inContent}\n`);
});

async function expectHidden(args: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await keywarden(args, { cwd: repo.dir });
  expect([code, leaksIn(stdout + stderr, secrets)]).toEqual([1, []]);
}

test.each(formats)("%s of the working tree", async (format) => {
  await expectHidden(["scan", ".", "--format", format]);
});

test.each(formats)("%s of what is staged", async (format) => {
  repo.git("add", "-A");
  await expectHidden(["scan", "--staged", "--format", format]);
  await expectHidden(["audit", "--no-cache", "--format", format]);
});

test("the hook", async () => {
  repo.git("add", "-A");
  await expectHidden(["hook", "run", "pre-commit"]);
});

test.each(formats)("%s of a range, whose author's name holds one", async (format) => {
  repo.git("add", "-A");
  repo.git("-c", `user.name=${author}`, "commit", "-q", "-m", "second");
  await expectHidden(["scan", "--range", "HEAD~1..HEAD", "--format", format]);
  await expectHidden(["audit", "--no-cache", "--format", format]);
});

test.skipIf(process.platform === "win32")("what cannot be read, and what is left out", async () => {
  const folder = join(repo.dir, tokenOf("npm.access-token", "in a closed folder"));
  mkdirSync(folder);
  writeFileSync(join(folder, "b.txt"), "b\n");
  writeFileSync(join(repo.dir, ".gitignore"), "*.env\n");
  chmodSync(folder, 0);
  const { stdout, stderr } = await keywarden(["scan", ".", "--format", "json"], { cwd: repo.dir });
  chmodSync(folder, 0o700);
  expect(leaksIn(stdout + stderr, [...secrets, folder.slice(repo.dir.length + 1)])).toEqual([]);
});

test.each([
  ["scan", inName],
  ["audit", inName],
  ["verify", inName],
  ["scan", ".", "--only", inName],
  ["scan", ".", "--format", inName],
  ["scan", ".", "--range", `${inName}..HEAD`],
  ["scan", `--${inName}`],
  ["rules", "explain", inName],
  ["rotation", "attest", inName, "--reason", "it is gone"],
  [inName],
])("a mistake with one in the place of something else: %s %s", async (...args) => {
  const { code, stdout, stderr } = await keywarden(args, { cwd: repo.dir });
  expect([code, leaksIn(stdout + stderr, secrets)]).toEqual([2, []]);
  expect(stderr).not.toBe("");
});

test("a folder that is scanned, with nothing in it", async () => {
  const folder = tokenOf("npm.access-token", "in the name of an empty folder");
  mkdirSync(join(repo.dir, folder));
  const { code, stdout, stderr } = await keywarden(["scan", folder], { cwd: repo.dir });
  expect([code, leaksIn(stdout + stderr, [folder])]).toEqual([0, []]);
});

test("a hook of others', which an installation shows before it changes it", async () => {
  writeFileSync(join(repo.dir, ".git/hooks/pre-commit"), `#!/bin/sh\nTOKEN=${inContent} exit 0\n`, { mode: 0o755 });
  const { code, stdout, stderr } = await keywarden(["hook", "install", "--dry-run"], { cwd: repo.dir });
  expect([code, leaksIn(stdout + stderr, secrets)]).toEqual([0, []]);
  expect(stdout).toContain("    | TOKEN=npm_");
});

test("a mistake, where the matcher of the installation is gone", () => {
  const root = join(import.meta.dirname, "../..");
  const copy = temporaryFolder();
  for (const name of ["dist", "package.json"]) cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"), "junction");
  rmSync(join(copy, "dist/kernel.wasm"));
  const { status, stderr } = spawnSync(process.execPath, [join(copy, "dist/bin.js"), "scan", inName], {
    cwd: repo.dir,
    encoding: "utf8",
  });
  expect([status, leaksIn(stderr, secrets)]).toEqual([2, []]);
  expect(stderr).toContain("keywarden: internal error: Error: ENOENT");
});

test("what another hook says, in hook doctor", async () => {
  const hook = `#!/bin/sh\n# keywarden hook run pre-commit\necho "no access with ${inContent}" >&2\nexit 1\n`;
  writeFileSync(join(repo.dir, ".git/hooks/pre-commit"), hook, { mode: 0o755 });
  const { code, stdout, stderr } = await keywarden(["hook", "doctor"], { cwd: repo.dir });
  expect([code, leaksIn(stdout + stderr, secrets)]).toEqual([1, []]);
  expect(stdout).toContain("not by keywarden: no access with ");
});
