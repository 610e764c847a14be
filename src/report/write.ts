// Puts a rendered report where it belongs: a file, replaced in one step, or a stream.

import { realpath, stat, writeFile } from "node:fs/promises";
import type { Stats } from "node:fs";
import type { Writable } from "node:stream";
import { replaceFile } from "../base/replace-file.ts";
import { UsageError } from "../errors.ts";

/** Where a report goes: a native path, or an open stream, which is left open. */
export type ReportTarget =
  | { readonly kind: "file"; readonly file: string }
  | { readonly kind: "stream"; readonly stream: Writable };

/** `closed`: the reader went away before the end (`| head`), which is no error. */
export type WriteOutcome = "written" | "closed";

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "unknown error";
}

const hints: Readonly<Record<string, string>> = {
  ENOENT: "Create its folder first, or name another file.",
  ENOTDIR: "A part of the path is a file, not a folder. Name another file.",
  EACCES: "You may not write there. Name another file.",
  EPERM: "You may not write there, or another program holds the file open.",
  EBUSY: "Another program holds the file open. Close it, or name another file.",
  EROFS: "That file system is read-only. Name another file.",
  ENOSPC: "The disk is full.",
};

function refusal(file: string, error: unknown): UsageError {
  const code = codeOf(error);
  return new UsageError(`cannot write the report to ${file} (${code})`, {
    hint: hints[code] ?? "Name another file, or leave it out to write to standard output.",
    cause: error,
  });
}

async function statIfThere(file: string): Promise<Stats | undefined> {
  try {
    return await stat(file);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

async function writeToFile(text: string, file: string): Promise<void> {
  try {
    const there = await statIfThere(file);
    if (there?.isDirectory() === true) {
      throw new UsageError(`cannot write the report to ${file}: it is a directory`, { hint: "Name a file in it." });
    }
    // A device or a pipe (/dev/stdout, /dev/null) is written to; renaming would put a file in its place.
    if (there !== undefined && !there.isFile()) await writeFile(file, text, "utf8");
    // A symbolic link stays a link: the file it names is replaced.
    else await replaceFile(there === undefined ? file : await realpath(file), text, { mode: there?.mode ?? 0o666 });
  } catch (error) {
    throw error instanceof UsageError ? error : refusal(file, error);
  }
}

const goneCodes: ReadonlySet<string> = new Set([
  "EPIPE",
  "ECONNRESET",
  "ERR_STREAM_DESTROYED",
  "ERR_STREAM_PREMATURE_CLOSE",
]);

function writeToStream(text: string, stream: Writable): Promise<WriteOutcome> {
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      if (goneCodes.has(codeOf(error))) resolve("closed");
      else reject(refusal("the output stream", error));
    };
    // The listener stays on after a failure: the stream reports it to the callback and as an event.
    stream.on("error", fail);
    stream.write(text, "utf8", (error) => {
      if (error !== null && error !== undefined) return fail(error);
      stream.off("error", fail);
      resolve("written");
    });
  });
}

/**
 * Writes a report. A file is replaced whole or not at all (a temporary file beside it, then a rename);
 * a stream gets the text, and its reader leaving early is `closed`. Throws `UsageError` with a hint
 * when the target is a directory or cannot be written.
 */
export async function writeReport(text: string, target: ReportTarget): Promise<WriteOutcome> {
  if (target.kind === "stream") return writeToStream(text, target.stream);
  await writeToFile(text, target.file);
  return "written";
}
