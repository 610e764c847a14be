// Commits and tags in, what stands in their messages and headers out, and commits as rows of a history.

import { parseCommit } from "../../base/git/commit.ts";
import { none } from "../../base/git/pack-forest.ts";
import { failed } from "../../base/git/unpacker.ts";
import type { Part } from "../../model/blob.ts";
import { TextBatch } from "../../scan/text-batch.ts";
import { joined, Numbers } from "./rows.ts";
import type { CommitRows, FoundObject } from "./share.ts";
import type { Workshop } from "./workshop.ts";

/** A part of a commit or tag, as it is scanned. */
export interface TextPart {
  readonly part: Part;
  readonly bytes: Uint8Array;
}

/** Headers that hold no words of people: signatures, and the tags that were merged, whose messages are scanned apart. */
const skippedHeaders = /^(?:gpgsig|gpgsig-sha256|mergetag)$/;

/** What of a commit (without its first headers, or whole) is scanned: who made it and other headers, then its messages. */
export function commitParts(bytes: Uint8Array): TextPart[] {
  const { message, tagMessages } = parseCommit(bytes);
  const headers = headersOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), /^(?:tree|parent)$/);
  return [
    { part: "author", bytes: headers },
    { part: "message", bytes: message },
    ...tagMessages.map((tag) => ({ part: "message" as const, bytes: tag })),
  ];
}

/** What of an annotated tag is scanned: its name and tagger, then its message. */
export function tagParts(bytes: Uint8Array): TextPart[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const blank = buffer.indexOf("\n\n");
  const message = buffer.subarray(blank < 0 ? buffer.length : blank + 2);
  return [
    { part: "author", bytes: headersOf(buffer, /^(?:object|type)$/) },
    { part: "tag", bytes: message },
  ];
}

function headersOf(bytes: Buffer, without: RegExp): Buffer {
  const blank = bytes.indexOf("\n\n");
  const lines = bytes.toString("latin1", 0, blank < 0 ? bytes.length : blank).split("\n");
  let keeps = true;
  const kept = lines.filter((line) => {
    if (!line.startsWith(" ")) {
      const name = line.slice(0, Math.max(0, line.indexOf(" ")));
      keeps = !without.test(name) && !skippedHeaders.test(name);
    }
    return keeps;
  });
  return Buffer.from(kept.join("\n"), "latin1");
}

/** Takes commits and tags as they come, in batches. */
export class TextAudit {
  readonly #workshop: Workshop;
  readonly #batch: TextBatch<{ readonly object: number; readonly isTag: boolean }>;
  readonly #found: FoundObject[];
  readonly #objects = new Numbers();
  readonly #trees = new Numbers();
  readonly #times: number[] = [];
  readonly #parentCounts = new Numbers();
  readonly #parents = new Numbers();
  readonly #tags = new Numbers();

  /** Finds are put into `found`. */
  constructor(workshop: Workshop, found: FoundObject[]) {
    this.#workshop = workshop;
    this.#found = found;
    this.#batch = new TextBatch(workshop.scanner.bench, ({ object, isTag }, bytes) => {
      for (const { part, bytes: text } of isTag ? tagParts(bytes) : commitParts(bytes)) this.#scan(object, part, text);
    });
  }

  /** Takes the commit of `size` bytes at `at`; `free` is scratch. False when it is damaged. */
  commit(object: number, place: { readonly at: number; readonly size: number; readonly free: number }): boolean {
    const { unpacker } = this.#workshop;
    const { at, size, free } = place;
    unpacker.ensure(free + size + 1024);
    const parents = unpacker.calls.readCommit(at, size, free) >>> 0;
    if (parents === failed) return false;
    const row = free / 4;
    const { words } = unpacker;
    this.#objects.push(object);
    this.#times.push(unpacker.view(free, 8).readDoubleLE());
    this.#trees.push(words[row + 3] as number);
    this.#parentCounts.push(parents);
    for (let index = 0; index < parents; index++) this.#parents.push(words[row + 5 + index] as number);
    const rest = words[row + 2] as number;
    this.#batch.add({ object, isTag: false }, unpacker.bytes.subarray(at + rest, at + size));
    return true;
  }

  /** Takes the annotated tag of `size` bytes at `at`. */
  tag(object: number, place: { readonly at: number; readonly size: number; readonly free: number }): void {
    const { unpacker } = this.#workshop;
    const bytes = unpacker.view(place.at, place.size);
    const [, hex] = /^object ([0-9a-f]{40,64})\n/.exec(bytes.toString("latin1", 0, 80)) ?? [];
    const id = hex === undefined ? undefined : Buffer.from(hex, "hex");
    this.#batch.add({ object, isTag: true }, bytes);
    if (id === undefined) return;
    unpacker.ensure(place.free + 128);
    unpacker.bytes.set(id, place.free);
    const target = unpacker.calls.placeOf(place.free) >>> 0;
    if (target !== none) {
      this.#tags.push(object);
      this.#tags.push(target);
    }
  }

  /** Ends the batch under way: finds of what was taken so far are in `found` afterwards. */
  flush(): void {
    this.#batch.flush();
  }

  /** The commits taken so far, as rows. */
  rows(): CommitRows {
    return {
      objects: this.#objects.take(),
      trees: this.#trees.take(),
      times: Float64Array.from(this.#times),
      parentCounts: this.#parentCounts.take(),
      parents: this.#parents.take(),
    };
  }

  /** Pairs of tag and what it names. */
  tags(): Uint32Array {
    return joined([this.#tags.take()]);
  }

  #scan(object: number, part: Part, bytes: Uint8Array): void {
    const scanned = this.#workshop.scanner.scanBytes(bytes);
    if (scanned.matches.length > 0) this.#found.push({ object, part, scanned });
  }
}
