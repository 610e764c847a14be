// Scanned blobs in, plain data for another thread out, and back: only masks cross, never a secret's value.

import type { Problem } from "../model/blob.ts";
import type { Match, Scanned } from "../model/match.ts";
import { Secret } from "../model/secret.ts";
import type { ScannedBlob } from "./content-scanner.ts";

type PackedMatch = Omit<Match, "secret"> & { readonly masked: string };

/** What scanning one content gave, as it crosses threads. */
export type PackedScanned = Omit<Scanned, "matches"> & { readonly matches: readonly PackedMatch[] };

interface PackedBlob {
  /** Index in the batch. */
  readonly index: number;
  readonly scanned?: PackedScanned;
  readonly problem?: Problem;
}

/** The answer to one batch; blobs in which nothing was found are only counted. */
export interface PackedBatch {
  readonly contents: number;
  readonly bytes: number;
  readonly blobs: readonly PackedBlob[];
  readonly times: readonly (readonly [string, number])[];
}

/** Packs the results of one batch, in its order, with the thread's rule times since the last batch. */
export function pack(scanned: readonly ScannedBlob[], times: ReadonlyMap<string, number>): PackedBatch {
  const blobs: PackedBlob[] = [];
  let bytes = 0;
  let contents = 0;
  scanned.forEach((blob, index) => {
    if (blob.scanned !== undefined) contents++;
    bytes += blob.scanned?.bytes ?? 0;
    if ((blob.scanned?.matches.length ?? 0) === 0 && blob.problem === undefined) return;
    blobs.push({
      index,
      ...(blob.problem === undefined ? {} : { problem: blob.problem }),
      ...(blob.scanned === undefined ? {} : { scanned: packScanned(blob.scanned) }),
    });
  });
  return { contents, bytes, blobs, times: [...times] };
}

/** Takes the secrets out of one content's matches: only their masks stay. */
export function packScanned(scanned: Scanned): PackedScanned {
  const matches = scanned.matches.map(({ secret, ...match }) => ({ ...match, masked: secret.masked }));
  return { ...scanned, matches };
}

/** Gives a packed blob's matches their secrets back, as masks without values. */
export function unpack(packed: PackedScanned): Scanned {
  const matches = packed.matches.map(({ masked, ...match }) => ({ ...match, secret: new Secret("", masked) }));
  return { ...packed, matches };
}
