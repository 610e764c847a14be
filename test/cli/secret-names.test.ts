// Files, folders and authors whose names hold a secret: no format shows it, whatever brought the name into the report.

import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { keywarden } from "../helpers/cli-run.ts";
import { leaksIn, tokenOf } from "../helpers/cli-tokens.ts";
import { GitRepo, removeTemporary } from "../helpers/git-repo.ts";

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
