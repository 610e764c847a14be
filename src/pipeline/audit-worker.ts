// A thread of an audit: told to begin with contents or trees, it says what it finds; secrets' values never cross.

import { parentPort, workerData } from "node:worker_threads";
import { ContentScanner } from "./content-scanner.ts";
import { packScanned } from "./packed.ts";
import type { PackedScanned } from "./packed.ts";
import type {
  AuditShare,
  ContentSummary,
  FailedObject,
  FoundObject,
  TreeSummary,
  UnitResult,
  Wanted,
} from "./audit/share.ts";
import type { ScanSetup } from "./scan-setup.ts";
import { buffersOf } from "./audit/rows.ts";
import { AuditThread } from "./audit/thread.ts";

/** What the thread is told to do. */
export type AuditOrder =
  | { readonly kind: "share"; readonly share: AuditShare }
  | { readonly kind: "contents" }
  | { readonly kind: "trees"; readonly wanted: Wanted };

/** What it answers: results as they come, then the end of its order. */
export type AuditAnswer =
  | {
      readonly kind: "unit";
      readonly found: readonly (Omit<FoundObject, "scanned"> & { readonly scanned: PackedScanned })[];
      readonly failed: readonly FailedObject[];
    }
  | {
      readonly kind: "contents";
      readonly summary: ContentSummary;
      readonly times: readonly (readonly [string, number])[];
    }
  | { readonly kind: "trees"; readonly summary: TreeSummary };

const port = parentPort;
// The first thing that is needed, and slow to make: it is made while the work is still being laid out.
const scanner = new ContentScanner(workerData as ScanSetup);
let thread: AuditThread | undefined;

function say(answer: AuditAnswer, buffers: readonly ArrayBuffer[] = []): void {
  port?.postMessage(answer, [...buffers]);
}

function sayUnit({ found, failed }: UnitResult): void {
  if (found.length === 0 && failed.length === 0) return;
  say({ kind: "unit", found: found.map((one) => ({ ...one, scanned: packScanned(one.scanned) })), failed });
}

port?.on("message", (order: AuditOrder) => {
  if (order.kind === "share") {
    thread = new AuditThread(order.share, scanner);
    return;
  }
  if (thread === undefined) return;
  const work = order.kind === "contents" ? thread.contents() : thread.trees(order.wanted);
  let step = work.next();
  for (; step.done !== true; step = work.next()) sayUnit(step.value);
  if (order.kind === "contents") {
    const summary = step.value as ContentSummary;
    say({ kind: "contents", summary, times: [...thread.takeTimes()] }, buffersOf(summary.commits));
  } else {
    const summary = step.value as TreeSummary;
    say({ kind: "trees", summary }, buffersOf(summary.rows));
  }
});
