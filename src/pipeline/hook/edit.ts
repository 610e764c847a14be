// What is to change in a repository's files in, the changed files out: every step can be shown before it is taken.

import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { UsageError } from "../../errors.ts";

/** One change. `file` and `to` are absolute. */
export type Edit =
  | { readonly kind: "write"; readonly file: string; readonly text: string; readonly executable: boolean }
  | { readonly kind: "move"; readonly file: string; readonly to: string }
  | { readonly kind: "remove"; readonly file: string };

/** Everything that an installation changes, and what people have to do or know besides. */
export interface HookPlan {
  readonly edits: readonly Edit[];
  /** Commands to run afterwards. */
  readonly next: readonly string[];
  readonly notes: readonly string[];
}

/** The text of a hook file, or undefined where there is none; `isText` is false for what is not UTF-8. */
export function readHookFile(file: string): { readonly text: string; readonly isText: boolean } | undefined {
  // Below a file, as below the /dev/null that core.hooksPath may name, there is nothing.
  if (statSync(path.dirname(file), { throwIfNoEntry: false })?.isDirectory() !== true) return undefined;
  const entry = lstatSync(file, { throwIfNoEntry: false });
  if (entry === undefined) return undefined;
  // A link leads to a file that others may share: it is kept whole, never edited.
  if (!entry.isFile()) return { text: "", isText: false };
  const bytes = readFileSync(file);
  const text = bytes.toString("utf8");
  return { text, isText: Buffer.from(text, "utf8").equals(bytes) && !text.includes("\0") };
}

/** Whether git would run the file: it skips hooks that nobody may execute (Windows has no such bit). */
export function mayRun(file: string): boolean {
  const found = statSync(file, { throwIfNoEntry: false });
  return found !== undefined && found.isFile() && (process.platform === "win32" || (found.mode & 0o111) !== 0);
}

/** Makes a changed file whole in one step, with the mode that it had. */
function write({ file, text, executable }: Extract<Edit, { kind: "write" }>): void {
  mkdirSync(path.dirname(file), { recursive: true });
  const mode = statSync(file, { throwIfNoEntry: false })?.mode;
  const fresh = `${file}.keywarden-new`;
  // A run that was killed may have left one.
  rmSync(fresh, { force: true });
  writeFileSync(fresh, text, { flag: "wx" });
  try {
    if (executable || mode !== undefined) chmodSync(fresh, (mode ?? 0o644) | (executable ? 0o111 : 0));
    renameSync(fresh, file);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}

function apply(edit: Edit): void {
  if (edit.kind === "write") write(edit);
  else if (edit.kind === "remove") rmSync(edit.file);
  else {
    if (existsSync(edit.to)) throw new UsageError(`${edit.to} is there already`, { hint: "Move it out of the way." });
    renameSync(edit.file, edit.to);
  }
}

/** Takes the steps in their order. Where one fails, what was moved aside is put back; throws UsageError then. */
export function applyEdits(edits: readonly Edit[]): void {
  const moved: Extract<Edit, { kind: "move" }>[] = [];
  for (const edit of edits) {
    try {
      apply(edit);
      if (edit.kind === "move") moved.push(edit);
    } catch (error) {
      for (const { file, to } of moved.toReversed()) if (!existsSync(file)) renameSync(to, file);
      const code = (error as NodeJS.ErrnoException).code;
      if (code === undefined || error instanceof UsageError) throw error;
      throw new UsageError(`${edit.file} cannot be changed (${code})`, {
        hint: "See who owns it, and run this again.",
        cause: error,
      });
    }
  }
}
