// Reads a source to its end, contents included, into plain records that tests compare.

import { readFileSync } from "node:fs";

import type { Content, Provenance, Source } from "../../src/model/blob.ts";

export interface Collected {
  readonly text: string;
  readonly id?: string;
  readonly kind: Content["kind"];
  readonly provenance: readonly Provenance[];
}

/** All blobs, in order, with their contents as latin1 text. */
export async function collect(source: Source, signal?: AbortSignal): Promise<Collected[]> {
  const all: Collected[] = [];
  for await (const batch of source.blobs(signal)) {
    for (const { id, content, provenance } of batch) {
      const text = (await bytesOf(content)).toString("latin1");
      all.push({ text, kind: content.kind, provenance, ...(id === undefined ? {} : { id }) });
    }
  }
  return all;
}

async function bytesOf(content: Content): Promise<Buffer> {
  if (content.kind === "bytes") return Buffer.from(content.bytes);
  if (content.kind === "file") return readFileSync(content.file);
  const pieces: Uint8Array[] = [];
  for await (const piece of content.read()) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** `path: text` of every place, sorted; only file contents, not messages. */
export function places(collected: readonly Collected[]): string[] {
  return collected
    .flatMap(({ text, provenance }) =>
      provenance.filter(({ part }) => part === "file").map(({ path }) => `${path}: ${text}`),
    )
    .sort();
}
