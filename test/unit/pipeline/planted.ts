// Seeds → tokens of one rule, contents with such tokens in them, and what a scanning thread needs to find them.

import { chooseKey } from "../../../src/findings/key.ts";
import type { Blob, Problem, Skip, Source } from "../../../src/model/blob.ts";
import { builtInRules, kernelModule } from "../../../src/pipeline/scan-setup.ts";
import type { ScanSetup } from "../../../src/pipeline/scan-setup.ts";
import { expandTemplate } from "../../../src/rules/samples.ts";

export const plantedRule = "ofself.access-token";

/** A token of `plantedRule`; another for each seed. */
export function plantedToken(seed: string): string {
  return expandTemplate("ofs_access_{{base62:64}}", seed);
}

/** The setup of a plain scan with the built-in rules. */
export function plainSetup(changes: Partial<ScanSetup> = {}): ScanSetup {
  const { rules, tables } = builtInRules();
  return {
    rules,
    enabled: new Set(rules.map((rule) => rule.id)),
    tables,
    wasm: kernelModule(),
    key: chooseKey({}),
    now: Date.UTC(2026, 0, 1),
    maxDecodeDepth: 3,
    keepValues: false,
    timings: false,
    ...changes,
  };
}

/** A blob of bytes at one place. */
export function bytesBlob(path: string, content: string | Uint8Array): Blob {
  const bytes = typeof content === "string" ? Buffer.from(content, "utf8") : content;
  return { content: { kind: "bytes", bytes }, provenance: [{ path, part: "file" }] };
}

/** A blob of a file, shown as `path`. */
export function fileBlob(path: string, file: string): Blob {
  return { content: { kind: "file", file }, provenance: [{ path, part: "file" }] };
}

/** A blob whose content comes in the given portions. */
export function streamBlob(path: string, portions: Iterable<Uint8Array>): Blob {
  return {
    content: {
      kind: "stream",
      async *read() {
        yield* portions;
      },
    },
    provenance: [{ path, part: "file" }],
  };
}

/** A source of given batches; `onBatch` is told how many were asked for, `ended` whether it was closed. */
export class FakeSource implements Source {
  readonly name: string;
  readonly problems: Problem[] = [];
  readonly skips: Skip[] = [];
  readonly commits?: number;
  asked = 0;
  ended = false;
  readonly #batches: Iterable<readonly Blob[]>;
  readonly #onBatch: (count: number) => void;

  constructor(
    name: string,
    batches: Iterable<readonly Blob[]>,
    more: { readonly commits?: number; readonly onBatch?: (count: number) => void } = {},
  ) {
    this.name = name;
    this.#batches = batches;
    this.#onBatch = more.onBatch ?? (() => undefined);
    if (more.commits !== undefined) this.commits = more.commits;
  }

  async *blobs(): AsyncGenerator<readonly Blob[]> {
    try {
      for (const batch of this.#batches) {
        this.#onBatch(++this.asked);
        yield batch;
        await new Promise((next) => setImmediate(next));
      }
    } finally {
      this.ended = true;
    }
  }
}
