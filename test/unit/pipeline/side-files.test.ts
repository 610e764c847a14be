// The root that paths are shown from, and the files beside the sources: salt, baseline, other scanners' lists.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ConfigError, UsageError } from "../../../src/errors.ts";
import { foreignSuppressions } from "../../../src/config/settings.ts";
import { baselineOf, foreignOf, keyOf, readSideFile, rootOf } from "../../../src/pipeline/side-files.ts";
import { foreignLists } from "../../../src/policy/foreign.ts";
import { serialiseBaseline } from "../../../src/policy/baseline.ts";
import { removeTemporary, temporaryFolder } from "../../helpers/git-repo.ts";

afterAll(removeTemporary);

/** A folder with the given files; a name that ends in a slash is a folder. */
function tree(files: Readonly<Record<string, string>>): string {
  const root = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    const file = join(root, name);
    mkdirSync(name.endsWith("/") ? file : dirname(file), { recursive: true });
    if (!name.endsWith("/")) writeFileSync(file, text);
  }
  return root;
}

describe("rootOf", () => {
  const at = tree({
    "repo/.git/": "",
    "repo/src/deep/a.ts": "",
    "repo/vendor/inner/.git/": "",
    "repo/vendor/inner/b.ts": "",
    // A worktree and a submodule have a file in its place.
    "linked/.git": "gitdir: elsewhere\n",
    "linked/src/": "",
    "plain/sub/c.txt": "",
    "other/d.txt": "",
  });

  test.each<[what: string, cwd: string, paths: readonly string[], root: string]>([
    ["the repository itself", "repo", [], "repo"],
    ["the repository, from below", "repo/src/deep", [], "repo"],
    ["a file in it", "repo", ["src/deep/a.ts"], "repo"],
    ["a folder in it, from elsewhere", "plain", ["../repo/src"], "repo"],
    ["a repository in a repository", "repo", ["vendor/inner"], "repo/vendor/inner"],
    ["a file there", "repo", ["vendor/inner/b.ts"], "repo/vendor/inner"],
    ["a linked work tree", "linked/src", ["."], "linked"],
    ["only the first path counts", "repo", ["src", "vendor/inner"], "repo"],
    ["no repository: the working folder", "plain", [], "plain"],
    ["no repository: a folder in the working folder", "plain", ["sub"], "plain"],
    ["no repository: a file in it", "plain", ["sub/c.txt"], "plain"],
    ["no repository: a folder elsewhere", "plain/sub", ["../../other"], "other"],
    ["no repository: a file elsewhere", "plain", ["../other/d.txt"], "other"],
    ["no repository: the folder above", "plain/sub", [".."], "plain"],
    ["a path that is not there, in a repository", "repo", ["src/no/such"], "repo"],
    ["a path that is not there", "plain", ["no/such"], "plain"],
    ["a glob", "repo", ["src/**/*.ts"], "repo"],
  ])("%s", (_, cwd, paths, root) => {
    expect(rootOf(join(at, cwd), paths)).toBe(join(at, root));
  });

  test("an absolute path", () => {
    expect(rootOf(join(at, "plain"), [join(at, "repo/src")])).toBe(join(at, "repo"));
  });

  test("a neighbour whose name starts alike is elsewhere", () => {
    const near = tree({ "a/": "", "a-b/f": "", "..c/": "" });
    expect(rootOf(join(near, "a"), ["../a-b/f"])).toBe(join(near, "a-b"));
  });

  test("a folder whose name starts with two dots is inside", () => {
    const dotted = tree({ "..c/f": "" });
    expect(rootOf(dotted, ["..c"])).toBe(dotted);
  });
});

describe("keyOf", () => {
  const salt = "0123456789abcdef".repeat(4);
  const salted = tree({ ".keywarden/salt": `${salt}\n` });
  const bare = tree({});
  const env = { KEYWARDEN_KEY: "a key of enough characters" };

  test.each([
    ["nothing: the published key", bare, {}, "default"],
    ["an empty variable: the same", bare, { KEYWARDEN_KEY: " " }, "default"],
  ])("%s", (_, root, given, id) => {
    expect(keyOf(root, given).id).toBe(id);
  });

  test("the environment is stronger than the salt, the salt than nothing", () => {
    const ids = [keyOf(salted, env), keyOf(salted, {}), keyOf(bare, {})].map((key) => key.id);
    expect(new Set(ids).size).toBe(3);
    expect(keyOf(bare, env).id).toBe(ids[0]);
    expect(ids[1]).toMatch(/^[0-9a-f]{8}$/);
  });

  test("a damaged salt names the file and not what it holds", () => {
    const text = "this is no salt";
    const root = tree({ ".keywarden/salt": text });
    expect(() => keyOf(root, {})).toThrow(ConfigError);
    expect(() => keyOf(root, {})).toThrow(/^\.keywarden\/salt:1: (?!.*no salt)/);
  });

  test("a short key is told by its length", () => {
    expect(() => keyOf(bare, { KEYWARDEN_KEY: "short" })).toThrow(UsageError);
  });
});

describe("readSideFile", () => {
  const root = tree({ file: "text", "folder/": "" });

  test.each([
    ["there", "file", "text"],
    ["not there", "none", undefined],
    ["below a file", "file/none", undefined],
  ])("%s", (_, name, text) => {
    expect(readSideFile(join(root, name), name)).toBe(text);
  });

  test("a folder in its place", () => {
    expect(() => readSideFile(join(root, "folder"), "folder")).toThrow(/^folder: not a file$/);
  });
});

describe("baselineOf", () => {
  const text = serialiseBaseline({ version: 1, key: "default", entries: [] });
  const root = tree({ ".keywarden/baseline.json": text, "mine.json": text, "broken.json": "{" });
  const bare = tree({});

  test.each<[what: string, root: string, setting: string | false | undefined, found: boolean]>([
    ["the usual one, where it is", root, undefined, true],
    ["the usual one, where it is not", bare, undefined, false],
    ["switched off", root, false, false],
    ["a named one, from the root", root, "mine.json", true],
    ["a named one, absolute", bare, join(root, "mine.json"), true],
  ])("%s", (_, at, setting, found) => {
    expect(baselineOf(at, setting, "default") !== undefined).toBe(found);
  });

  test("a named one that is not there is a mistake", () => {
    expect(() => baselineOf(root, "none.json", "default")).toThrow(UsageError);
  });

  test("a damaged one is told with its place", () => {
    expect(() => baselineOf(root, "broken.json", "default")).toThrow(/^broken\.json:1:2: /);
  });

  test("one that was made with another key matches nothing, so it is refused", () => {
    expect(() => baselineOf(root, undefined, "01234567")).toThrow(ConfigError);
  });
});

describe("foreignOf", () => {
  const all = [...foreignSuppressions];
  const line = (file: string): string => `${file}:generic-api-key:1\n`;

  test("every list that can be read can be honoured", () => {
    expect(Object.keys(foreignLists).filter((name) => !all.includes(name as never))).toEqual([]);
  });

  test.each<[what: string, files: Record<string, string>, honour: readonly string[], lists: readonly string[]]>([
    ["none there", {}, all, []],
    ["gitleaks", { ".gitleaksignore": line("a") }, all, [".gitleaksignore"]],
    ["betterleaks alone", { ".betterleaksignore": line("a") }, all, [".betterleaksignore"]],
    [
      "betterleaks' own is stronger than gitleaks'",
      { ".gitleaksignore": line("a"), ".betterleaksignore": line("b") },
      all,
      [".betterleaksignore"],
    ],
    [
      "ggshield, in either spelling",
      { ".gitguardian.yml": "version: 2\nsecret:\n  ignored_paths: [a]\n" },
      all,
      [".gitguardian.yml"],
    ],
    ["not honoured", { ".gitleaksignore": line("a") }, [".secrets.baseline"], []],
    ["in a folder below", { "sub/.gitleaksignore": line("a") }, all, []],
  ])("%s", async (_, files, honour, lists) => {
    expect((await foreignOf(tree(files), honour)).map((entry) => entry.list)).toEqual(lists);
  });
});
