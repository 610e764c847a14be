// A part of a repository, audited: refs, dates, paths and the work tree; what is left out is counted and not told of.

import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { SourceError } from "../../src/index.ts";
import type { AuditOptions, Report } from "../../src/index.ts";
import { auditOf, fingerprintsOf, toldOf, unseenOf } from "../helpers/audit-rig.ts";
import { tokenOf } from "../helpers/cli-tokens.ts";
import { GitRepo, removeTemporary } from "../helpers/git-repo.ts";

afterAll(removeTemporary);

const places = ["old", "new", "side", "tagged", "dangling", "worktree", "deep", "message"] as const;
const token = (place: (typeof places)[number]): string => tokenOf("ofself.access-token", `scope ${place}`);
const line = (place: (typeof places)[number]): string => `T=${token(place)}\n`;

let repo: GitRepo;
let byPrint: ReadonlyMap<string, string>;

function commitAt(date: string, message: string, files: Readonly<Record<string, string>>): string {
  const own = new GitRepo(repo.dir, { ...repo.env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date });
  return own.commit(message, files);
}

beforeAll(async () => {
  repo = GitRepo.create();
  commitAt("2025-01-01T00:00:00Z", "old", { "old.txt": line("old"), "keep.txt": "x\n" });
  commitAt("2026-02-01T00:00:00Z", "new", { "new.txt": line("new"), "src/deep/a.txt": line("deep"), "old.txt": "" });
  repo.git("checkout", "-q", "-b", "side");
  commitAt("2026-02-02T00:00:00Z", `side\n\n${line("message")}`, { "side.txt": line("side") });
  repo.git("checkout", "-q", "main");
  repo.git("checkout", "-q", "--detach");
  const tagged = commitAt("2026-02-03T00:00:00Z", "tagged", { "tagged.txt": line("tagged") });
  repo.git("tag", "-a", "v1", "-m", "v1", tagged);
  repo.git("checkout", "-q", "main");
  repo.run(["hash-object", "-w", "--stdin"], { input: line("dangling") });
  repo.write("src/worktree.txt", line("worktree"));
  const prints = await fingerprintsOf(places.map(token));
  byPrint = new Map(places.map((place) => [prints.get(token(place)) as string, place]));
});

/** The places whose tokens are told of, in the order of `places`. */
function told(report: Report): string[] {
  const met = new Set(report.verdicts.map(({ finding }) => byPrint.get(finding.fingerprint)));
  return places.filter((place) => met.has(place));
}

describe("what is in scope", () => {
  test.each<[what: string, options: AuditOptions, wants: readonly string[], isNarrow: boolean]>([
    ["everything", {}, [...places], false],
    ["no work tree", { worktree: false }, places.filter((place) => place !== "worktree"), false],
    ["one branch", { refs: ["main"], worktree: false }, ["old", "new", "deep"], true],
    ["one branch, its work tree read", { refs: ["main"] }, ["old", "new", "worktree", "deep"], true],
    [
      "another, by its whole name",
      { refs: ["refs/heads/side"], worktree: false },
      ["old", "new", "side", "deep", "message"],
      true,
    ],
    ["an annotated tag", { refs: ["v1"], worktree: false }, ["old", "new", "tagged", "deep"], true],
    ["two refs", { refs: ["side", "v1"], worktree: false }, ["old", "new", "side", "tagged", "deep", "message"], true],
    [
      "since a day",
      { since: new Date("2026-01-01T00:00:00Z"), worktree: false },
      ["new", "side", "tagged", "deep", "message"],
      true,
    ],
    [
      "since a moment",
      { since: new Date("2026-02-01T12:00:00Z"), worktree: false },
      ["side", "tagged", "message"],
      true,
    ],
    [
      "since a moment, on one branch",
      { since: new Date("2026-02-01T12:00:00Z"), refs: ["main"], worktree: false },
      [],
      true,
    ],
    ["paths", { paths: ["src/**"] }, ["worktree", "deep"], true],
    ["a path and a branch", { paths: ["old.txt"], refs: ["main"], worktree: false }, ["old"], true],
    ["several paths", { paths: ["*.txt"], worktree: false }, ["old", "new", "side", "tagged", "message"], true],
  ])("%s", async (_, options, wants, isNarrow) => {
    const report = await auditOf(repo.dir, options);
    expect(told(report)).toEqual(wants);
    expect(report.problems).toEqual([]);
    expect(report.coverage.complete).toBe(true);
    const { commits = 0, trees = 0, blobs = 0, tags = 0 } = report.coverage.objects ?? {};
    const count = repo.git("cat-file", "--batch-all-objects", "--batch-check").split("\n").length;
    const out = unseenOf(report, "out-of-scope");
    expect(commits + trees + blobs + tags + out).toBe(count);
    expect(out > 0).toBe(isNarrow);
  });

  test.each(["src", "src/deep"])("from the folder %s it is the same repository and the same globs", async (folder) => {
    mkdirSync(join(repo.dir, folder), { recursive: true });
    const report = await auditOf(join(repo.dir, folder), { paths: ["src/**"] });
    expect(told(report)).toEqual(["worktree", "deep"]);
  });

  test.each(["src/deep/*", "**/a.txt"])("include and exclude leave places out: %s", async (glob) => {
    expect(told(await auditOf(repo.dir, { settings: { exclude: [glob] } }))).toEqual(
      places.filter((place) => place !== "deep"),
    );
    expect(told(await auditOf(repo.dir, { settings: { include: [glob] }, worktree: false }))).toContain("deep");
  });
});

describe("history is told of as if everything was in scope", () => {
  const known = ["aside", "there"] as const;
  const values = Object.fromEntries(known.map((name) => [name, tokenOf("ofself.access-token", `scope ${name}`)]));
  let own: GitRepo;
  const at = (day: number, message: string, files: Readonly<Record<string, string>>) => {
    const date = `2026-03-${String(day).padStart(2, "0")}T00:00:00Z`;
    const env = { ...own.env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date };
    return new GitRepo(own.dir, env).commit(message, files);
  };
  beforeAll(() => {
    own = GitRepo.create();
    at(1, "first", { "x.txt": "x\n" });
    at(2, "add", { "src/a.txt": `T=${values["aside"]}\n`, "src/b.txt": `T=${values["there"]}\n` });
    at(3, "elsewhere", { "x.txt": "y\n" });
    at(4, "take out", { "src/a.txt": "clean\n" });
    at(5, "elsewhere again", { "x.txt": "z\n" });
  });

  test.each<[what: string, options: AuditOptions]>([
    ["everything", {}],
    ["a path", { paths: ["src/**"] }],
    ["a branch", { refs: ["main"] }],
    ["a branch and a path", { refs: ["main"], paths: ["src/*.txt"] }],
    ["since before", { since: new Date("2026-03-01T12:00:00Z") }],
    ["since before, and a path", { since: new Date("2026-03-01T12:00:00Z"), paths: ["src/**"] }],
  ])("%s", async (_, options) => {
    const report = await auditOf(own.dir, { worktree: false, ...options });
    const subject = (commit: string) => own.git("log", "-1", "--format=%s", commit);
    const tells = report.verdicts.map(({ finding }) => toldOf(finding, subject));
    const refs = ["branch:1:main"];
    expect(tells.toSorted((a, b) => (a.exposure < b.exposure ? -1 : 1))).toEqual([
      {
        exposure: "history",
        introduced: "add src/a.txt",
        presence: ["add..take out"],
        refs,
        tips: [],
        places: ["src/a.txt (file) add"],
      },
      {
        exposure: "tip",
        introduced: "add src/b.txt",
        presence: ["add.."],
        refs,
        tips: refs,
        places: ["src/b.txt (file) add"],
      },
    ]);
    expect(report.verdicts.map(({ finding }) => finding.origin?.mayBeOlder)).toEqual([false, false]);
  });
});

describe("what is refused", () => {
  test.each<[what: string, options: AuditOptions, says: RegExp]>([
    ["a ref that is none", { refs: ["nowhere"] }, /knows no such ref: "nowhere"/],
    ["an option in a ref's place", { refs: ["--all"] }, /knows no such ref: "--all"/],
    ["a range", { refs: ["main..side"] }, /knows no such ref/],
    ["an empty ref", { refs: [""] }, /knows no such ref: ""/],
    ["one good ref, one bad", { refs: ["main", "refs/heads/gone"] }, /no such ref: "refs\/heads\/gone"/],
  ])("%s", async (_, options, says) => {
    const error: unknown = await auditOf(repo.dir, options).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SourceError);
    expect(error).toMatchObject({
      message: expect.stringMatching(says) as unknown,
      hint: "git for-each-ref lists all of them.",
    });
  });
});
