// Turns a file whose name cannot be written as text into a stream of its contents.

import type { Problem } from "../model/blob.ts";
import type { NativePath } from "./native-path.ts";
import { readSegments } from "./read-file.ts";

const segmentBytes = 1 << 20;

/** Yields the contents of `file`, shown as `path`; what goes wrong is added to `problems`. */
export async function* streamFile(file: NativePath, path: string, problems: Problem[]): AsyncGenerator<Uint8Array> {
  const into = (size: number): Uint8Array => new Uint8Array(Math.min(size, segmentBytes));
  const segments = readSegments(file, { path, segmentBytes, overlapBytes: 0, into });
  try {
    for (let next = segments.next(); ; next = segments.next()) {
      if (next.done === true) {
        if (next.value !== undefined) problems.push(next.value);
        return;
      }
      yield next.value.bytes;
    }
  } finally {
    segments.return(undefined);
  }
}
