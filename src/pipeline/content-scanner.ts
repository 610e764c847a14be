// A setup and blobs in, matches out, within one thread: reads files straight into the kernel's memory.

import { loadRegexEngine } from "../base/regex/engine.ts";
import { createFingerprinter } from "../findings/fingerprint.ts";
import { createKernel } from "../kernel/kernel.ts";
import type { Blob, Content, Part, Problem, Provenance } from "../model/blob.ts";
import type { Scanned } from "../model/match.ts";
import type { Rule } from "../model/rule.ts";
import { keywordsOf } from "../scan/keywords.ts";
import { contentStart } from "../scan/locate.ts";
import type { Origin } from "../scan/locate.ts";
import { overlapBytes, PieceScanner } from "../scan/pieces.ts";
import type { WholeWitness } from "../scan/scan-delta.ts";
import { Scanner } from "../scan/scanner.ts";
import type { Workbench } from "../scan/workbench.ts";
import { toUtf8 } from "../sources/encoding.ts";
import type { NativePath } from "../sources/native-path.ts";
import { readFileInto, readSegments } from "../sources/read-file.ts";
import type { ScanSetup } from "./scan-setup.ts";

/** One scanned content; `scanned` is absent when it could not be read. */
export interface ScannedBlob {
  readonly provenance: readonly Provenance[];
  /** Where it can be read again, if that was asked for and is possible. */
  readonly content?: Content;
  /** The git object, and the part of it, that it was read from. */
  readonly held?: { readonly object: string; readonly part: Part };
  readonly scanned?: Scanned;
  readonly problem?: Problem;
}

/** The kind of an unexpected error, never its text: that could hold what was scanned. */
function defective({ provenance }: Blob, error: unknown): ScannedBlob {
  const path = provenance[0]?.path ?? "";
  const kind = error instanceof Error ? error.name : typeof error;
  const problem: Problem = {
    kind: "internal",
    path,
    message: `${path} could not be scanned to its end (${kind})`,
    hint: "This is a defect in keywarden, or the content went away while it was read. Please report it if it stays.",
  };
  return { provenance, problem };
}

type FileSteps = Generator<undefined, Omit<ScannedBlob, "provenance">, boolean | undefined>;

function nextTurn(): Promise<void> {
  return new Promise((next) => setImmediate(next));
}

/** Contents up to this size are scanned whole, larger ones in pieces. */
const wholeBytes = 16 * 1024 * 1024;
/** Memory is given back after contents larger than this. */
const keepBytes = 4 * 1024 * 1024;

/** Scans blobs one after the other. Not re-entrant; one per thread. */
export class ContentScanner {
  readonly #scanner: Scanner;
  readonly #times = new Map<string, number>();

  constructor(setup: ScanSetup) {
    const enabled = (rule: Rule) => setup.enabled.has(rule.id);
    this.#scanner = new Scanner({
      rules: setup.rules,
      keywords: keywordsOf(setup.rules, enabled),
      isEnabled: enabled,
      makeKernel: () => createKernel(setup.tables, setup.wasm === undefined ? {} : { wasm: setup.wasm }),
      engine: loadRegexEngine(),
      fingerprint: createFingerprinter(setup.key),
      now: setup.now,
      maxDecodeDepth: setup.maxDecodeDepth,
      keepValues: setup.keepValues,
      ...(setup.timings ? { onRuleTime: (rule, ms) => this.#times.set(rule, (this.#times.get(rule) ?? 0) + ms) } : {}),
    });
  }

  /** Milliseconds spent on each rule since the last call, where the setup asked for it. */
  takeTimes(): ReadonlyMap<string, number> {
    const taken = new Map(this.#times);
    this.#times.clear();
    return taken;
  }

  /** Scans a blob whose content is a file or bytes. What goes wrong with one content is a problem of that one alone. */
  scan(blob: Blob): ScannedBlob {
    try {
      return this.#scan(blob);
    } catch (error) {
      return defective(blob, error);
    }
  }

  /** Scans any blob. Large files and streams let timers and signals through, and an abort ends them early. */
  async scanPatiently(blob: Blob, signal?: AbortSignal): Promise<ScannedBlob> {
    try {
      return await this.#scanPatiently(blob, signal);
    } catch (error) {
      return defective(blob, error);
    }
  }

  #scan(blob: Blob): ScannedBlob {
    const { content, provenance } = blob;
    if (content.kind === "stream") throw new TypeError("a stream is scanned by scanPatiently");
    if (content.kind === "bytes") return { provenance, scanned: this.scanBytes(content.bytes) };
    const steps = this.#fileSteps(content.file, provenance[0]?.path ?? "");
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    return { provenance, ...step.value };
  }

  async #scanPatiently(blob: Blob, signal?: AbortSignal): Promise<ScannedBlob> {
    const { content, provenance } = blob;
    if (content.kind === "bytes") return this.#scan(blob);
    if (content.kind === "stream") return { provenance, scanned: await this.#scanStream(content.read(), signal) };
    const steps = this.#fileSteps(content.file, provenance[0]?.path ?? "");
    let step = steps.next();
    for (; step.done !== true; step = steps.next(signal?.aborted === true)) await nextTurn();
    return { provenance, ...step.value };
  }

  async #scanStream(stream: AsyncIterable<Uint8Array>, signal?: AbortSignal): Promise<Scanned> {
    const held: Uint8Array[] = [];
    let bytes = 0;
    let pieces: PieceScanner | undefined;
    for await (const portion of stream) {
      if (signal?.aborted === true) break;
      bytes += portion.length;
      if (pieces === undefined) held.push(portion);
      else pieces.push(portion);
      if (pieces === undefined && bytes > wholeBytes) {
        pieces = new PieceScanner(this.#scanner);
        for (const earlier of held.splice(0)) pieces.push(earlier);
      }
    }
    return pieces === undefined ? this.scanBytes(Buffer.concat(held)) : pieces.end();
  }

  /** Scans a file, with a pause after each portion of a large one; an answer of true ends it there. */
  *#fileSteps(file: NativePath, path: string): FileSteps {
    let room: Uint8Array = new Uint8Array(0);
    const into = (size: number) => (room = this.#scanner.room(size));
    const read = readFileInto(file, into, { path, maxBytes: wholeBytes });
    if (read.kind === "failed") return { problem: read.problem };
    if (read.kind === "large") return yield* this.#largeFileSteps(file, path);
    const scanned = this.#scanRoom(room, read.length);
    return read.problem === undefined ? { scanned } : { scanned, problem: read.problem };
  }

  *#largeFileSteps(file: NativePath, path: string): FileSteps {
    const pieces = new PieceScanner(this.#scanner);
    const buffer = Buffer.allocUnsafe(overlapBytes);
    const segments = readSegments(file, { path, segmentBytes: buffer.length, overlapBytes: 0, into: () => buffer });
    let step = segments.next();
    let stopped: boolean | undefined = false;
    for (; step.done !== true && stopped !== true; step = segments.next()) {
      pieces.push(step.value.bytes);
      stopped = yield;
    }
    segments.return(undefined);
    const scanned = pieces.end();
    return step.done !== true || step.value === undefined ? { scanned } : { scanned, problem: step.value };
  }

  /** What the scanner works with, for those who ask it other questions. */
  get bench(): Workbench {
    return this.#scanner.bench;
  }

  /** Scans bytes of any number; the witness, if there is one, hears what was met. Throws nothing that it can help. */
  scanBytes(bytes: Uint8Array, witness?: WholeWitness): Scanned {
    if (bytes.length > wholeBytes) {
      witness?.spoil();
      const pieces = new PieceScanner(this.#scanner);
      pieces.push(bytes);
      return pieces.end();
    }
    const room = this.#scanner.room(bytes.length);
    room.set(bytes);
    return this.#scanRoom(room, bytes.length, witness);
  }

  /** Scans what stands in the room; text in UTF-16 or UTF-32 is put there anew as UTF-8. */
  #scanRoom(room: Uint8Array, length: number, witness?: WholeWitness): Scanned {
    const utf8 = mayBeWide(room) ? toUtf8(room.subarray(0, length)) : undefined;
    let scanned: Scanned;
    if (utf8 === undefined) scanned = this.#scanner.scan({ length, origin: startOf(room) }, witness);
    else {
      witness?.spoil();
      this.#scanner.room(utf8.bytes.length).set(utf8.bytes);
      scanned = this.#scanner.scan({ length: utf8.bytes.length, encodings: ["utf-16"] });
    }
    if (length > keepBytes) this.#scanner.release();
    return scanned;
  }
}

/** The first column comes after a byte order mark of UTF-8, as editors count. */
function startOf(bytes: Uint8Array): Origin {
  const isMarked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return isMarked ? { ...contentStart, column: -1 } : contentStart;
}

/** A byte order mark of UTF-16 or UTF-32, or a NUL among the first two characters. */
function mayBeWide(bytes: Uint8Array): boolean {
  const [first = 1, second = 1, third = 1, fourth = 1] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  return first === 0 || second === 0 || third === 0 || fourth === 0;
}
