// Damaged repositories, impossible packs, and packs that are written anew meanwhile: what is lost is named, the rest is read.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deflateSync } from "node:zlib";

import { afterAll, describe, expect, test } from "vitest";

import type { Report } from "../../src/index.ts";
import { auditOf, fillerStream, fingerprintsOf, unseenOf } from "../helpers/audit-rig.ts";
import { tokenOf } from "../helpers/cli-tokens.ts";
import { deltaOf } from "../helpers/git-delta.ts";
import { GitRepo, removeTemporary } from "../helpers/git-repo.ts";
import { packIndexBytes } from "../helpers/pack-index-bytes.ts";
import { packBytes } from "../helpers/pack-writer.ts";
import type { WrittenEntry } from "../helpers/pack-writer.ts";
import { processorClock } from "../helpers/processor-clock.ts";

afterAll(removeTemporary);

const token = (seed: string): string => tokenOf("ofself.access-token", `damage ${seed}`);

/** A repository in one pack, with a token in every blob and every commit's message. */
interface Planted {
  readonly repo: GitRepo;
  /** By object id. */
  readonly tokens: ReadonlyMap<string, string>;
  readonly pack: string;
  readonly prints: ReadonlyMap<string, string>;
}

async function plant(): Promise<Planted> {
  const repo = GitRepo.create();
  const tokens = new Map<string, string>();
  const stream: string[] = [];
  const prose = Array.from({ length: 120 }, (_, line) => `line ${line}: nothing here\n`).join("");
  for (let commit = 0; commit < 12; commit++) {
    const message = `m\n\nT=${token(`message ${commit}`)}\n`;
    stream.push("commit refs/heads/main", `mark :${commit + 1}`);
    stream.push("committer Carl <carl@example.com> 1700000000 +0000", `data ${message.length}`, message);
    if (commit > 0) stream.push(`from :${commit}`);
    for (const file of ["a", "b"]) {
      const text = `${prose.slice(0, 400 * commit)}T=${token(`${file} ${commit}`)}\n${prose.slice(400 * commit)}`;
      stream.push(`M 100644 inline dir/${file}.txt`, `data ${text.length}`, text);
    }
  }
  repo.run(["fast-import", "--quiet"], { input: `${stream.join("\n")}\n` });
  repo.git("repack", "-q", "-a", "-d", "-f");
  for (let commit = 0; commit < 12; commit++) {
    const rev = `main~${11 - commit}`;
    tokens.set(repo.git("rev-parse", rev), token(`message ${commit}`));
    for (const file of ["a", "b"])
      tokens.set(repo.git("rev-parse", `${rev}:dir/${file}.txt`), token(`${file} ${commit}`));
  }
  const folder = join(repo.dir, ".git/objects/pack");
  for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o644);
  const name = readdirSync(folder).find((each) => each.endsWith(".pack")) ?? "";
  return { repo, tokens, pack: join(folder, name), prints: await fingerprintsOf([...tokens.values()]) };
}

/** Objects whose token was not found, and those that problems name. */
function lost({ tokens, prints }: Planted, report: Report): { unfound: string[]; named: Set<string> } {
  const met = new Set(report.verdicts.map(({ finding }) => finding.fingerprint));
  const unfound = [...tokens].filter(([, value]) => !met.has(prints.get(value) as string)).map(([id]) => id);
  const named = report.problems.flatMap(({ message }) => /^object ([0-9a-f]{40}) /.exec(message)?.[1] ?? []);
  return { unfound, named: new Set(named) };
}

/** Whether git gives the object, and its bytes are those of its id. */
function isReadable(repo: GitRepo, id: string): boolean {
  try {
    const type = repo.git("cat-file", "-t", id);
    const body = Buffer.from(repo.run(["cat-file", "-p", id]), "latin1");
    // Trees are shown, not given; for all others the text is the content, but for its last line break.
    if (type === "tree") return true;
    return [body, Buffer.concat([body, Buffer.from("\n")])].some(
      (bytes) => createHash("sha1").update(`${type} ${bytes.length}\0`).update(bytes).digest("hex") === id,
    );
  } catch {
    return false;
  }
}

describe("a damaged pack", () => {
  test("single bits: what cannot be read is named, and nothing else", async () => {
    const planted = await plant();
    const { repo, pack } = planted;
    const whole = readFileSync(pack);
    expect(lost(planted, await auditOf(repo.dir)).unfound).toEqual([]);
    let damaged = 0;
    for (let round = 0; round < 6; round++) {
      const bytes = Buffer.from(whole);
      const at = 12 + (createHash("sha1").update(`flip ${round}`).digest().readUInt32BE() % (whole.length - 32));
      bytes[at] = (bytes[at] as number) ^ (1 << (round % 8));
      writeFileSync(pack, bytes);
      const report = await auditOf(repo.dir);
      const { unfound, named } = lost(planted, report);
      expect([round, unfound.filter((id) => !named.has(id))]).toEqual([round, []]);
      expect([round, [...named].filter((id) => isReadable(repo, id))]).toEqual([round, []]);
      expect([round, report.coverage.complete, report.problems.length > 0]).toEqual([round, false, true]);
      expect(unseenOf(report, "damaged")).toBeGreaterThanOrEqual(named.size);
      damaged += unfound.length;
    }
    expect(damaged).toBeGreaterThan(0);
  });

  test.each([0.2, 0.5, 0.95])("cut after %f of its bytes", async (part) => {
    const planted = await plant();
    const bytes = readFileSync(planted.pack);
    truncateSync(planted.pack, Math.floor(bytes.length * part));
    const report = await auditOf(planted.repo.dir);
    const { unfound, named } = lost(planted, report);
    expect(unfound.filter((id) => !named.has(id))).toEqual([]);
    expect(report.coverage.complete).toBe(false);
    expect(unfound.length).toBeGreaterThan(0);
    expect(unfound.length).toBeLessThan(planted.tokens.size);
  });

  test.each<[what: string, spoil: (index: string) => void, says: RegExp]>([
    ["no index", (index) => rmSync(index), /git index-pack/],
    ["an empty index", (index) => truncateSync(index, 0), /\.idx/],
    ["half an index", (index) => truncateSync(index, Math.floor(readFileSync(index).length / 2)), /\.idx/],
  ])("%s", async (_, spoil, says) => {
    const { repo, pack } = await plant();
    spoil(pack.replace(/pack$/, "idx"));
    const report = await auditOf(repo.dir);
    expect(report.coverage.complete).toBe(false);
    expect(report.problems.map(({ message }) => message).join("\n")).toMatch(says);
    expect(report.verdicts).toEqual([]);
  });

  test("single bits of its index", async () => {
    const planted = await plant();
    const index = planted.pack.replace(/pack$/, "idx");
    const whole = readFileSync(index);
    for (let round = 0; round < 6; round++) {
      const bytes = Buffer.from(whole);
      const at = createHash("sha1").update(`index ${round}`).digest().readUInt32BE() % whole.length;
      bytes[at] = (bytes[at] as number) ^ (1 << (round % 8));
      writeFileSync(index, bytes);
      const report = await auditOf(planted.repo.dir);
      expect([round, report.coverage.complete, report.problems.length > 0]).toEqual([round, false, true]);
    }
  });

  test("loose objects: cut, flipped, empty, not to be opened", async () => {
    const repo = GitRepo.create();
    const ids = ["cut", "flipped", "empty", "whole"].map((name) =>
      repo.run(["hash-object", "-w", "--stdin"], { input: `${"x\n".repeat(300)}T=${token(name)}\n` }),
    ) as [string, string, string, string];
    const fileOf = (id: string) => join(repo.dir, ".git/objects", id.slice(0, 2), id.slice(2));
    for (const id of ids) chmodSync(fileOf(id), 0o644);
    truncateSync(fileOf(ids[0]), 20);
    const bytes = readFileSync(fileOf(ids[1]));
    bytes[30] = (bytes[30] as number) ^ 4;
    writeFileSync(fileOf(ids[1]), bytes);
    truncateSync(fileOf(ids[2]), 0);
    const report = await auditOf(repo.dir);
    expect(report.verdicts).toHaveLength(1);
    expect(unseenOf(report, "damaged")).toBe(3);
    const messages = report.problems.map(({ message }) => message);
    for (const id of ids.slice(0, 3)) expect(messages.filter((message) => message.includes(id))).toHaveLength(1);
    expect(messages.join()).not.toContain(ids[3]);
  });
});

/** A repository whose only pack is written by hand. The ids of its objects are made up. */
function withPack(entries: readonly WrittenEntry[]): { repo: GitRepo; ids: string[] } {
  const repo = GitRepo.create();
  const ids = entries.map((_, place) => createHash("sha1").update(`object ${place}`).digest());
  const { bytes, offsets, crcs } = packBytes(entries);
  const rows = ids.map((id, place) => ({ id, offset: offsets[place] as number, crc: crcs[place] as number }));
  const folder = join(repo.dir, ".git/objects/pack");
  mkdirSync(folder, { recursive: true });
  const name = join(folder, `pack-${"ab".repeat(20)}`);
  writeFileSync(`${name}.pack`, bytes);
  writeFileSync(
    `${name}.idx`,
    packIndexBytes(
      rows.toSorted((a, b) => Buffer.compare(a.id, b.id)),
      20,
    ),
  );
  return { repo, ids: ids.map((id) => id.toString("hex")) };
}

const zeros = Buffer.alloc(1024 * 1024);
const good = (seed: string): WrittenEntry => ({ type: 3, body: Buffer.from(`T=${token(seed)}\n`) });
const copies = (count: number) => Array.from({ length: count }, () => ({ from: 0, length: zeros.length }));

describe("packs that claim more than they hold", () => {
  test.each<[what: string, bomb: readonly WrittenEntry[]]>([
    ["a size in the header", [{ type: 3, body: Buffer.from("small"), size: 10 * 2 ** 30 }]],
    ["a size beyond all numbers", [{ type: 3, body: Buffer.from("small"), size: 2 ** 52 }]],
    [
      "a delta that copies a megabyte again and again",
      [
        { type: 3, body: zeros },
        { type: 6, body: deltaOf(zeros.length, copies(5000)), base: 0 },
      ],
    ],
    [
      "a delta that only says so",
      [
        { type: 3, body: Buffer.from("base") },
        { type: 6, body: Buffer.from([4, 0xff, 0xff, 0xff, 0xff, 0x7f, 0x90, 4]), base: 0 },
      ],
    ],
    [
      "a delta with a size in its header",
      [
        { type: 3, body: Buffer.from("base") },
        { type: 6, body: Buffer.from([4, 4, 0x90, 4]), base: 0, size: 2 ** 33 },
      ],
    ],
    ["a tree", [{ type: 2, body: Buffer.alloc(10), size: 2 ** 31 }]],
    ["a commit", [{ type: 1, body: Buffer.alloc(10), size: 2 ** 31 }]],
    [
      "a chain of deltas, each a hundred times its base",
      [
        { type: 3, body: zeros.subarray(0, 65_536) },
        ...[0, 1, 2].map((step) => ({
          type: 6,
          base: step,
          body: deltaOf(
            65_536 * 100 ** step,
            Array.from({ length: 100 }, () => ({ from: 0, length: 65_536 * 100 ** step })),
          ),
        })),
      ],
    ],
  ])("%s", async (_, bomb) => {
    const { repo, ids } = withPack([
      good("before"),
      ...bomb.map((entry) => (typeof entry.base === "number" ? { ...entry, base: entry.base + 1 } : entry)),
      good("after"),
    ]);
    const before = process.memoryUsage().rss;
    const spent = processorClock();
    const report = await auditOf(repo.dir, { settings: { jobs: 1 } });
    expect(spent()).toBeLessThan(8000);
    expect(process.memoryUsage().rss - before).toBeLessThan(400 * 2 ** 20);
    expect(report.verdicts.length).toBe(2);
    const worst = ids.at(-2) as string;
    const told = report.problems.map(({ message }) => message).filter((message) => message.includes(worst));
    expect(told).toHaveLength(1);
    expect(report.coverage.complete).toBe(false);
  });

  test.each([10, 10 * 2 ** 30])("a loose object that says it has %d bytes and has others", async (size) => {
    const repo = GitRepo.create();
    const id = "ab".repeat(20);
    mkdirSync(join(repo.dir, ".git/objects/ab"));
    const body = Buffer.concat([Buffer.from(`blob ${size}\0`), Buffer.alloc(64 * 2 ** 20)]);
    writeFileSync(join(repo.dir, ".git/objects/ab", id.slice(2)), deflateSync(body));
    const report = await auditOf(repo.dir);
    expect(report.problems.map(({ message }) => message).join()).toContain(id);
    expect(report.coverage.complete).toBe(false);
  });
});

test("packs that are written anew again and again while audits run: nothing is lost, nothing is damage", async () => {
  const planted = await plant();
  const { repo } = planted;
  repo.run(["fast-import", "--quiet"], { input: fillerStream("filler", 60, 60) });
  repo.write("loose.txt", `T=${token("loose")}\n`);
  repo.commit("loose");
  const loop =
    "while :; do git repack -q -a -d -f; git unpack-objects -q < /dev/null 2>&1; git gc -q --prune=now; done";
  const child = spawn("sh", ["-c", loop], { cwd: repo.dir, env: repo.env, stdio: "ignore", detached: true });
  const ended = new Promise((resolve) => child.on("close", resolve));
  try {
    for (let round = 0; round < 5; round++) {
      const report = await auditOf(repo.dir, { settings: { jobs: 1 + (round % 2) } });
      expect([round, lost(planted, report).unfound, report.problems, report.coverage.complete]).toEqual([
        round,
        [],
        [],
        true,
      ]);
    }
  } finally {
    process.kill(-(child.pid as number), "SIGKILL");
    await ended;
  }
}, 60_000);
