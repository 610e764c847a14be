// An audit in, what the next one need not look at again out: object ids and numbers in the user's cache folder.

import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { cacheFolder } from "../../base/cache-folder.ts";
import type { ObjectFolders, RepositoryPlaces } from "../../base/git/object-folders.ts";
import { ObjectType } from "../../base/git/pack-forest.ts";
import { lookAgain, openObjectCache } from "../../base/object-cache.ts";
import type { CachedObjects, ObjectCache } from "../../base/object-cache.ts";
import { SealedNote } from "../../base/sealed-note.ts";
import { ownVersion } from "../../base/version.ts";
import type { AuditRequest } from "../audit-request.ts";
import type { ScanSetup } from "../scan-setup.ts";
import { hasNarrowScope } from "./scope.ts";
import type { ObjectTable } from "./objects.ts";
import type { HistoryShape } from "./shape.ts";
import { UnchangedRepository } from "./unchanged.ts";

/** Changes whenever the same object under the same rules could give another result. */
const scannerVersion = 1;
/** Changes whenever the same history could be told otherwise, or a note is made of other records. */
const noteVersion = 1;

/** Everything that decides whether an object is clean. */
function keyOf(setup: ScanSetup, rulesHash: string): Buffer {
  const facts = [scannerVersion, rulesHash, [...setup.enabled].toSorted(), setup.maxDecodeDepth];
  return createHash("sha256").update(JSON.stringify(facts)).digest();
}

/** What is kept of a repository between audits. */
export interface AuditMemory {
  readonly cache: ObjectCache;
  /** The repository as it is now, with the note of an audit of it. */
  readonly unchanged: UnchangedRepository;
}

/** What is kept of the repository; undefined where nothing is to be used or kept. */
export function openMemory(
  request: AuditRequest,
  given: {
    readonly setup: ScanSetup;
    readonly rulesHash: string;
    readonly places: RepositoryPlaces;
    readonly folders: ObjectFolders;
  },
): AuditMemory | undefined {
  if (!request.cache || hasNarrowScope(request.scope)) return undefined;
  const folder = cacheFolder("keywarden", { platform: process.platform, env: request.env, home: homedir() });
  if (folder === undefined) return undefined;
  const kept = { folder, maxBytes: request.settings.cacheSize };
  const { setup, rulesHash, places, folders } = given;
  const key = keyOf(setup, rulesHash);
  const noteKey = createHash("sha256").update(JSON.stringify([noteVersion, ownVersion(), key.toString("hex")]));
  return {
    cache: openObjectCache({ ...kept, repository: places.objects, key }),
    unchanged: new UnchangedRepository({
      // Each work tree has refs of its own.
      note: new SealedNote(kept, places.gitDir),
      key: noteKey.digest(),
      setup,
      places,
      folders,
    }),
  };
}

/**
 * What is remembered of an audit in which every object could be read. `again` are the objects to be looked at again,
 * `missing` the ids of blobs that were not there, in ascending order.
 */
export function memoryOf(
  table: ObjectTable,
  shape: HistoryShape,
  more: { readonly again: Iterable<number>; readonly missing: readonly string[]; readonly seed: bigint },
): CachedObjects {
  const { idBytes, ids } = table;
  const kinds = Uint8Array.from(table.kinds, (kind) => (kind === ObjectType.tag ? kind | lookAgain : kind));
  for (const object of more.again) kinds[object] = (kinds[object] as number) | lookAgain;
  // What trees hold under wanted names is found anew: those trees are looked at again.
  const rows = shape.holds.blobs.map((_, row) => row).filter((row) => (shape.holds.blobs[row] as number) < table.count);
  const picked = (values: Uint32Array): Uint32Array => rows.map((row) => values[row] as number);
  const { trees, blobs, names } = shape.holds;
  return {
    idBytes,
    ids,
    kinds,
    commits: shape.commits,
    trees: shape.trees,
    holds: { trees: picked(trees), blobs: picked(blobs), names: picked(names) },
    missing: Buffer.from(more.missing.join(""), "hex"),
    seed: more.seed,
  };
}

/** What an earlier audit remembers, unless something has come since that it saw the lack of. */
export function recalled(cache: ObjectCache | undefined, has: (id: Buffer) => boolean): CachedObjects | undefined {
  const known = cache?.read();
  if (known === undefined) return undefined;
  const { missing, idBytes } = known;
  for (let at = 0; at < missing.length; at += idBytes)
    if (has(Buffer.from(missing.buffer, missing.byteOffset + at, idBytes))) return undefined;
  return known;
}

/** Is this what is remembered already? All else follows from the ids, and which of them are to be looked at again. */
export function isRemembered(memory: CachedObjects, known: CachedObjects | undefined): boolean {
  if (known === undefined || memory.idBytes !== known.idBytes || memory.seed !== known.seed) return false;
  const isSame = (column: "ids" | "kinds" | "missing") => Buffer.compare(memory[column], known[column]) === 0;
  return isSame("kinds") && isSame("missing") && isSame("ids");
}

/** Ids as they are kept, in hex. */
export function hexIds(ids: Uint8Array, idBytes: number): string[] {
  const bytes = Buffer.from(ids.buffer, ids.byteOffset, ids.length);
  return Array.from({ length: ids.length / idBytes }, (_, place) =>
    bytes.toString("hex", place * idBytes, (place + 1) * idBytes),
  );
}
