// Audits of one repository, one after the other: what is read again, that nothing is told otherwise, what is remembered.

import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, describe, expect, test } from "vitest";

import type { Report } from "../../src/index.ts";
import { auditOf, fillerStream, fingerprintsOf, toldOf, unseenOf } from "../helpers/audit-rig.ts";
import { leaksIn, tokenOf } from "../helpers/cli-tokens.ts";
import { GitRepo, removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";
import { buildHidingPlaces } from "../helpers/hiding-places.ts";
import { remembering, tellingOf } from "../helpers/remembered-audit.ts";

afterAll(removeTemporary);

const token = (seed: string): string => tokenOf("ofself.access-token", `cache ${seed}`);

function all({ coverage: { objects } }: Report): number {
  const { commits = 0, trees = 0, blobs = 0, tags = 0 } = objects ?? {};
  return commits + trees + blobs + tags;
}

/** How many objects were looked at. */
const read = (report: Report): number => all(report) - (report.coverage.objects?.cached ?? 0);

const subjectsOf = (repo: GitRepo) => (commit: string) => repo.git("log", "-1", "--format=%s", commit);

async function tell(report: Report, repo: GitRepo, value: string) {
  const print = (await fingerprintsOf([value])).get(value);
  const finding = report.verdicts.find((one) => one.finding.fingerprint === print)?.finding;
  return finding === undefined ? undefined : toldOf(finding, subjectsOf(repo));
}

/** A few commits with a token that is gone again, loose or packed. */
function sample(isPacked: boolean): GitRepo {
  const repo = GitRepo.create();
  repo.commit("add one", { "a/b/one.txt": `T=${token("one")}\n`, "a/c/other.txt": "x\n", "top.txt": "x\n" });
  repo.commit("take one out", { "a/b/one.txt": "clean\n" });
  if (isPacked) repo.git("gc", "-q");
  return repo;
}

describe.each([
  ["loose", false],
  ["packed", true],
])("an audit after another, %s", (_, isPacked) => {
  test("reads only what holds something, and tells the same", async () => {
    const { audit } = remembering(sample(isPacked));
    const first = await audit();
    const second = await audit();
    expect(first.coverage.objects?.cached).toBe(0);
    expect(read(second)).toBe(1);
    expect(tellingOf(second)).toBe(tellingOf(first));
    const third = await audit();
    expect(tellingOf(third)).toBe(tellingOf(first));
  });

  test("reads what is new, which may stand in trees beside known ones", async () => {
    const repo = sample(isPacked);
    const { audit } = remembering(repo);
    await audit();
    repo.commit("add two", { "a/b/two.txt": `T=${token("two")}\n` });
    repo.commit("more", { "top.txt": "y\n" });
    if (isPacked) repo.git("gc", "-q");
    const report = await audit();
    // The blob of the first token; two commits; four trees; two blobs.
    expect(read(report)).toBe(1 + 2 + 4 + 2);
    expect(await tell(report, repo, token("two"))).toMatchObject({
      exposure: "tip",
      introduced: "add two a/b/two.txt",
      presence: ["add two.."],
    });
    expect(await tell(report, repo, token("one"))).toMatchObject({
      exposure: "history",
      introduced: "add one a/b/one.txt",
      presence: ["add one..take one out"],
    });
    expect(tellingOf(report)).toBe(tellingOf(await auditOf(repo.dir)));
  });

  test("a file that moved gets its new place, in trees that are new and in known ones", async () => {
    const repo = sample(isPacked);
    const { audit } = remembering(repo);
    repo.commit("again", { "a/b/one.txt": `T=${token("one")}\n` });
    await audit();
    repo.git("mv", "a/b/one.txt", "top level.txt");
    repo.commit("moved");
    repo.git("mv", "a", "z");
    repo.commit("around");
    const report = await audit();
    expect(await tell(report, repo, token("one"))).toMatchObject({
      exposure: "tip",
      introduced: "add one a/b/one.txt",
      presence: ["add one..take one out", "again.."],
      places: ["a/b/one.txt (file) add one", "top level.txt (file)", "top level.txt (file) moved"],
    });
    expect(tellingOf(report)).toBe(tellingOf(await auditOf(repo.dir)));
  });

  test("refs that came and went", async () => {
    const repo = sample(isPacked);
    const { audit } = remembering(repo);
    repo.git("checkout", "-q", "-b", "side");
    repo.commit("on the side", { "side.txt": `T=${token("side")}\n` });
    repo.git("checkout", "-q", "main");
    expect(await tell(await audit(), repo, token("side"))).toMatchObject({ exposure: "tip" });
    repo.git("branch", "-D", "side");
    expect(await tell(await audit(), repo, token("side"))).toMatchObject({ exposure: "reflog", refs: [] });
    repo.git("reflog", "expire", "--expire=all", "--all");
    expect(await tell(await audit(), repo, token("side"))).toMatchObject({ exposure: "dangling" });
    repo.git("gc", "-q", "--prune=now");
    const last = await audit();
    expect(await tell(last, repo, token("side"))).toBeUndefined();
    expect(tellingOf(last)).toBe(tellingOf(await auditOf(repo.dir)));
  });

  test("other rules, or settings that could change a result, start anew; back again, too", async () => {
    const { audit } = remembering(sample(isPacked));
    const first = await audit();
    for (const settings of [{ except: ["slack"] }, { maxDecodeDepth: 1 }])
      expect((await audit({ settings })).coverage.objects?.cached).toBe(0);
    const last = await audit();
    expect(tellingOf(last)).toBe(tellingOf(first));
  });

  test("a level of confidence is no reason to read again", async () => {
    const { audit } = remembering(sample(isPacked));
    await audit();
    const strict = await audit({ settings: { minConfidence: "low" } });
    expect(read(strict)).toBe(1);
  });
});

test("every hiding place is told of the second time as the first", async () => {
  const { repo, tokens } = buildHidingPlaces();
  repo.run(["fast-import", "--quiet"], { input: fillerStream("filler", 40, 60) });
  const { audit, folder } = remembering(repo);
  const first = await audit({ settings: { jobs: 2 } });
  const second = await audit({ settings: { jobs: 2 } });
  expect(tellingOf(second)).toBe(tellingOf(first));
  expect(read(second)).toBeLessThan(80);
  repo.git("repack", "-q", "-a", "-d", "-k");
  const third = await audit();
  expect(tellingOf(third)).toBe(tellingOf(first));
  expect(read(third)).toBe(read(second));
  const [file = "", ...others] = readdirSync(folder);
  expect([statSync(folder).mode & 0o777, others]).toEqual([0o700, []]);
  const content = readFileSync(join(folder, file));
  expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
  const text = content.toString("latin1");
  expect(leaksIn(text, Object.values(tokens))).toEqual([]);
  for (const name of ["Ann", "evil.txt", "main", "refs/", repo.dir, "COMMIT_MSG"]) expect(text).not.toContain(name);
});

test("pointers of Git LFS and what is not seen are counted each time", async () => {
  const repo = sample(false);
  repo.commit("large", {
    "a.bin": `version https://git-lfs.github.com/spec/v1\noid sha256:${"a".repeat(64)}\nsize 9\n`,
  });
  const { audit } = remembering(repo);
  for (const _ of [1, 2, 3]) expect(unseenOf(await audit(), "lfs")).toBe(1);
});

test("nothing is remembered of an audit that did not see everything, or was narrow", async () => {
  const origin = sample(false);
  const dir = join(temporaryFolder(), "clone");
  origin.git("clone", "-q", "--depth=1", `file://${origin.dir}`, dir);
  const shallow = remembering(new GitRepo(dir));
  const narrow = remembering(origin);
  await shallow.audit();
  await narrow.audit({ refs: ["main"] });
  await narrow.audit({ paths: ["a/**"] });
  await narrow.audit({ cache: false });
  for (const { folder } of [shallow, narrow]) expect(() => readdirSync(folder)).toThrow(/ENOENT/);
});

test("a cache that is damaged or not ours is replaced, and no reason for anything else", async () => {
  const repo = sample(true);
  const { audit, folder, names, forget } = remembering(repo);
  const first = tellingOf(await audit());
  const [name = ""] = names("objects");
  const file = join(folder, name);
  const good = readFileSync(file);
  const flipped = (at: number) => {
    const bytes = Buffer.from(good);
    bytes[at] = (bytes[at] as number) ^ 1;
    return bytes;
  };
  for (const bytes of [Buffer.alloc(0), good.subarray(0, -1), flipped(5), flipped(good.length - 9), flipped(400)]) {
    writeFileSync(file, bytes);
    forget("unchanged");
    const report = await audit();
    expect(report.coverage.objects?.cached).toBe(0);
    expect(tellingOf(report)).toBe(first);
    expect(read(await audit())).toBe(1);
  }
  rmSync(folder, { recursive: true });
  writeFileSync(folder, "a file");
  expect(tellingOf(await audit())).toBe(first);
});

test("two audits at once, and many", async () => {
  const repo = sample(false);
  repo.run(["fast-import", "--quiet"], { input: fillerStream("filler", 20, 30) });
  const { audit, folder } = remembering(repo);
  const reports = await Promise.all([audit(), audit(), audit(), audit()]);
  expect(new Set(reports.map(tellingOf)).size).toBe(1);
  expect(readdirSync(folder)).toHaveLength(2);
  expect(read(await audit())).toBe(1);
});
