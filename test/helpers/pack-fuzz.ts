// Small repositories in which every object holds a token in, damage to their packs done and what an audit must say of it out.

import { execFileSync, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jsonOf, start } from "./cli-run.ts";
import type { CliResult } from "./cli-run.ts";
import { fingerprintsOf } from "./audit-rig.ts";
import { tokenOf } from "./cli-tokens.ts";
import { gitTestEnv } from "./git-repo.ts";

/** Whole numbers, the same for the same seed. */
class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed * 2_654_435_761 + 97) >>> 0;
  }

  /** From 0 to before `count`. */
  below(count: number): number {
    this.#state = (Math.imul(this.#state ^ (this.#state >>> 15), 2_246_822_519) + 0x9e3779b9) >>> 0;
    const mixed = Math.imul(this.#state ^ (this.#state >>> 13), 3_266_489_917) >>> 0;
    return Math.floor((mixed / 2 ** 32) * count);
  }
}

/** A sound repository, and what must be found in each of its objects. */
export interface Subject {
  readonly dir: string;
  /** Blobs and commits by id: the fingerprint of the token in each, and a hash of its bytes. */
  readonly objects: ReadonlyMap<string, { readonly fingerprint: string; readonly hash: string }>;
}

const hashOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

function git(dir: string, args: readonly string[], input?: string | Buffer): Buffer {
  return execFileSync("git", args, {
    cwd: dir,
    env: gitTestEnv,
    input: input ?? "",
    maxBuffer: 2 ** 28,
    stdio: "pipe",
  });
}

function fileText(dice: Dice, size: number): string[] {
  const isNoise = dice.below(4) === 0;
  return Array.from({ length: size }, (_, line) => {
    const noise = hashOf(Buffer.from(`${dice.below(2 ** 30)} ${line}`)).slice(0, 60);
    return isNoise ? `row ${noise}-${noise.slice(7)}` : `line ${line} of ${dice.below(40)}, nothing to see`;
  });
}

/** Makes a repository with chains of deltas in packs of one kind or another. */
export async function makeSubject(seed: number): Promise<Subject> {
  const dice = new Dice(seed);
  const dir = mkdtempSync(join(tmpdir(), "keywarden-fuzz-"));
  const format = dice.below(4) === 0 ? "sha256" : "sha1";
  git(dir, ["init", "-q", "--bare", `--object-format=${format}`]);
  const tokens: string[] = [];
  const token = (): string => {
    tokens.push(tokenOf("ofself.access-token", `fuzz ${seed} ${tokens.length}`));
    return tokens.at(-1) as string;
  };
  const files = Array.from({ length: 4 }, () => fileText(dice, [3, 40, 150, 600][dice.below(4)] as number));
  const stream: string[] = [];
  for (let commit = 1; commit <= 12; commit++) {
    const message = `commit ${commit}\n\nkey ${token()} is out\n`;
    stream.push(`commit refs/heads/main`, `mark :${commit}`, `committer Carl <carl@example.com> ${1e9 + commit} +0000`);
    stream.push(`data ${message.length}`, message);
    for (let changes = 0; changes < 3; changes++) {
      const at = dice.below(files.length);
      const lines = files[at] as string[];
      lines[dice.below(lines.length)] = `changed ${dice.below(1e6)}`;
      if (dice.below(3) === 0) lines.splice(dice.below(lines.length), dice.below(6), ...fileText(dice, 4));
      const text = `${[...lines.slice(0, 20), `key ${token()} here`, ...lines.slice(20)].join("\n")}\n`;
      stream.push(`M 100644 inline d${at % 2}/f${at}`, `data ${text.length}`, text);
    }
  }
  const half = Math.floor(stream.length / 2);
  const cut = stream.findIndex((line, index) => index > half && line.startsWith("commit refs"));
  git(dir, ["-c", "fastimport.unpackLimit=1", "fast-import", "--quiet"], `${stream.slice(0, cut).join("\n")}\n`);
  const later = stream.slice(cut);
  later.splice(later.findIndex((line) => line.startsWith("data ")) + 2, 0, "from refs/heads/main^0");
  git(dir, ["-c", `fastimport.unpackLimit=${dice.below(2) * 1000}`, "fast-import", "--quiet"], `${later.join("\n")}\n`);
  pack(dir, dice);
  return { dir, objects: await expectedOf(dir, tokens) };
}

function pack(dir: string, dice: Dice): void {
  const kind = dice.below(5);
  if (kind === 1) git(dir, ["repack", "-q", "-adf", "--depth=50", "--window=50"]);
  if (kind === 2) git(dir, ["-c", "pack.indexVersion=1", "repack", "-q", "-adf", "--depth=10"]);
  if (kind === 3) git(dir, ["pack-objects", "-q", "--all", "--delta-base-offset", "objects/pack/pack"]);
  if (kind === 4) git(dir, ["repack", "-q", "-adf", "--no-write-bitmap-index"]);
  if (dice.below(3) === 0) git(dir, ["multi-pack-index", "write"]);
}

async function expectedOf(dir: string, tokens: readonly string[]): Promise<Subject["objects"]> {
  const fingerprints = await fingerprintsOf(tokens);
  const ids = git(dir, ["cat-file", "--batch-all-objects", "--batch-check=%(objectname)"])
    .toString()
    .trim()
    .split("\n");
  const given = readEach(dir, ids);
  const objects = new Map<string, { fingerprint: string; hash: string }>();
  for (const [id, bytes] of given) {
    const [, found] = /(?:key )(\S{40,}) (?:here|is out)/.exec(bytes.toString("latin1")) ?? [];
    const fingerprint = found === undefined ? undefined : fingerprints.get(found);
    if (fingerprint !== undefined) objects.set(id, { fingerprint, hash: hashOf(bytes) });
  }
  return objects;
}

/** What git gives of each object; where it dies of one, it is asked for the rest anew. */
function readEach(dir: string, ids: readonly string[]): Map<string, Buffer> {
  const given = new Map<string, Buffer>();
  let left = ids;
  while (left.length > 0) {
    const ran = spawnSync("git", ["cat-file", "--batch"], {
      cwd: dir,
      env: gitTestEnv,
      input: `${left.join("\n")}\n`,
      maxBuffer: 2 ** 28,
      timeout: 20_000,
    });
    const { stdout } = ran;
    let at = 0;
    let answered = 0;
    for (; answered < left.length; answered++) {
      const end = stdout.indexOf(0x0a, at);
      if (end < 0) break;
      const line = stdout.toString("latin1", at, end);
      const [id = "", type, size] = line.split(" ");
      at = end + 1;
      if (size === undefined || type === "missing") continue;
      if (at + Number(size) + 1 > stdout.length) break;
      given.set(id, stdout.subarray(at, at + Number(size)));
      at += Number(size) + 1;
    }
    if (answered >= left.length) break;
    // The one that it died of.
    left = left.slice(answered + 1);
  }
  return given;
}

/** Files whose damage is tried: packs and indexes, and now and then a loose object. */
function targets(dir: string): string[] {
  const packs = readdirSync(join(dir, "objects/pack")).map((name) => `objects/pack/${name}`);
  const folder = readdirSync(join(dir, "objects")).find((name) => name.length === 2);
  const inFolder = folder === undefined ? [] : readdirSync(join(dir, "objects", folder));
  return [
    ...packs.filter((path) => /\.(?:pack|idx)$|multi-pack-index$/.test(path)),
    ...inFolder.map((name) => `objects/${folder}/${name}`),
  ];
}

function withTrailer(bytes: Buffer, idBytes: number): Buffer {
  const body = bytes.subarray(0, Math.max(0, bytes.length - idBytes));
  return Buffer.concat([
    body,
    createHash(idBytes === 20 ? "sha1" : "sha256")
      .update(body)
      .digest(),
  ]);
}

function spoil(bytes: Buffer, dice: Dice): readonly [Buffer, string] {
  const at = dice.below(bytes.length);
  const to = dice.below(bytes.length);
  const length = 1 + dice.below(dice.below(3) === 0 ? 400 : 8);
  const spoilt = Buffer.from(bytes);
  switch (dice.below(7)) {
    case 0:
      spoilt[at] = (spoilt[at] as number) ^ (1 << dice.below(8));
      return [spoilt, `flip a bit at ${at}`];
    case 1:
      for (let index = 0; index < length && at + index < spoilt.length; index++) spoilt[at + index] = dice.below(256);
      return [spoilt, `write ${length} bytes at ${at}`];
    case 2:
      return [spoilt.subarray(0, at), `cut at ${at}`];
    case 3: {
      const other = Buffer.from(spoilt.subarray(to, to + length));
      spoilt.copyWithin(to, at, at + length);
      other.copy(spoilt, at);
      return [spoilt, `swap ${length} bytes at ${at} and ${to}`];
    }
    case 4:
      return [
        spoilt.fill(dice.below(2) * 255, at, Math.min(at + length, spoilt.length)),
        `fill ${length} bytes at ${at}`,
      ];
    case 5:
      return [
        Buffer.concat([spoilt.subarray(0, at), spoilt.subarray(at + length)]),
        `take ${length} bytes at ${at} out`,
      ];
    default:
      return [
        Buffer.concat([spoilt.subarray(0, at), spoilt.subarray(to, to + length), spoilt.subarray(at)]),
        `put ${length} bytes in at ${at}`,
      ];
  }
}

/** Damages a copy of the repository and says how; sometimes a checksum is made anew, as someone with intent would. */
function damage(subject: Subject, dice: Dice): { readonly dir: string; readonly deeds: readonly string[] } {
  const dir = mkdtempSync(join(tmpdir(), "keywarden-fuzz-"));
  cpSync(subject.dir, dir, { recursive: true });
  const idBytes = [...subject.objects.keys()][0]?.length === 64 ? 32 : 20;
  const paths = targets(dir);
  const deeds: string[] = [];
  for (let count = 1 + dice.below(3); count > 0; count--) {
    const path = paths[dice.below(paths.length)] as string;
    const bytes = readFileSync(join(dir, path));
    if (bytes.length === 0) continue;
    const [spoilt, deed] = spoil(bytes, dice);
    const isSealed = /pack\//.test(path) && dice.below(4) === 0;
    chmodSync(join(dir, path), 0o644);
    writeFileSync(join(dir, path), isSealed ? withTrailer(spoilt, idBytes) : spoilt);
    deeds.push(`${path} (${statSync(join(dir, path)).size} bytes): ${deed}${isSealed ? ", checksum made anew" : ""}`);
  }
  return { dir, deeds };
}

function peakOf(pid: number | undefined): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    // It has ended, or there is no /proc here.
    return 0;
  }
}

/** Runs the built audit on a damaged repository: what it answered, and the most mebibytes that it took. */
async function auditDamaged(dir: string): Promise<{ readonly result: CliResult; readonly mebibytes: number }> {
  const args = ["audit", ".", "--no-cache", "--no-worktree", "--jobs", "2", "--format", "json"];
  const { child, result } = start(args, { cwd: dir });
  let mebibytes = 0;
  const timer = setInterval(() => (mebibytes = Math.max(mebibytes, peakOf(child.pid))), 25);
  try {
    return { result: await result, mebibytes };
  } finally {
    clearInterval(timer);
  }
}

/** An audit of so small a repository may take this much. */
const mostMebibytes = 450;

/** What is wrong with an audit's answer; empty when all is well. */
function faultsOf(
  subject: Subject,
  dir: string,
  { result, mebibytes }: Awaited<ReturnType<typeof auditDamaged>>,
): string[] {
  const { code, signal, stderr, milliseconds } = result;
  if (code === null) return [`ended by ${signal} after ${Math.round(milliseconds)} ms: ${stderr.slice(0, 300)}`];
  const faults: string[] = [];
  if (mebibytes > mostMebibytes) faults.push(`took ${Math.round(mebibytes)} MiB`);
  if (/^\s+at .*:\d+|Error:|defect/m.test(stderr)) faults.push(`a stack or a defect: ${stderr.slice(0, 600)}`);
  const readable = readEach(dir, [...subject.objects.keys()]);
  if (code === 2) return readable.size === 0 ? faults : [...faults, `refused: ${stderr.slice(0, 300)}`];
  const report = jsonOf(result);
  const found = new Set(report.findings.map(({ fingerprint }) => fingerprint));
  const said = JSON.stringify([report.problems, report.coverage]);
  if (/"internal"|defect/.test(said)) faults.push(`a defect: ${said.slice(0, 400)}`);
  const isIndexNamed = /\.idx|multi-pack-index|\.pack/.test(JSON.stringify(report.problems));
  let lost = 0;
  for (const [id, { fingerprint, hash }] of subject.objects) {
    if (found.has(fingerprint)) continue;
    lost++;
    const bytes = readable.get(id);
    if (bytes !== undefined && hashOf(bytes) === hash) faults.push(`${id} is sound and was not scanned`);
    else if (!said.includes(id) && !isIndexNamed) faults.push(`${id} is damaged and was not named`);
  }
  const isQuiet = report.problems.length === 0;
  if (lost > 0 && isQuiet) faults.push(`${lost} objects were lost without a word`);
  const wanted = report.findings.length > 0 ? 1 : isQuiet ? 0 : 3;
  if (code !== wanted) faults.push(`exit code ${code} instead of ${wanted}`);
  return faults;
}

/** Removes what was made for one trial. */
export function removeFolder(dir: string): void {
  rmSync(dir, { recursive: true, force: true });
}

/** One trial: a subject damaged in a way that follows from the seed. */
export async function tryDamage(
  subject: Subject,
  seed: number,
): Promise<{ readonly deeds: readonly string[]; readonly faults: readonly string[]; readonly mebibytes: number }> {
  const { dir, deeds } = damage(subject, new Dice(seed));
  try {
    const outcome = await auditDamaged(dir);
    return { deeds, faults: faultsOf(subject, dir, outcome), mebibytes: outcome.mebibytes };
  } finally {
    removeFolder(dir);
  }
}
