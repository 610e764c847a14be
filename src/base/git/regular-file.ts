// Turns a path into an open file or its bytes, and refuses what is no plain file: a pipe would block for ever.

import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, statSync, type Stats } from "node:fs";

import { PackFormatError } from "./pack-format-error.ts";

/** An open file; who asked for it closes it. */
export interface OpenFile {
  readonly fd: number;
  readonly bytes: number;
}

/**
 * Opens a plain file for reading, following symbolic links.
 * @throws {PackFormatError} when it is a folder, a pipe or a device; the system's own error when it cannot be opened.
 */
export function openRegularFile(path: string): OpenFile {
  // Does not exist on Windows, and has no pipes to wait for there.
  const fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    const facts = fstatSync(fd);
    if (!facts.isFile()) throw new PackFormatError("not a plain file");
    return { fd, bytes: facts.size };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/**
 * The bytes of a plain file of at most `maxBytes`.
 * @throws {PackFormatError} when it is no plain file, or larger; the system's own error when it cannot be read.
 */
export function readRegularFile(path: string, maxBytes: number): Buffer {
  const file = openRegularFile(path);
  try {
    if (file.bytes > maxBytes) throw new PackFormatError(`larger than ${maxBytes} bytes`);
    const bytes = Buffer.allocUnsafeSlow(file.bytes);
    return bytes.subarray(0, readFully(file.fd, bytes, 0));
  } finally {
    closeSync(file.fd);
  }
}

/** Fills `into` from `position` of a file; gives how much there was. */
export function readFully(fd: number, into: Uint8Array, position: number): number {
  let filled = 0;
  while (filled < into.length) {
    const read = readSync(fd, into, filled, into.length - filled, position + filled);
    if (read === 0) break;
    filled += read;
  }
  return filled;
}

/** What stands at `path`, behind links; undefined where nothing does; the reason in words where it cannot be seen. */
export function lookAt(path: string): Stats | string | undefined {
  try {
    return statSync(path);
  } catch (error) {
    if (!isMissing(error)) return reasonOf(error);
    return lstatSync(path, { throwIfNoEntry: false }) === undefined ? undefined : "a link to nothing";
  }
}

/** Is this error the system's way of saying that nothing is there? */
export function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ENOENT" || code === "ENOTDIR";
}

/** What went wrong, in a few words, without the path: the system's code, or our own message. */
export function reasonOf(error: unknown): string {
  if (error instanceof PackFormatError) return error.message;
  const { code } = error as NodeJS.ErrnoException;
  if (code === "EACCES" || code === "EPERM") return "permission denied";
  if (code === "ENOENT" || code === "ENOTDIR") return "not there";
  return code ?? (error instanceof Error ? error.message : String(error));
}
