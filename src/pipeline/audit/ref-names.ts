// Refs in, those out whose names hold a secret: each a find of its own.

import { TextBatch } from "../../scan/text-batch.ts";
import { ContentScanner } from "../content-scanner.ts";
import type { ScanSetup } from "../scan-setup.ts";
import type { Referring } from "./references.ts";
import type { FoundObject } from "./share.ts";

/** A ref whose name holds a secret. For origins the name is an object of its own, which names what the ref does. */
export interface FoundRef {
  /** Its number; behind those of all objects. */
  readonly object: number;
  readonly found: FoundObject;
}

/** Scans the names of refs, each once. `first` is the first number that is free. */
export function findRefNames(refs: Referring["refs"], setup: ScanSetup, first: number): FoundRef[] {
  const finds: FoundRef[] = [];
  const scanner = new ContentScanner(setup);
  const batch = new TextBatch<Referring["refs"][number]>(scanner.bench, ({ name: ref, object }, bytes) => {
    const scanned = scanner.scanBytes(bytes);
    if (scanned.matches.length === 0) return;
    const found = { object, part: "name", scanned, name: Buffer.from(bytes), ref } as const;
    finds.push({ object: first + finds.length, found });
  });
  for (const ref of new Map(refs.map((each) => [each.name, each])).values()) batch.add(ref, Buffer.from(ref.name));
  batch.flush();
  return finds;
}
