// Objects that the threads could not read in, what git gives of them out; the rest is named, each with its reason.

import { ObjectReader, streamObject } from "../../base/git/cat-file.ts";
import type { ObjectAnswer } from "../../base/git/cat-file.ts";
import { parseCommit } from "../../base/git/commit.ts";
import type { GitPlace } from "../../base/git/environment.ts";
import { ObjectType } from "../../base/git/pack-forest.ts";
import { NONE } from "../../base/merge-ids.ts";
import type { Problem } from "../../model/blob.ts";
import { ContentScanner } from "../content-scanner.ts";
import type { ObjectAccess } from "./access.ts";
import type { ObjectFinder } from "./graph.ts";
import type { ObjectTable } from "./objects.ts";
import { Numbers } from "./rows.ts";
import { Seal } from "./seal.ts";
import type { GivenObject } from "./seal.ts";
import type { AuditShare, CommitRows, FailedObject, FoundObject, TreeRows } from "./share.ts";
import { commitParts, tagParts } from "./texts.ts";

/** More objects than this are not asked for one by one: git is started anew for each that it cannot read. */
const mostAsked = 4096;

/** What came of the objects that were left over. */
export interface Leftovers {
  readonly found: readonly FoundObject[];
  readonly commits: CommitRows;
  readonly trees: TreeRows;
  /** Numbers of the objects that git gave. */
  readonly byGit: readonly number[];
  readonly damaged: readonly number[];
  readonly tooLarge: readonly number[];
  /** Gone since they were listed, and nowhere else. */
  readonly vanished: readonly number[];
  readonly problems: readonly Problem[];
}

interface Tools {
  readonly place: GitPlace;
  readonly share: AuditShare;
  readonly table: ObjectTable;
  readonly access: ObjectAccess;
  readonly finder: ObjectFinder;
  readonly signal?: AbortSignal | undefined;
}

/** Asks git for each failed object once. */
export async function readLeftovers(failed: readonly FailedObject[], tools: Tools): Promise<Leftovers> {
  const gatherer = new Gatherer(tools);
  const reasons = new Map<number, FailedObject>();
  for (const failure of failed) if (!reasons.has(failure.object)) reasons.set(failure.object, failure);
  const asked = [...reasons.values()].filter(({ kind }) => kind !== "bomb" && kind !== "internal").slice(0, mostAsked);
  const byHex = new Map(asked.map((failure) => [tools.access.hex(failure.object), failure]));
  if (byHex.size > 0) {
    const reader = new ObjectReader(tools.place, { signal: tools.signal });
    try {
      for await (const answer of reader.read([...byHex.keys()])) {
        const { object } = byHex.get(answer.id) as FailedObject;
        const taken = await gatherer.take(object, answer);
        if (taken === "whole") reasons.delete(object);
        if (taken === "altered")
          reasons.set(object, { object, kind: "damaged", why: "its contents are not those of its id" });
      }
    } finally {
      reader.close();
    }
  }
  // What claims to be a bomb in one pack, where its index points astray, may be sound in another.
  for (const { object, kind } of [...reasons.values()].slice(0, mostAsked))
    if (kind !== "internal" && (await takeCopy(object, gatherer, tools))) reasons.delete(object);
  for (const failure of reasons.values()) gatherer.name(failure);
  return gatherer.result();
}

/** Takes another copy of an object that git gave up on at the first, where some pack has one. */
async function takeCopy(object: number, gatherer: Gatherer, { access }: Tools): Promise<boolean> {
  for (const { type, bytes } of access.copies(object)) {
    const answer = { kind: "object", id: access.hex(object), type, size: bytes.length, bytes } as const;
    if ((await gatherer.take(object, answer)) === "whole") return true;
  }
  return false;
}

class Gatherer {
  readonly #tools: Tools;
  readonly #found: FoundObject[] = [];
  readonly #byGit: number[] = [];
  readonly #damaged: number[] = [];
  readonly #tooLarge: number[] = [];
  readonly #vanished: number[] = [];
  readonly #problems: Problem[] = [];
  readonly #commits = {
    objects: new Numbers(),
    trees: new Numbers(),
    times: [] as number[],
    counts: new Numbers(),
    parents: new Numbers(),
  };
  readonly #trees = { objects: new Numbers(), counts: new Numbers(), children: new Numbers(), names: new Numbers() };
  readonly #holds = { trees: new Numbers(), blobs: new Numbers(), names: new Numbers() };
  #scanner: ContentScanner | undefined;

  constructor(tools: Tools) {
    this.#tools = tools;
  }

  /**
   * Scans what git gave. `nothing`: it gave nothing, or ended in the middle of it. `altered`: it gave what cannot have
   * the object's id; git does not look at that when it reads.
   */
  async take(object: number, answer: ObjectAnswer): Promise<"whole" | "altered" | "nothing"> {
    if (answer.kind === "missing") return "nothing";
    const seal = new Seal(answer);
    const type = (ObjectType as Readonly<Record<string, number>>)[answer.type] ?? 0;
    this.#tools.table.kinds[object] = type;
    try {
      if (type === ObjectType.blob) await this.#blob(object, answer, seal);
      else if (answer.bytes === undefined) return "nothing";
      else if (type === ObjectType.tree) this.#tree(object, Buffer.from(answer.bytes));
      else this.#text(object, answer.bytes, type === ObjectType.commit);
    } catch {
      // A stream that ended early: the object is named as one that cannot be read.
      return "nothing";
    }
    if (seal.isBroken()) return "altered";
    this.#byGit.push(object);
    return "whole";
  }

  /** Names an object that nobody could read. */
  name({ object, kind, why }: FailedObject): void {
    const id = this.#tools.access.hex(object);
    if (kind === "bomb" || kind === "large") {
      this.#tooLarge.push(object);
      const message =
        kind === "bomb" ? "claims to be far larger than its packed bytes allow" : "is too large to be read";
      this.#problems.push({
        kind: "git-object",
        message: `object ${id} ${message}`,
        hint: "It was left out. Look at it with: git cat-file -s",
      });
      return;
    }
    if (kind === "internal") {
      this.#problems.push({
        kind: "internal",
        message: `object ${id} could not be scanned to its end (${why})`,
        hint: "This is a defect in keywarden. Please report it.",
      });
      return;
    }
    (kind === "vanished" ? this.#vanished : this.#damaged).push(object);
    const reason = kind === "no-base" ? "the object that it is stored as a change of is missing" : why;
    this.#problems.push({
      kind: "git-object",
      message: `object ${id} cannot be read${reason === "" ? "" : `: ${reason}`}`,
      hint: "git fsck tells more. Fetch it again from another clone.",
    });
  }

  result(): Leftovers {
    const { objects, trees, times, counts, parents } = this.#commits;
    return {
      found: this.#found,
      commits: {
        objects: objects.take(),
        trees: trees.take(),
        times: Float64Array.from(times),
        parentCounts: counts.take(),
        parents: parents.take(),
      },
      trees: {
        objects: this.#trees.objects.take(),
        childCounts: this.#trees.counts.take(),
        children: this.#trees.children.take(),
        childNames: this.#trees.names.take(),
        holdTrees: this.#holds.trees.take(),
        holdBlobs: this.#holds.blobs.take(),
        holdNames: this.#holds.names.take(),
      },
      byGit: this.#byGit,
      damaged: this.#damaged,
      tooLarge: this.#tooLarge,
      vanished: this.#vanished,
      problems: this.#problems,
    };
  }

  async #blob(object: number, answer: GivenObject, seal: Seal): Promise<void> {
    this.#scanner ??= new ContentScanner(this.#tools.share.setup);
    const { place, signal } = this.#tools;
    const content =
      answer.bytes === undefined
        ? { kind: "stream" as const, read: () => seal.through(streamObject(place, answer.id)) }
        : { kind: "bytes" as const, bytes: answer.bytes };
    const { scanned, problem } = await this.#scanner.scanPatiently({ content, provenance: [] }, signal);
    if (problem !== undefined || scanned === undefined) throw new Error("ended early");
    if (scanned.matches.length > 0) this.#found.push({ object, part: "file", scanned });
  }

  #text(object: number, bytes: Uint8Array, isCommit: boolean): void {
    this.#scanner ??= new ContentScanner(this.#tools.share.setup);
    for (const { part, bytes: text } of isCommit ? commitParts(bytes) : tagParts(bytes)) {
      const scanned = this.#scanner.scanBytes(text);
      if (scanned.matches.length > 0) this.#found.push({ object, part, scanned });
    }
    if (!isCommit) return;
    const { finder } = this.#tools;
    const head = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
    const { parents } = parseCommit(bytes);
    this.#commits.objects.push(object);
    this.#commits.trees.push(finder.byHex(/^tree ([0-9a-f]+)$/m.exec(head)?.[1] ?? ""));
    this.#commits.times.push(Number(/^committer .*> (-?\d+) /m.exec(head)?.[1] ?? 0));
    this.#commits.counts.push(parents.length);
    for (const parent of parents) this.#commits.parents.push(finder.byHex(parent));
  }

  #tree(object: number, bytes: Buffer): void {
    const { finder, table, access } = this.#tools;
    this.#trees.objects.push(object);
    let count = 0;
    for (let at = 0; at < bytes.length;) {
      const space = bytes.indexOf(0x20, at);
      const end = bytes.indexOf(0, space);
      if (space < 0 || end < 0) break;
      const key = access.nameKey(bytes.subarray(space + 1, end));
      const entry = finder.byId(bytes.subarray(end + 1, end + 1 + table.idBytes));
      if (bytes.toString("latin1", at, space) === "40000") {
        this.#trees.children.push(entry);
        this.#trees.names.push(key);
        count++;
      } else if (entry !== NONE) {
        this.#holds.trees.push(object);
        this.#holds.blobs.push(entry);
        this.#holds.names.push(key);
      }
      at = end + 1 + table.idBytes;
    }
    this.#trees.counts.push(count);
  }
}
