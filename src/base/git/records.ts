// Turns git's NUL-terminated output (`-z`) into records, keeping file names that are not valid UTF-8 as bytes.

import { isUtf8 } from "node:buffer";

/** A record of git's output: text, or the bytes themselves where they are not valid UTF-8. */
export type GitRecord = string | Buffer;

/** Yields the records of each chunk together; a last record without its NUL is yielded too. */
export async function* nulRecords(stream: AsyncIterable<Buffer>): AsyncGenerator<GitRecord[]> {
  let rest: Buffer[] = [];
  for await (const chunk of stream) {
    const end = chunk.lastIndexOf(0);
    if (end < 0) {
      rest.push(chunk);
      continue;
    }
    const complete = rest.length === 0 ? chunk.subarray(0, end) : Buffer.concat([...rest, chunk.subarray(0, end)]);
    rest = end + 1 < chunk.length ? [chunk.subarray(end + 1)] : [];
    yield splitRecords(complete);
  }
  if (rest.length > 0) yield splitRecords(Buffer.concat(rest));
}

function splitRecords(bytes: Buffer): GitRecord[] {
  if (isUtf8(bytes)) return bytes.toString("utf8").split("\0");
  const records: GitRecord[] = [];
  for (let start = 0; start <= bytes.length;) {
    const found = bytes.indexOf(0, start);
    const end = found < 0 ? bytes.length : found;
    const record = bytes.subarray(start, end);
    records.push(isUtf8(record) ? record.toString("utf8") : Buffer.from(record));
    start = end + 1;
  }
  return records;
}
