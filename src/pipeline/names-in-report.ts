// What a report would show of paths, authors and refs in, those parts of them that hold a secret out: each with its mask.

import type { HiddenName } from "../report/mask-names.ts";
import { TextBatch } from "../scan/text-batch.ts";
import { ContentScanner } from "./content-scanner.ts";
import type { ScanSetup } from "./scan-setup.ts";

/** Keys of records under which nothing stands that people wrote. */
const machineKeys = new Set(["commit", "object", "date", "kind", "part", "exposure", "frame"]);

function* wordsIn(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) if (!machineKeys.has(key)) yield* wordsIn(inner);
}

/** Looks for secrets in every text of `records` (places, origins, problems, counts with examples), each text once. */
export function secretNames(records: unknown, setup: ScanSetup): readonly HiddenName[] {
  const words = new Set(wordsIn(records));
  if (words.size === 0) return [];
  const names: HiddenName[] = [];
  const scanner = new ContentScanner({ ...setup, keepValues: false, timings: false });
  const batch = new TextBatch<string>(scanner.bench, (_, bytes) => {
    for (const { span, secret } of scanner.scanBytes(bytes).matches)
      names.push({ name: Buffer.from(bytes).toString("utf8", span.start, span.end), shown: secret.masked });
  });
  for (const word of words) batch.add(word, Buffer.from(word, "utf8"));
  batch.flush();
  return names;
}
