// A repository in, what a full scan of every object in it gives, and what an audit gives, in the same words out.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mergeSettings } from "../../src/config/merge.ts";
import { chooseKey } from "../../src/findings/key.ts";
import type { Scanned } from "../../src/model/match.ts";
import { findObjectFolders, findPlaces } from "../../src/base/git/object-folders.ts";
import { openObjectStore } from "../../src/base/git/object-store.ts";
import { auditObjects } from "../../src/pipeline/audit/audit.ts";
import { Crew } from "../../src/pipeline/audit/crew.ts";
import { walkLimits } from "../../src/pipeline/audit/limits.ts";
import { planAudit } from "../../src/pipeline/audit/plan.ts";
import { commitParts, tagParts } from "../../src/pipeline/audit/texts.ts";
import { chooseRules } from "../../src/pipeline/choose-rules.ts";
import { setupOf } from "../../src/pipeline/collect-findings.ts";
import { ContentScanner } from "../../src/pipeline/content-scanner.ts";
import type { ScanSetup } from "../../src/pipeline/scan-setup.ts";
import { factsOf } from "./scan-rig.ts";

/** What is found, by `id part`; what stands in names of files, by a hash of itself, since trees share names. */
export type Finds = Map<string, readonly string[]>;

/** One side of a comparison. */
export interface Side {
  readonly finds: Finds;
  readonly objects: number;
  readonly bytes: number;
  readonly matches: number;
  /** What could not be read, in the audit's words. */
  readonly problems: readonly string[];
}

/** One object as git gives it. */
export interface GivenObject {
  readonly id: string;
  readonly type: string;
  readonly bytes: Buffer;
}

/** All that is told of what was found in one content, as one line. */
function lineOf(scanned: Scanned): string {
  const matches = scanned.matches.map((match) => ({
    ...factsOf(match),
    frame: match.frame,
    masked: match.secret.masked,
    severity: match.severity,
  }));
  return JSON.stringify({ matches, directives: scanned.directives });
}

/** Every object, as `git cat-file --batch-all-objects` streams them. */
export async function* everyObject(dir: string, env: NodeJS.ProcessEnv): AsyncGenerator<GivenObject> {
  const git = spawn("git", ["--no-replace-objects", "cat-file", "--batch-all-objects", "--batch", "--buffer"], {
    cwd: dir,
    env: { ...env, GIT_NO_LAZY_FETCH: "1" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const held: Buffer[] = [];
  let size = 0;
  const take = (count: number): Buffer => {
    const all = held.length === 1 ? (held[0] as Buffer) : Buffer.concat(held, size);
    held.splice(0, held.length, all.subarray(count));
    size -= count;
    return all.subarray(0, count);
  };
  let head: { readonly id: string; readonly type: string; readonly length: number } | undefined;
  for await (const chunk of git.stdout as AsyncIterable<Buffer>) {
    held.push(chunk);
    size += chunk.length;
    for (;;) {
      if (head === undefined) {
        if (held.length > 1) held.splice(0, held.length, Buffer.concat(held, size));
        const end = (held[0] ?? Buffer.alloc(0)).indexOf(0x0a);
        if (end < 0) break;
        const [id = "", type = "", length = "0"] = take(end + 1)
          .toString("latin1", 0, end)
          .split(" ");
        head = { id, type, length: Number(length) };
      }
      if (size <= head.length) break;
      const bytes = take(head.length + 1).subarray(0, head.length);
      const { id, type } = head;
      head = undefined;
      yield { id, type, bytes };
    }
  }
  if (head !== undefined) throw new Error(`git ended in the middle of ${head.id}`);
}

/** The names in a tree, one after the other. */
function* namesOf(tree: Buffer, idBytes: number): Generator<Buffer> {
  for (let at = 0; at < tree.length;) {
    const start = tree.indexOf(0x20, at) + 1;
    const end = tree.indexOf(0, start);
    yield tree.subarray(start, end);
    at = end + 1 + idBytes;
  }
}

function add(finds: Finds, key: string, line: string): void {
  finds.set(key, [...(finds.get(key) ?? []), line].toSorted());
}

/** A name that holds something is told once, wherever it stands. */
function nameKey(line: string): string {
  return `${createHash("sha256").update(line).digest("hex").slice(0, 16)} name`;
}

/** Different names may look the same in what is told of them. */
function oncePerName(finds: Finds): void {
  for (const [key, lines] of finds) if (key.endsWith(" name")) finds.set(key, lines.slice(0, 1));
}

/** Scans every object whole. */
export async function scanEveryObject(objects: AsyncIterable<GivenObject>, setup: ScanSetup): Promise<Side> {
  const scanner = new ContentScanner(setup);
  const finds: Finds = new Map();
  const names = new Set<string>();
  const side = { objects: 0, bytes: 0, matches: 0 };
  const take = (key: (line: string) => string, bytes: Uint8Array) => {
    const scanned = scanner.scanBytes(bytes);
    if (scanned.matches.length === 0) return;
    const line = lineOf(scanned);
    side.matches += scanned.matches.length;
    add(finds, key(line), line);
  };
  for await (const { id, type, bytes } of objects) {
    side.objects++;
    side.bytes += bytes.length;
    if (type === "blob") take(() => `${id} file`, bytes);
    else if (type === "tree") {
      for (const name of namesOf(bytes, id.length / 2)) {
        const text = name.toString("latin1");
        if (names.has(text)) continue;
        names.add(text);
        take(nameKey, name);
      }
    } else
      for (const { part, bytes: text } of type === "commit" ? commitParts(bytes) : tagParts(bytes))
        take(() => `${id} ${part}`, text);
  }
  oncePerName(finds);
  return { finds, ...side, problems: [] };
}

/** How the audit is run. */
export interface AuditBy {
  readonly dir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly jobs: number;
  readonly now: number;
}

/** The setup that both sides share. */
export async function everyRule({ jobs, now }: Pick<AuditBy, "jobs" | "now">) {
  const settings = mergeSettings({}, { jobs });
  const chosen = await chooseRules(settings);
  const setup = setupOf({ settings, now, key: chooseKey({}), keepValues: false }, chosen);
  return { settings, setup, rulesHash: chosen.ruleSet.hash };
}

/** Audits the objects of a repository, without its working tree and without what is known from earlier. */
export async function auditEveryObject(by: AuditBy): Promise<Side> {
  const { settings, setup, rulesHash } = await everyRule(by);
  const { dir, env, now } = by;
  const scope = { refs: [], paths: [], worktree: false };
  const request = { root: dir, bare: true, shown: ".", settings, scope, env, now, cache: false };
  const { blobs, objects, problems } = await auditObjects(request, { setup, rulesHash });
  const finds: Finds = new Map();
  let matches = 0;
  for (const { provenance, scanned } of blobs) {
    if (scanned === undefined || scanned.matches.length === 0) continue;
    matches += scanned.matches.length;
    const line = lineOf(scanned);
    const { part = "file", object = "" } = provenance[0] ?? {};
    add(finds, part === "name" ? nameKey(line) : `${object} ${part}`, line);
  }
  oncePerName(finds);
  const { bytes, blobs: blobCount, commits, trees, tags } = objects;
  return {
    finds,
    objects: blobCount + commits + trees + tags,
    bytes,
    matches,
    problems: problems.map(({ message }) => message),
  };
}

/** The same by the threads alone, whatever their number: nothing is asked of git, and nothing is told of places. */
export async function auditByThreads(by: AuditBy): Promise<Pick<Side, "finds" | "problems">> {
  const { setup } = await everyRule(by);
  const place = { cwd: by.dir, repository: "discover", env: by.env } as const;
  const places = await findPlaces(place);
  const store = openObjectStore(findObjectFolders(places, place).folders, places.idBytes);
  const plan = planAudit(store, { setup, limits: walkLimits(undefined, by.jobs), seed: 0x9e3779b97f4a7c15n });
  const crew = new Crew(setup, by.jobs);
  try {
    crew.begin(plan.share);
    await crew.contents();
    await crew.trees({ blobs: new Uint32Array(0), names: new Uint32Array(0) });
    const finds: Finds = new Map();
    const names = new Set<string>();
    for (const { object, part, scanned } of crew.found) {
      const { idBytes } = plan.table;
      const id = Buffer.from(plan.share.ids.subarray(object * idBytes, (object + 1) * idBytes)).toString("hex");
      const line = lineOf(scanned);
      // A name may be met by each thread for itself.
      if (part === "name" && names.has(line)) continue;
      if (part === "name") names.add(line);
      add(finds, part === "name" ? nameKey(line) : `${id} ${part}`, line);
    }
    return { finds, problems: crew.failed.map(({ object, kind, why }) => `object ${object}: ${kind} ${why}`) };
  } finally {
    await crew.close();
    plan.close();
  }
}

/** Where two sides differ: `id part` with what is missing on either. */
export function differences(expected: Finds, actual: Finds): string[] {
  const keys = new Set([...expected.keys(), ...actual.keys()]);
  return [...keys].toSorted().flatMap((key) => {
    const left = expected.get(key) ?? [];
    const right = actual.get(key) ?? [];
    if (left.length === right.length && left.every((line, index) => line === right[index])) return [];
    const count = (lines: readonly string[]) =>
      lines.reduce((sum, line) => sum + (JSON.parse(line) as { matches: unknown[] }).matches.length, 0);
    return [`${key}: ${count(left)} matches in a full scan, ${count(right)} in the audit`];
  });
}
