// Nothing in, folders to scan out: made from the text of node_modules, so that anyone can make the same.

import { execFileSync } from "node:child_process";
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** A new empty folder in the system's temporary folder. */
export function temporaryFolder(): string {
  return mkdtempSync(path.join(tmpdir(), "keywarden-bench-"));
}

/** Source texts below `root`, largest 2 MB, in a fixed order, at most `limitBytes` in all. */
export function sourceTexts(root: string, limitBytes: number): { readonly name: string; readonly bytes: Buffer }[] {
  const texts: { name: string; bytes: Buffer }[] = [];
  let total = 0;
  const queue = [root];
  while (queue.length > 0 && total < limitBytes) {
    const folder = queue.shift() as string;
    for (const entry of readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) queue.push(file);
      else if (/\.(?:js|ts|mjs|cjs|json|md)$/.test(entry.name) && statSync(file).size < 2_000_000) {
        const bytes = readFileSync(file);
        total += bytes.length;
        texts.push({ name: entry.name, bytes });
      }
      if (total >= limitBytes) break;
    }
  }
  return texts;
}

/** Writes copies of `texts` until the tree holds `bytes`; returns how many files it has. */
export function writeTree(folder: string, texts: ReturnType<typeof sourceTexts>, bytes: number): number {
  let total = 0;
  let files = 0;
  while (total < bytes) {
    for (const text of texts) {
      const sub = path.join(folder, `d${Math.floor(files / 200)}`);
      if (files % 200 === 0) mkdirSync(sub, { recursive: true });
      writeFileSync(path.join(sub, `${files}-${text.name}`), text.bytes);
      total += text.bytes.length;
      files++;
      if (total >= bytes) break;
    }
  }
  return files;
}

/** Makes `folder` a repository with everything in it committed, except `staged`, which is only added. */
export function commitTree(folder: string, staged: readonly { name: string; bytes: Buffer }[]): void {
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=bench", "-c", "user.email=bench@example.org", ...args], {
      cwd: folder,
      stdio: "ignore",
    });
  git("init", "-q");
  git("add", "-A");
  git("commit", "-q", "-m", "tree", "--allow-empty");
  for (const file of staged) writeFileSync(path.join(folder, file.name), file.bytes);
  git("add", "-A");
}

/** A sparse file of `bytes` bytes with lines of text in front. */
export function sparseFile(file: string, bytes: number, front: Buffer): void {
  writeFileSync(file, front);
  const handle = openSync(file, "r+");
  ftruncateSync(handle, bytes);
  closeSync(handle);
}
