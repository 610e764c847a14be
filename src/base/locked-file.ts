// A file below a root and what to make of its text in, the file read and replaced while no other process does the same.

import { constants } from "node:fs";
import { access, mkdir, stat } from "node:fs/promises";
import path from "node:path";
import { KeywardenError, UsageError } from "../errors.ts";
import { isFileTrouble } from "./file-trouble.ts";
import { withLock } from "./lock.ts";
import { realPlace } from "./real-place.ts";
import { removeLeftovers, replaceFile } from "./replace-file.ts";
import { maxSmallBytes, readSmallText } from "./small-file.ts";

/** Which file. */
export interface RootedFile {
  /** Absolute; there. Nothing outside of it is read or written. */
  readonly root: string;
  /** Relative to the root, with forward slashes; messages name it so. */
  readonly file: string;
}

/** What is to become of a file. */
export interface Rewrite<Result> {
  /** Its whole new text; absent: it stays as it is. */
  readonly text?: string;
  /** What the caller gets. */
  readonly result: Result;
}

const defaultWaitMs = 30_000;

const hints: Readonly<Record<string, string>> = {
  ENOSPC: "The disk is full. Nothing was changed: make room and run it again.",
  EDQUOT: "Your disk quota is used up. Nothing was changed: make room and run it again.",
  EFBIG: "A file may not grow that large here. Nothing was changed: look at `ulimit -f` and run it again.",
  EACCES: "You may not write there. Make the file and its folder writable, and run it again.",
  EPERM: "You may not write there, or another program holds the file open. Nothing was changed.",
  EBUSY: "Another program holds the file open. Nothing was changed: close it and run it again.",
  EROFS: "That file system is read-only. Nothing was changed.",
  ENOTDIR: "A part of its path is a file. Make it a folder.",
  EEXIST: "A part of its path is a file. Make it a folder.",
};

function refusal(file: string, error: unknown): unknown {
  if (error instanceof KeywardenError || !isFileTrouble(error)) return error;
  return new UsageError(`cannot write ${file} (${error.code})`, {
    hint: hints[error.code] ?? "Nothing was changed. Mend that and run it again.",
    cause: error,
  });
}

function placeOf({ root, file }: RootedFile): string {
  const place = realPlace(root, file);
  if (place !== undefined) return place;
  throw new UsageError(`${file} leads outside the root through a link, or nowhere`, {
    hint: "Replace the link by a file, or by a folder.",
  });
}

/** The text of a file, or undefined where there is none. Throws ConfigError for what is no text, UsageError for links that lead out. */
export function readRootedFile(target: RootedFile): string | undefined {
  return readSmallText(placeOf(target), target.file);
}

/** A file whose owner took away the right to write it is not replaced, although its folder would allow that. */
async function modeToKeep(place: string): Promise<number | undefined> {
  try {
    const { mode } = await stat(place);
    await access(place, constants.W_OK);
    return mode;
  } catch (error) {
    if (isFileTrouble(error) && error.code === "ENOENT") return undefined;
    throw error;
  }
}

async function write(place: string, { file }: RootedFile, text: string, isHeld: () => boolean): Promise<void> {
  if (Buffer.byteLength(text) > maxSmallBytes) {
    throw new UsageError(`${file} would become larger than ${maxSmallBytes} bytes, and could not be read again`, {
      hint: "Nothing was changed. Remove what is no longer needed.",
    });
  }
  try {
    const mode = await modeToKeep(place);
    await replaceFile(place, text, {
      mode: mode ?? 0o666,
      exactMode: mode !== undefined,
      beforeRename: async () => {
        if (isHeld()) return;
        throw new UsageError(`another run took ${file}.lock over`, { hint: "Nothing was changed. Run it again." });
      },
    });
  } catch (error) {
    throw refusal(file, error);
  }
}

/**
 * Gives `change` the text of a file (undefined where there is none) and puts what it returns in the file's place, in one
 * step and on disk; other processes that do the same wait, up to `waitMs` (30 s). Its folder is made where there is none;
 * permissions stay. Throws UsageError, and leaves the file as it was, where it is locked too long, cannot be written or
 * leads out of the root through a link; ConfigError where it is no text; and what `change` throws.
 */
export async function updateRootedFile<Result>(
  target: RootedFile & { readonly waitMs?: number },
  change: (before: string | undefined) => Rewrite<Result> | Promise<Rewrite<Result>>,
): Promise<Result> {
  const place = placeOf(target);
  let isLocked = false;
  try {
    await mkdir(path.dirname(place), { recursive: true });
    const wish = { lock: `${place}.lock`, shown: `${target.file}.lock`, waitMs: target.waitMs ?? defaultWaitMs };
    return await withLock(wish, async (isHeld) => {
      await removeLeftovers(place);
      isLocked = true;
      const before = readSmallText(place, target.file);
      const { text, result } = await change(before);
      if (text !== undefined && text !== before) await write(place, target, text, isHeld);
      return result;
    });
  } catch (error) {
    // What happens under the lock has its own words.
    throw isLocked ? error : refusal(target.file, error);
  }
}
