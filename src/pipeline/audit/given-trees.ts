// Trees that git gave in, their rows out: subtrees, what they hold and lack, and the names in which something stands.

import { NONE } from "../../base/merge-ids.ts";
import { TextBatch } from "../../scan/text-batch.ts";
import type { ContentScanner } from "../content-scanner.ts";
import type { ObjectAccess } from "./access.ts";
import { rawEntries } from "./graph.ts";
import type { ObjectFinder } from "./graph.ts";
import { Numbers } from "./rows.ts";
import type { FoundObject, TreeRows } from "./share.ts";

const treeMode = "40000";
const linkMode = "160000";

/** Takes trees one after the other; they are kept for whoever reads them later. */
export class GivenTrees {
  readonly #idBytes: number;
  readonly #finder: ObjectFinder;
  readonly #access: ObjectAccess;
  readonly #batch: TextBatch<number>;
  readonly #seen = new Set<number>();
  readonly #missing = new Set<string>();
  readonly #trees = { objects: new Numbers(), counts: new Numbers(), children: new Numbers(), names: new Numbers() };
  readonly #holds = { trees: new Numbers(), blobs: new Numbers(), names: new Numbers() };

  /** Names that hold something are put into `found`, each with its bytes. */
  constructor(
    tools: { readonly idBytes: number; readonly finder: ObjectFinder; readonly access: ObjectAccess },
    scanner: ContentScanner,
    found: FoundObject[],
  ) {
    this.#idBytes = tools.idBytes;
    this.#finder = tools.finder;
    this.#access = tools.access;
    this.#batch = new TextBatch(scanner.bench, (object, bytes) => {
      const scanned = scanner.scanBytes(bytes);
      if (scanned.matches.length > 0) found.push({ object, part: "name", scanned, name: Buffer.from(bytes) });
    });
  }

  take(object: number, bytes: Buffer): void {
    this.#access.keep(object, bytes);
    this.#trees.objects.push(object);
    let count = 0;
    for (const { mode, name, id } of rawEntries(bytes, this.#idBytes)) {
      const key = this.#access.nameKey(name);
      const entry = this.#finder.byId(id);
      if (!this.#seen.has(key)) this.#batch.add(object, name);
      this.#seen.add(key);
      if (mode === treeMode) {
        this.#trees.children.push(entry);
        this.#trees.names.push(key);
        count++;
      } else if (entry !== NONE) {
        this.#holds.trees.push(object);
        this.#holds.blobs.push(entry);
        this.#holds.names.push(key);
      } else if (mode !== linkMode) this.#missing.add(id.toString("hex"));
    }
    this.#trees.counts.push(count);
  }

  /** The trees as rows, and hex ids of the blobs that they name and that are not here. Ends the names under way. */
  result(): { readonly rows: TreeRows; readonly missing: readonly string[] } {
    this.#batch.flush();
    return {
      rows: {
        objects: this.#trees.objects.take(),
        childCounts: this.#trees.counts.take(),
        children: this.#trees.children.take(),
        childNames: this.#trees.names.take(),
        holdTrees: this.#holds.trees.take(),
        holdBlobs: this.#holds.blobs.take(),
        holdNames: this.#holds.names.take(),
      },
      missing: [...this.#missing],
    };
  }
}
