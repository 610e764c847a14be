// An audit in, what the next one need not look at again out: object ids and numbers in the user's cache folder.

import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { cacheFolder } from "../../base/cache-folder.ts";
import { ObjectType } from "../../base/git/pack-forest.ts";
import { lookAgain, openObjectCache } from "../../base/object-cache.ts";
import type { CachedObjects, ObjectCache } from "../../base/object-cache.ts";
import type { AuditRequest } from "../audit-request.ts";
import type { ScanSetup } from "../scan-setup.ts";
import { hasNarrowScope } from "./scope.ts";
import type { ObjectTable } from "./objects.ts";
import type { HistoryShape } from "./shape.ts";

/** Changes whenever the same object under the same rules could give another result. */
const scannerVersion = 1;

/** Everything that decides whether an object is clean. */
function keyOf(setup: ScanSetup, rulesHash: string): Buffer {
  const facts = [scannerVersion, rulesHash, [...setup.enabled].toSorted(), setup.maxDecodeDepth];
  return createHash("sha256").update(JSON.stringify(facts)).digest();
}

/** The cache of the repository whose objects are in `folder`; undefined where it is not to be used. */
export function openMemory(
  request: AuditRequest,
  given: { readonly setup: ScanSetup; readonly rulesHash: string; readonly folder: string },
): ObjectCache | undefined {
  if (!request.cache || hasNarrowScope(request.scope)) return undefined;
  const folder = cacheFolder("keywarden", { platform: process.platform, env: request.env, home: homedir() });
  if (folder === undefined) return undefined;
  return openObjectCache({
    folder,
    repository: given.folder,
    key: keyOf(given.setup, given.rulesHash),
    maxBytes: request.settings.cacheSize,
  });
}

/** What is remembered of an audit in which every object could be read. `again` are the objects to be looked at again. */
export function memoryOf(
  table: ObjectTable,
  shape: HistoryShape,
  again: Iterable<number>,
  seed: bigint,
): CachedObjects {
  const { idBytes, ids } = table;
  const kinds = Uint8Array.from(table.kinds, (kind) => (kind === ObjectType.tag ? kind | lookAgain : kind));
  for (const object of again) kinds[object] = (kinds[object] as number) | lookAgain;
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
    seed,
  };
}
