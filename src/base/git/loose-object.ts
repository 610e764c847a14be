// Turns the file of a loose object into its type, size and contents: whole when small, in pieces when large.
// Format: zlib stream of `type size NUL contents`.

import { closeSync, createReadStream } from "node:fs";
import { createHash, type Hash } from "node:crypto";
import { pipeline } from "node:stream";
import { constants, createInflate, inflateSync } from "node:zlib";

import { PackFormatError } from "./pack-format-error.ts";
import { openRegularFile, readFully, type OpenFile } from "./regular-file.ts";

/** As long as git lets a header be. */
const maxHeaderBytes = 32;
/** Enough packed bytes for any header, and so few that they never unpack to much. */
const headBytes = 128;

/** What a loose object holds. `body` is all of it; `chunks` gives it in order, once, and throws where it is damaged. */
export type LooseContent = {
  readonly type: "blob" | "tree" | "commit" | "tag";
  readonly size: number;
} & ({ readonly body: Uint8Array } | { readonly chunks: AsyncIterable<Uint8Array> });

/** How to read a loose object. */
export interface LooseReadOptions {
  /** Larger objects are given in `chunks`. */
  readonly maxBytes: number;
  /** The id that the contents must have; not checked when absent. */
  readonly id?: Uint8Array;
}

/**
 * Reads the loose object in `file`. Never unpacks more than the object says it holds.
 * @throws {PackFormatError} when it is damaged (from the iteration, for chunks); the system's own error when the file
 * cannot be read.
 */
export function readLooseObject(file: string, options: LooseReadOptions): LooseContent {
  const open = openRegularFile(file);
  try {
    const head = Buffer.alloc(Math.min(headBytes, open.bytes));
    const header = parseHeader(unpack(head.subarray(0, readFully(open.fd, head, 0)), headBytes * 1100, true));
    if (header.size <= options.maxBytes) return { ...plain(header), body: readWhole(open, header, options) };
    return { ...plain(header), chunks: readChunks(file, header, options) };
  } finally {
    closeSync(open.fd);
  }
}

interface Header {
  readonly type: LooseContent["type"];
  readonly size: number;
  /** Of the header itself, its NUL included. */
  readonly bytes: number;
}

function plain({ type, size }: Header): { type: Header["type"]; size: number } {
  return { type, size };
}

function parseHeader(start: Buffer): Header {
  const text = start.toString("latin1", 0, maxHeaderBytes);
  const [whole = "", type, size] = /^(blob|tree|commit|tag) (0|[1-9][0-9]{0,15})\0/.exec(text) ?? [];
  if (type === undefined || !Number.isSafeInteger(Number(size))) {
    throw new PackFormatError("loose object does not start with a type and a size");
  }
  return { type: type as Header["type"], size: Number(size), bytes: whole.length };
}

/** Unpacks a piece that is in memory, to at most `maxBytes`; `partial`: the stream goes on after the piece. */
function unpack(packed: Buffer, maxBytes: number, partial: boolean): Buffer {
  const finishFlush = partial ? constants.Z_SYNC_FLUSH : constants.Z_FINISH;
  try {
    // The declarations do not know what `info` gives.
    const { buffer, engine } = inflateSync(packed, {
      finishFlush,
      maxOutputLength: maxBytes,
      chunkSize: Math.max(64, Math.min(maxBytes + 1, 1024 * 1024)),
      info: true,
    }) as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
    if (!partial && engine.bytesWritten !== packed.length) {
      throw new PackFormatError("loose object has bytes after its end");
    }
    return buffer;
  } catch (error) {
    throw damage(error);
  }
}

function damage(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ERR_BUFFER_TOO_LARGE") return new PackFormatError("loose object holds more than it says");
  if (code === "Z_BUF_ERROR") return new PackFormatError("loose object is cut short");
  if (code?.startsWith("Z_") === true) return new PackFormatError("loose object is damaged: it cannot be unpacked");
  return error;
}

function readWhole(file: OpenFile, header: Header, options: LooseReadOptions): Uint8Array {
  const unpackedBytes = header.bytes + header.size;
  // Packing never makes things much larger; whatever is, was not written by git.
  if (file.bytes > unpackedBytes + unpackedBytes / 8 + 4096) {
    throw new PackFormatError("loose object is in a file that is far too large for it");
  }
  const packed = Buffer.allocUnsafeSlow(file.bytes);
  const unpacked = unpack(packed.subarray(0, readFully(file.fd, packed, 0)), unpackedBytes, false);
  if (unpacked.length < unpackedBytes) throw new PackFormatError("loose object holds less than it says");
  if (options.id !== undefined) checkId(hashFor(options.id).update(unpacked), options.id);
  return unpacked.subarray(header.bytes);
}

async function* readChunks(path: string, header: Header, options: LooseReadOptions): AsyncGenerator<Uint8Array> {
  const file = openRegularFile(path);
  const hash = options.id === undefined ? undefined : hashFor(options.id);
  const inflate = createInflate({ chunkSize: 256 * 1024 });
  const input = createReadStream("", { fd: file.fd, start: 0, highWaterMark: 256 * 1024 });
  let left = header.size;
  let skip = header.bytes;
  try {
    for await (const chunk of pipeline(input, inflate, () => undefined) as AsyncIterable<Buffer>) {
      hash?.update(chunk);
      const body = chunk.subarray(Math.min(skip, chunk.length));
      skip -= chunk.length - body.length;
      left -= body.length;
      if (left < 0) throw new PackFormatError("loose object holds more than it says");
      if (body.length > 0) yield body;
    }
  } catch (error) {
    throw damage(error);
  } finally {
    input.destroy();
  }
  if (left > 0) throw new PackFormatError("loose object holds less than it says");
  if (inflate.bytesWritten !== file.bytes) throw new PackFormatError("loose object has bytes after its end");
  if (hash !== undefined && options.id !== undefined) checkId(hash, options.id);
}

function hashFor(id: Uint8Array): Hash {
  return createHash(id.length === 20 ? "sha1" : "sha256");
}

function checkId(hash: Hash, id: Uint8Array): void {
  if (!hash.digest().equals(id)) throw new PackFormatError("loose object does not have the id that its name says");
}
