// keywarden baseline: what it accepts, what it cannot hide, and what it never writes.

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { afterAll, describe, expect, it } from "vitest";

import { keywarden, placesOf, scanJson } from "../helpers/cli-run.ts";
import { leaksIn, tokenOf } from "../helpers/cli-tokens.ts";
import { removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";

afterAll(removeTemporary);

const token = (seed: string): string => tokenOf("gitlab.access-token", `baseline ${seed}`);
const old = [token("a"), token("b"), token("c")] as const;

/** A folder whose three files hold a token each. */
function folderWithThree(files: Readonly<Record<string, string>> = {}): string {
  const folder = temporaryFolder();
  const own = { "a.txt": `a ${old[0]}\n`, "b.txt": `\nb ${old[1]}\n`, "sub/c.txt": `c ${old[2]}\n`, ...files };
  for (const [path, content] of Object.entries(own)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

const read = (folder: string, file = "baseline.json"): string => readFileSync(join(folder, ".keywarden", file), "utf8");

interface Entry {
  readonly fingerprint: string;
  readonly paths: readonly string[];
  readonly reason: string;
  readonly owner?: string;
  readonly until?: string;
}

function entriesOf(folder: string): Entry[] {
  const { entries } = JSON.parse(read(folder)) as { entries: (Entry | null)[] };
  return entries.filter((entry) => entry !== null);
}

describe.concurrent("baseline create and update", () => {
  it("accepts what is there, and nothing that comes later", async () => {
    const cwd = folderWithThree();
    const created = await keywarden(["baseline", "create", "--owner", "team", "--until", "2999-01-01"], { cwd });
    expect(created).toMatchObject({ code: 0, stderr: "" });
    expect(created.stdout).toBe(".keywarden/baseline.json: 3 added, 0 kept, 0 gone.\n");
    const accepted = await scanJson(["."], { cwd });
    expect(accepted.code).toBe(0);
    expect(accepted.report.summary.suppressions).toEqual([
      { kind: "baseline", by: ".keywarden/baseline.json", count: 3 },
    ]);
    expect(entriesOf(cwd)[0]).toMatchObject({ reason: "present at adoption", owner: "team", until: "2999-01-01" });
    // A new secret in an accepted file, even in an accepted line, is new.
    writeFileSync(join(cwd, "a.txt"), `a ${old[0]} and ${token("new in the line")}\n${token("new in the file")}\n`);
    const later = await scanJson(["."], { cwd });
    expect([later.code, later.report.summary.blocking, later.report.summary.suppressed]).toEqual([1, 2, 3]);
    expect(leaksIn(created.stdout + read(cwd) + read(cwd, "salt"), old)).toEqual([]);
  });

  it("follows a secret that moves, and is left alone by code that moves", async () => {
    const cwd = folderWithThree();
    await keywarden(["baseline", "create"], { cwd });
    const before = read(cwd);
    renameSync(join(cwd, "a.txt"), join(cwd, "sub/moved.txt"));
    writeFileSync(join(cwd, "b.txt"), `${"\n".repeat(40)}b ${old[1]}\n`);
    expect((await scanJson(["."], { cwd })).code).toBe(0);
    expect(read(cwd)).toBe(before);
    writeFileSync(join(cwd, "sub/moved.txt"), Buffer.from(`key ${old[0]}`).toString("base64"));
    expect((await scanJson(["."], { cwd })).code).toBe(0);
  });

  it("keeps what people wrote, and drops what is gone only when told to", async () => {
    const cwd = folderWithThree();
    await keywarden(["baseline", "create", "--reason", "first"], { cwd });
    writeFileSync(join(cwd, ".keywarden/baseline.json"), read(cwd).replace('"reason":"first"', '"reason":"by hand"'));
    const salt = read(cwd, "salt");
    rmSync(join(cwd, "sub/c.txt"));
    writeFileSync(join(cwd, "d.txt"), `d ${token("d")}\n`);
    const updated = await keywarden(["baseline", "update", "--reason", "second"], { cwd });
    expect(updated).toMatchObject({ code: 0, stdout: ".keywarden/baseline.json: 1 added, 2 kept, 1 gone.\n" });
    expect(
      entriesOf(cwd)
        .map(({ reason }) => reason)
        .sort(),
    ).toEqual(["by hand", "first", "first", "second"]);
    const again = read(cwd);
    expect((await keywarden(["baseline", "update"], { cwd })).code).toBe(0);
    expect(read(cwd)).toBe(again);
    const pruned = await keywarden(["baseline", "update", "--prune"], { cwd });
    expect(pruned.stdout).toBe(".keywarden/baseline.json: 0 added, 3 kept, 1 gone.\n");
    expect(entriesOf(cwd)).toHaveLength(3);
    expect(read(cwd, "salt")).toBe(salt);
  });

  it("create replaces nothing, and update makes what is missing", async () => {
    const cwd = folderWithThree();
    expect((await keywarden(["baseline", "update"], { cwd })).code).toBe(0);
    const before = read(cwd);
    const again = await keywarden(["baseline", "create"], { cwd });
    expect(again).toMatchObject({ code: 2, stdout: "" });
    expect(again.stderr).toContain("keywarden baseline update");
    expect(read(cwd)).toBe(before);
  });

  it("of some paths accepts only those, and an entry that is over comes back", async () => {
    const cwd = folderWithThree();
    await keywarden(["baseline", "create", "a.txt", "--until", "2020-01-01"], { cwd });
    const { code, report } = await scanJson(["."], { cwd });
    expect([code, report.summary.blocking]).toEqual([1, 3]);
    const { stdout } = await keywarden(["scan", "a.txt", "--verbose"], { cwd });
    expect(stdout).toContain("allowed until 2020-01-01");
  });

  it("can be switched off and be another file", async () => {
    const cwd = folderWithThree();
    await keywarden(["baseline", "create", "--baseline", "accepted.json"], { cwd });
    expect(existsSync(join(cwd, ".keywarden/baseline.json"))).toBe(false);
    expect((await scanJson(["."], { cwd })).code).toBe(1);
    expect((await scanJson([".", "--baseline", "accepted.json"], { cwd })).code).toBe(0);
    expect((await scanJson([".", "--baseline", "accepted.json", "--no-baseline"], { cwd })).code).toBe(1);
  });

  it("made with another key is an error with a hint", async () => {
    const cwd = folderWithThree();
    await keywarden(["baseline", "create"], { cwd });
    const env = { KEYWARDEN_KEY: "a key of another machine" };
    for (const args of [
      ["scan", "."],
      ["baseline", "update"],
    ]) {
      const result = await keywarden(args, { cwd, env });
      expect(result).toMatchObject({ code: 2, stdout: "" });
      expect(result.stderr).toMatch(
        /^keywarden: \.keywarden\/baseline\.json:\d+:\d+: made with the key [0-9a-f]{8}, and/,
      );
      expect(result.stderr).toContain("Set KEYWARDEN_KEY");
      expect(result.stderr).not.toContain("another machine");
    }
  });

  it("with KEYWARDEN_KEY set writes no salt, and does not depend on the folder", async () => {
    const env = { KEYWARDEN_KEY: "a key that is long enough" };
    const [one, two] = [folderWithThree(), folderWithThree()];
    for (const cwd of [one, two]) expect((await keywarden(["baseline", "create"], { cwd, env })).code).toBe(0);
    expect(existsSync(join(one, ".keywarden/salt"))).toBe(false);
    expect(read(one)).toBe(read(two));
  });

  it("of a tree that could not all be read is incomplete", async () => {
    const cwd = folderWithThree();
    const result = await keywarden(["baseline", "create", ".", "/dev/null"], { cwd });
    expect(result.code).toBe(3);
    expect(result.stdout).toContain("not read: /dev/null is not a regular file");
  });
});

describe.concurrent("baseline import", () => {
  const sha1 = (text: string): string => createHash("sha1").update(text).digest("hex");
  const report = [
    { RuleID: "gitlab-pat", File: "a.txt", StartLine: 1, Secret: "REDACTED", Commit: "" },
    { RuleID: "gitlab-pat", File: "elsewhere.txt", StartLine: 1, Secret: old[1], Commit: "1".repeat(40) },
  ];
  const results = { "a.txt": [{ type: "x", filename: "a.txt", hashed_secret: sha1(old[0]), line_number: 1 }] };
  const lists: readonly (readonly [file: string, text: string, accepted: number, unmatched: number])[] = [
    [".gitleaksignore", "a.txt:gitlab-pat:1\nb.txt:gitlab-pat:2\ngone.txt:gitlab-pat:7\n", 2, 1],
    ["gitleaks.json", JSON.stringify(report), 1, 1],
    [".secrets.baseline", JSON.stringify({ results }), 1, 0],
    [
      ".gitguardian.yaml",
      `version: 2\nsecret:\n  ignored_paths: ["sub/**"]\n  ignored_matches:\n    - {name: old, match: ${createHash("sha256").update(old[1]).digest("hex")}}\n`,
      2,
      0,
    ],
  ];

  it.each(lists)("of %s", async (file, text, accepted, unmatched) => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, file), text);
    const cwd = folderWithThree();
    const result = await keywarden(["baseline", "import", join(folder, file), "--owner", "team"], { cwd });
    expect(result).toMatchObject({ code: 0, stderr: "" });
    const [first, second = ""] = result.stdout.split("\n");
    expect(first).toBe(`.keywarden/baseline.json: ${accepted} added, 0 kept, 0 gone.`);
    expect(second).toBe(unmatched === 0 ? "" : `${unmatched} entries of the list named nothing that was found.`);
    expect(entriesOf(cwd)[0]).toMatchObject({
      owner: "team",
      reason: expect.stringContaining(`imported from ${file}`),
    });
    const { report: after } = await scanJson(["."], { cwd });
    expect(placesOf(after)).toHaveLength(3);
    expect(after.summary).toMatchObject({ suppressed: accepted, blocking: 3 - accepted });
    expect(leaksIn(result.stdout + read(cwd), old)).toEqual([]);
    const again = await keywarden(["baseline", "import", join(folder, file)], { cwd });
    expect(again.stdout).toContain(`0 added, ${accepted} kept, 0 gone.`);
  });

  it("of anything else is wrong usage", async () => {
    const cwd = folderWithThree({ "notes.txt": `nothing but ${old[0]}\n`, "broken.json": "[{]\n" });
    const unknown = await keywarden(["baseline", "import", "notes.txt"], { cwd });
    expect(unknown).toMatchObject({ code: 2, stdout: "" });
    expect(unknown.stderr).toContain("notes.txt is no list that keywarden knows");
    const broken = await keywarden(["baseline", "import", "broken.json"], { cwd });
    expect(broken).toMatchObject({ code: 2, stdout: "" });
    expect(broken.stderr).toContain("broken.json:1:3: ");
    expect(existsSync(join(cwd, ".keywarden/baseline.json"))).toBe(false);
    expect(leaksIn(unknown.stderr + broken.stderr, old)).toEqual([]);
  });
});
