// A scanning thread: batches of blobs in over its port, what was found in them out, secrets' values never.

import { parentPort, workerData } from "node:worker_threads";
import type { Blob } from "../model/blob.ts";
import type { Answer } from "../scan/pool.ts";
import { ContentScanner } from "./content-scanner.ts";
import { pack } from "./packed.ts";
import type { PackedBatch } from "./packed.ts";
import type { ScanSetup } from "./scan-setup.ts";

const scanner = new ContentScanner(workerData as ScanSetup);

parentPort?.on("message", (message: { readonly id: number; readonly work: readonly Blob[] }) => {
  let answer: Answer<PackedBatch>;
  try {
    const scanned = message.work.map((blob) => scanner.scan(blob));
    answer = { id: message.id, result: pack(scanned, scanner.takeTimes()) };
  } catch (error) {
    answer = { id: message.id, failed: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  parentPort?.postMessage(answer);
});
