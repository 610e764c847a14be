// A typed glob's folder and pattern in, the files it means out, by fast-glob; for folders outside of git work trees.

import { resolve } from "node:path";
import { joinDisplay, toSlashes } from "./native-path.ts";
import type { Listed } from "./walk.ts";

const batchFiles = 256;

/**
 * Yields the files below `folder` (absolute; shown as `path`) that `pattern` matches, or that lie in a folder it matches;
 * `.git` and symbolic links are left alone. Throws the system's error for a folder that cannot be read.
 */
export async function* listGlob(folder: string, path: string, pattern: string): AsyncGenerator<readonly Listed[]> {
  const { default: fastGlob } = await import("fast-glob");
  const bare = pattern.replace(/\/+$/, "");
  const found = fastGlob.stream([bare, `${bare}/**`], {
    cwd: folder,
    dot: true,
    followSymbolicLinks: false,
    ignore: ["**/.git/**"],
  }) as AsyncIterable<string>;
  let batch: Listed[] = [];
  for await (const name of found) {
    batch.push({ kind: "file", file: resolve(folder, name), path: joinDisplay(path, toSlashes(name)) });
    if (batch.length < batchFiles) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
