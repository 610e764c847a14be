// Object tables and the shape of a history → the bytes of a cache file, and back.
// A header of 32 words, then the arrays of `CachedObjects` in their order, each starting at a multiple of 8 bytes.

import { crc32 } from "node:zlib";
import { objectsFlaw } from "./cached-objects.ts";
import type { CachedObjects } from "./cached-objects.ts";

/** Size of the header. */
export const headerBytes = 128;
/** Size of a caller's key. */
export const keyBytes = 32;

const magic = Buffer.from("OBJCACHE", "latin1");
// Read as a word, so that on a machine of the other byte order it is another version.
const version = 2;
// Words of the header. The seed takes 2 of them, the key 8; the last holds the checksum of those before it.
const word = {
  version: 2,
  idBytes: 3,
  count: 4,
  commits: 5,
  parents: 6,
  trees: 7,
  children: 8,
  holds: 9,
  seed: 10,
  key: 12,
  bodySum: 30,
  headerSum: 31,
};

/** What the header of a file tells of the rest, its body. */
export interface CacheHeader {
  readonly idBytes: 20 | 32;
  readonly count: number;
  readonly commits: number;
  readonly parents: number;
  readonly trees: number;
  readonly children: number;
  readonly holds: number;
  readonly seed: bigint;
  readonly bodyBytes: number;
  /** The CRC-32 that a sound body has. */
  readonly bodySum: number;
}

/** The header of a file and the arrays after it, in order; padding is among them. Views of `objects`, not copies. */
export function encodeObjects(objects: CachedObjects, key: Uint8Array): readonly Uint8Array[] {
  const { commits, trees, holds } = objects;
  const header = new Uint32Array(headerBytes / 4);
  const bytes = new Uint8Array(header.buffer);
  bytes.set(magic);
  header[word.version] = version;
  header[word.idBytes] = objects.idBytes;
  header[word.count] = objects.kinds.length;
  header[word.commits] = commits.objects.length;
  header[word.parents] = commits.parents.length;
  header[word.trees] = trees.objects.length;
  header[word.children] = trees.children.length;
  header[word.holds] = holds.trees.length;
  new BigUint64Array(header.buffer, 4 * word.seed, 1)[0] = objects.seed;
  bytes.set(key, 4 * word.key);
  const body = arraysOf(objects)
    .flatMap((array) => {
      const section = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
      return [section, new Uint8Array(padded(section.length) - section.length)];
    })
    // An array without memory, which zlib takes as the order to start anew, must not reach crc32.
    .filter((section) => section.length > 0);
  header[word.bodySum] = body.reduce((sum, section) => crc32(section, sum), 0);
  header[word.headerSum] = crc32(bytes.subarray(0, 4 * word.headerSum));
  return [bytes, ...body];
}

/** What a header says; undefined where it is damaged, is no header of ours, or is one for another key. */
export function decodeHeader(header: Buffer, key: Uint8Array): CacheHeader | undefined {
  if (header.length !== headerBytes || !magic.equals(header.subarray(0, magic.length))) return undefined;
  const { buffer } = Uint8Array.from(header);
  const words = new Uint32Array(buffer);
  const at = (index: number) => words[index] as number;
  if (at(word.version) !== version || at(word.headerSum) !== crc32(header.subarray(0, 4 * word.headerSum))) {
    return undefined;
  }
  if (!header.subarray(4 * word.key, 4 * word.key + keyBytes).equals(key)) return undefined;
  const idBytes = at(word.idBytes);
  if (idBytes !== 20 && idBytes !== 32) return undefined;
  const sizes = {
    idBytes,
    count: at(word.count),
    commits: at(word.commits),
    parents: at(word.parents),
    trees: at(word.trees),
    children: at(word.children),
    holds: at(word.holds),
  } as const;
  const bodyBytes = sectionSizes(sizes).reduce((sum, bytes) => sum + padded(bytes), 0);
  const seed = new BigUint64Array(buffer, 4 * word.seed, 1)[0] as bigint;
  return { ...sizes, seed, bodyBytes, bodySum: at(word.bodySum) };
}

/**
 * The objects in a body of the length and the checksum that its header tells; views of `body`, whose memory it must
 * have to itself. Undefined unless `objectsFlaw` finds nothing.
 */
export function decodeBody(header: CacheHeader, body: ArrayBuffer): CachedObjects | undefined {
  let end = 0;
  const next = (bytes: number) => {
    const start = end;
    end += padded(bytes);
    return start;
  };
  const numbers = (length: number) => new Uint32Array(body, next(4 * length), length);
  const { idBytes, count, commits, parents, trees, children, holds, seed } = header;
  // In the order of `arraysOf`, as these are evaluated.
  const objects: CachedObjects = {
    idBytes,
    ids: new Uint8Array(body, next(idBytes * count), idBytes * count),
    kinds: new Uint8Array(body, next(count), count),
    commits: {
      objects: numbers(commits),
      trees: numbers(commits),
      times: new Float64Array(body, next(8 * commits), commits),
      parentStarts: numbers(commits + 1),
      parents: numbers(parents),
    },
    trees: {
      objects: numbers(trees),
      childStarts: numbers(trees + 1),
      children: numbers(children),
      names: numbers(children),
    },
    holds: { trees: numbers(holds), blobs: numbers(holds), names: numbers(holds) },
    seed,
  };
  return objectsFlaw(objects) === undefined ? objects : undefined;
}

type Sizes = Omit<CacheHeader, "seed" | "bodyBytes" | "bodySum">;

/** In the order of `arraysOf`. */
function sectionSizes({ idBytes, count, commits, parents, trees, children, holds }: Sizes): readonly number[] {
  const ofCommits = [4 * commits, 4 * commits, 8 * commits, 4 * (commits + 1), 4 * parents];
  const ofTrees = [4 * trees, 4 * (trees + 1), 4 * children, 4 * children];
  return [idBytes * count, count, ...ofCommits, ...ofTrees, 4 * holds, 4 * holds, 4 * holds];
}

function arraysOf({ ids, kinds, commits, trees, holds }: CachedObjects): readonly NodeJS.TypedArray[] {
  const ofCommits = [commits.objects, commits.trees, commits.times, commits.parentStarts, commits.parents];
  const ofTrees = [trees.objects, trees.childStarts, trees.children, trees.names];
  return [ids, kinds, ...ofCommits, ...ofTrees, holds.trees, holds.blobs, holds.names];
}

function padded(bytes: number): number {
  return Math.ceil(bytes / 8) * 8;
}
