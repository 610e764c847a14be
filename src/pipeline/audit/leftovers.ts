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
import { isPointer } from "./blobs.ts";
import { GivenTrees } from "./given-trees.ts";
import type { ObjectFinder } from "./graph.ts";
import type { ObjectTable } from "./objects.ts";
import { joined, Numbers } from "./rows.ts";
import { Seal } from "./seal.ts";
import type { GivenObject } from "./seal.ts";
import type { AuditShare, CommitRows, FailedObject, FoundObject, TreeRows } from "./share.ts";
import { commitParts, tagParts } from "./texts.ts";

/** More objects than this, besides those that went away, are not asked for: git is started anew for each it cannot read. */
const mostAsked = 4096;

/** What came of the objects that were left over. */
export interface Leftovers {
  readonly found: readonly FoundObject[];
  readonly commits: CommitRows;
  readonly trees: TreeRows;
  /** Hex ids of the blobs in those trees that are not here. */
  readonly missing: readonly string[];
  /** Pairs of annotated tag and what it names. */
  readonly tags: Uint32Array;
  /** Blobs that only point at a content elsewhere. */
  readonly pointers: Uint32Array;
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
  const asked = chooseAsked([...reasons.values()]);
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

/** All that went away, which git has in a pack by now, and some of the others. */
function chooseAsked(failed: readonly FailedObject[]): FailedObject[] {
  const others = failed.filter(({ kind }) => kind !== "vanished" && kind !== "bomb" && kind !== "internal");
  return [...failed.filter(({ kind }) => kind === "vanished"), ...others.slice(0, mostAsked)];
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
  readonly #tags = new Numbers();
  readonly #pointers = new Numbers();
  readonly #trees: GivenTrees;
  readonly #scanner: ContentScanner;

  constructor(tools: Tools) {
    const { table, finder, access } = tools;
    this.#tools = tools;
    this.#scanner = new ContentScanner(tools.share.setup);
    this.#trees = new GivenTrees({ idBytes: table.idBytes, finder, access }, this.#scanner, this.#found);
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
      else if (type === ObjectType.tree) this.#trees.take(object, Buffer.from(answer.bytes));
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
    const { rows, missing } = this.#trees.result();
    return {
      found: this.#found,
      commits: {
        objects: objects.take(),
        trees: trees.take(),
        times: Float64Array.from(times),
        parentCounts: counts.take(),
        parents: parents.take(),
      },
      trees: rows,
      missing,
      tags: joined([this.#tags.take()]),
      pointers: joined([this.#pointers.take()]),
      byGit: this.#byGit,
      damaged: this.#damaged,
      tooLarge: this.#tooLarge,
      vanished: this.#vanished,
      problems: this.#problems,
    };
  }

  async #blob(object: number, answer: GivenObject, seal: Seal): Promise<void> {
    const { place, signal } = this.#tools;
    const content =
      answer.bytes === undefined
        ? { kind: "stream" as const, read: () => seal.through(streamObject(place, answer.id)) }
        : { kind: "bytes" as const, bytes: answer.bytes };
    const { scanned, problem } = await this.#scanner.scanPatiently({ content, provenance: [] }, signal);
    if (problem !== undefined || scanned === undefined) throw new Error("ended early");
    if (scanned.matches.length > 0) this.#found.push({ object, part: "file", scanned });
    if (answer.bytes !== undefined && isPointer(Buffer.from(answer.bytes))) this.#pointers.push(object);
  }

  #text(object: number, bytes: Uint8Array, isCommit: boolean): void {
    const { finder, access } = this.#tools;
    access.keep(object, Buffer.from(bytes));
    for (const { part, bytes: text } of isCommit ? commitParts(bytes) : tagParts(bytes)) {
      const scanned = this.#scanner.scanBytes(text);
      if (scanned.matches.length > 0) this.#found.push({ object, part, scanned });
    }
    const head = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
    if (!isCommit) {
      const target = finder.byHex(/^object ([0-9a-f]+)\n/.exec(head)?.[1] ?? "");
      if (target === NONE) return;
      this.#tags.push(object);
      this.#tags.push(target);
      return;
    }
    const { parents } = parseCommit(bytes);
    this.#commits.objects.push(object);
    this.#commits.trees.push(finder.byHex(/^tree ([0-9a-f]+)$/m.exec(head)?.[1] ?? ""));
    this.#commits.times.push(Number(/^committer .*> (-?\d+) /m.exec(head)?.[1] ?? 0));
    this.#commits.counts.push(parents.length);
    for (const parent of parents) this.#commits.parents.push(finder.byHex(parent));
  }
}
