// Turns a file into bytes in a buffer of the caller's, whole or in segments, and never blocks on a pipe.

import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

import type { Problem } from "../model/blob.ts";
import type { NativePath } from "./native-path.ts";
import { fileProblem, notAFile } from "./problems.ts";

/**
 * Gives a buffer of at least `size` bytes to read into, for instance WebAssembly memory. Each call makes
 * the buffers of earlier calls invalid.
 */
export type Into = (size: number) => Uint8Array;

/** What reading a whole file gave. */
export type FileRead =
  /** The first `length` bytes of the last buffer are the content; with a problem it may be incomplete. */
  | { readonly kind: "read"; readonly length: number; readonly problem?: Problem }
  /** Larger than the limit (size in bytes): read it in segments. */
  | { readonly kind: "large"; readonly size: number }
  | { readonly kind: "failed"; readonly problem: Problem };

/** How a file is named, and up to which size it is read whole. */
export interface ReadOptions {
  /** How problems name the file. */
  readonly path: string;
  readonly maxBytes: number;
}

// A pipe that took a file's place must not block us, and a link that did must not lead us elsewhere.
// Windows knows none of these flags.
const openFlags =
  constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0) | (constants.O_NOCTTY ?? 0);
const firstPieceBytes = 64 * 1024;

/**
 * Reads `file` into `into(file size + 1)`: the spare byte tells, without another call, whether it has grown.
 * Files of size 0 are read to their end all the same, because those of /proc have contents.
 */
export function readFileInto(file: NativePath, into: Into, options: ReadOptions): FileRead {
  const opened = open(file, options.path);
  if (opened.kind === "failed") return opened;
  const { fd, size } = opened;
  try {
    if (size > options.maxBytes) return { kind: "large", size };
    if (size === 0) return readUnsized(fd, into, options.maxBytes);
    const length = fill(fd, into(size + 1), size + 1, null);
    if (length === size) return { kind: "read", length };
    return { kind: "read", length: Math.min(length, size), problem: changed(options.path) };
  } catch (error) {
    return { kind: "failed", problem: fileProblem(options.path, error) };
  } finally {
    closeSync(fd);
  }
}

/** A piece of a file. `bytes` is valid until the next one is asked for. */
export interface Segment {
  /** Where in the file it starts, in bytes. */
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** Set on exactly one segment; that one may hold nothing new when the file shrank, or its size was unknown. */
  readonly last: boolean;
}

/** How a file is named, and in which segments it is read. */
export interface SegmentOptions {
  /** How problems name the file. */
  readonly path: string;
  /** Length of a segment in bytes, overlap included. */
  readonly segmentBytes: number;
  /** So many bytes at the end of a segment are repeated at the start of the next; less than `segmentBytes`. */
  readonly overlapBytes: number;
  readonly into: Into;
}

/**
 * Yields `file` in segments up to the size it had when it was opened (to its end where that is 0), and
 * returns the problem that ended or marred it, if any. An empty file gives no segment.
 */
export function* readSegments(file: NativePath, options: SegmentOptions): Generator<Segment, Problem | undefined> {
  const opened = open(file, options.path);
  if (opened.kind === "failed") return opened.problem;
  const { fd, size } = opened;
  try {
    let end = size === 0 ? Number.POSITIVE_INFINITY : size;
    for (let offset = 0; offset < end; offset += options.segmentBytes - options.overlapBytes) {
      const length = Math.min(options.segmentBytes, end - offset);
      const bytes = options.into(length).subarray(0, length);
      const filled = fill(fd, bytes, length, offset);
      if (filled < length) end = offset + filled;
      const last = offset + filled >= end;
      if (filled > 0 || offset > 0) yield { offset, bytes: bytes.subarray(0, filled), last };
      if (last) break;
    }
    if (size === 0) return undefined;
    return end < size || fstatSync(fd).size !== size ? changed(options.path) : undefined;
  } catch (error) {
    return fileProblem(options.path, error);
  } finally {
    closeSync(fd);
  }
}

type Opened = { readonly kind: "opened"; readonly fd: number; readonly size: number };

function open(file: NativePath, path: string): Opened | Extract<FileRead, { kind: "failed" }> {
  let fd: number;
  try {
    fd = openSync(file, openFlags);
  } catch (error) {
    return { kind: "failed", problem: fileProblem(path, error) };
  }
  try {
    const stats = fstatSync(fd);
    if (stats.isFile()) return { kind: "opened", fd, size: stats.size };
  } catch (error) {
    closeSync(fd);
    return { kind: "failed", problem: fileProblem(path, error) };
  }
  closeSync(fd);
  return { kind: "failed", problem: notAFile(path) };
}

/** Reads until `size` bytes are there or the file ends; from `position` on, or from where it stands. */
function fill(fd: number, buffer: Uint8Array, size: number, position: number | null): number {
  let filled = 0;
  while (filled < size) {
    const count = readSync(fd, buffer, filled, size - filled, position === null ? null : position + filled);
    filled += count;
    // At the spare byte one call has settled it: a regular file gives less than asked only at its end.
    if (count === 0 || (position === null && filled === size - 1)) break;
  }
  return filled;
}

/** Reads a file whose size is not known before its end, in pieces that double. */
function readUnsized(fd: number, into: Into, maxBytes: number): FileRead {
  let held = Buffer.alloc(0);
  let pieceBytes = firstPieceBytes;
  for (;;) {
    const piece = Buffer.allocUnsafe(pieceBytes);
    const count = readSync(fd, piece, 0, pieceBytes, null);
    if (count === 0) break;
    held = held.length === 0 ? piece.subarray(0, count) : Buffer.concat([held, piece.subarray(0, count)]);
    if (held.length > maxBytes) return { kind: "large", size: held.length };
    pieceBytes = Math.max(pieceBytes, held.length);
  }
  into(held.length + 1).set(held);
  return { kind: "read", length: held.length };
}

function changed(path: string): Problem {
  return {
    kind: "changed",
    path,
    message: `${path} changed its size while it was read`,
    hint: "Scan it again when nothing writes to it.",
  };
}
