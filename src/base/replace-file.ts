// A file's name and its new text in, the file replaced whole or not at all.

import { randomBytes } from "node:crypto";
import { open, readdir, rename, rm } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { isFileTrouble } from "./file-trouble.ts";

/** How long another program (a virus scanner, an editor) may hold a file open on Windows before that is an error. */
const renamePausesMs = [10, 20, 50, 100, 200, 400, 800];

/** What a replacement may be told. */
export interface Replacement {
  /** Permission bits of the new file. Without `exactMode` the process's umask takes some away. */
  readonly mode: number;
  readonly exactMode?: boolean;
  /** Called when the new text is safe on disk and before it takes the old one's place; what it throws stops that. */
  readonly beforeRename?: () => Promise<void>;
}

/**
 * Writes `text` as UTF-8 to a temporary file in the same folder, waits until the disk has it, renames it over `file` and
 * waits until the disk knows that. After an error, which is the file system's, the old file stands as it was and the
 * temporary one is gone; after a crash at any moment the old or the new text stands there, whole.
 */
export async function replaceFile(file: string, text: string, replacement: Replacement): Promise<void> {
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${randomBytes(6).toString("hex")}.tmp`);
  try {
    const handle = await open(temporary, "wx", replacement.mode);
    try {
      await handle.writeFile(text, "utf8");
      if (replacement.exactMode === true) await handle.chmod(replacement.mode & 0o7777);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await replacement.beforeRename?.();
    await renamePatiently(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(path.dirname(file));
}

async function renamePatiently(from: string, to: string): Promise<void> {
  for (const pauseMs of renamePausesMs) {
    try {
      return await rename(from, to);
    } catch (error) {
      if (!isFileTrouble(error) || !["EPERM", "EACCES", "EBUSY"].includes(error.code)) throw error;
      if (process.platform !== "win32") throw error;
      await pause(pauseMs);
    }
  }
  return await rename(from, to);
}

/**
 * A rename outlasts a power cut when its folder is on disk. Windows and some file systems cannot be asked for that, and
 * the new text stands in its place whatever comes of it.
 */
async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder, "r");
    await handle.sync();
  } catch (error) {
    if (!isFileTrouble(error)) throw error;
  } finally {
    await handle?.close();
  }
}

/** Removes the temporary files that killed runs left beside `file`. Only for who knows that nobody is writing it. */
export async function removeLeftovers(file: string): Promise<void> {
  const [start, end] = [`.${path.basename(file)}.`, ".tmp"];
  for (const name of await readdir(path.dirname(file))) {
    const isLeftover = name.startsWith(start) && name.endsWith(end) && name.length === start.length + 12 + end.length;
    if (isLeftover) await rm(path.join(path.dirname(file), name), { force: true });
  }
}
