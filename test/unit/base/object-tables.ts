// Numbers → tables of object ids and whole object tables, for the tests of what is kept of them.

import { NONE } from "../../../src/base/merge-ids.ts";
import type { CachedObjects } from "../../../src/base/cached-objects.ts";

/** `count` ascending made-up ids of 20 bytes, spread like hashes; each holds `mark` in every later word. */
export function pseudoIds(count: number, mark = 0x9e3779b1): Buffer {
  const ids = Buffer.allocUnsafe(count * 20);
  const step = 0xffffffff / count;
  for (let i = 0; i < count; i++) {
    ids.writeUInt32BE(Math.floor(i * step), i * 20);
    for (let word = 1; word < 5; word++) ids.writeUInt32BE(mark, i * 20 + word * 4);
  }
  return ids;
}

/**
 * A line of `commits` commits, each with one tree that holds `edges` trees and one of as many blobs; ids, times, names
 * and the seed carry `mark`.
 */
export function madeObjects(commits: number, edges: number, mark = 1): CachedObjects {
  const count = 3 * commits;
  const place = Uint32Array.from({ length: commits }, (_, i) => i);
  const starts = (each: number) => Uint32Array.from({ length: commits + 1 }, (_, i) => i * each);
  const children = new Uint32Array(commits * edges);
  for (let i = 0; i < children.length; i++) children[i] = commits + ((Math.imul(i, 0x9e3779b1) >>> 0) % commits);
  return {
    idBytes: 20,
    ids: pseudoIds(count, mark),
    kinds: Uint8Array.from({ length: count }, (_, i) => 1 + Math.floor(i / commits)),
    commits: {
      objects: place,
      trees: place.map((i) => i + commits),
      times: Float64Array.from({ length: commits }, () => mark),
      parentStarts: starts(1),
      parents: place.map((i) => (i === 0 ? NONE : i - 1)),
    },
    trees: {
      objects: place.map((i) => i + commits),
      childStarts: starts(edges),
      children,
      names: new Uint32Array(children.length).fill(mark),
    },
    holds: {
      trees: place.map((i) => i + commits),
      blobs: place.map((i) => i + 2 * commits),
      names: new Uint32Array(commits).fill(mark),
    },
    seed: seedOf(mark),
  };
}

function seedOf(mark: number): bigint {
  return (BigInt(mark) << 48n) + 1n;
}

/** The mark that all of it carries; undefined where parts are of different ones. */
export function markOf({ ids, commits, trees, holds, seed }: CachedObjects): number | undefined {
  const view = new DataView(ids.buffer, ids.byteOffset, ids.byteLength);
  const mark = view.getUint32(4);
  for (let at = 0; at < ids.length; at += 20) {
    for (let word = 4; word < 20; word += 4) if (view.getUint32(at + word) !== mark) return undefined;
  }
  const columns = [commits.times, trees.names, holds.names];
  const same = columns.every((column) => column.every((value) => value === mark));
  return same && seed === seedOf(mark) ? mark : undefined;
}
