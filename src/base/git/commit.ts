// Turns the bytes of a commit object into its parents, author, date and messages. Format: git's commit objects.

/** What a commit says of itself. */
export interface Commit {
  /** Hex ids as written, whatever a shallow clone holds of them. */
  readonly parents: readonly string[];
  /** `Name <mail>`. */
  readonly author?: string;
  /** ISO 8601 with offset. */
  readonly date?: string;
  /** Bytes after the headers, in whatever encoding they were written. */
  readonly message: Uint8Array;
  /** Messages of the signed tags that were merged (`mergetag` headers). */
  readonly tagMessages: readonly Uint8Array[];
}

/** Reads a commit object; headers it does not know are passed over. */
export function parseCommit(bytes: Uint8Array): Commit {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const blank = buffer.indexOf("\n\n");
  const headerEnd = blank < 0 ? buffer.length : blank;
  const headers = unfold(buffer.toString("latin1", 0, headerEnd));
  const author = headers.find(([name]) => name === "author")?.[1];
  return {
    parents: headers.filter(([name]) => name === "parent").map(([, value]) => value),
    ...(author === undefined ? {} : parseIdentity(Buffer.from(author, "latin1").toString("utf8"))),
    message: buffer.subarray(Math.min(headerEnd + 2, buffer.length)),
    tagMessages: headers
      .filter(([name, value]) => name === "mergetag" && value.includes("\n\n"))
      .map(([, value]) => Buffer.from(value.slice(value.indexOf("\n\n") + 2), "latin1")),
  };
}

/** Name and value of each header; a line that starts with a space continues the one before. */
function unfold(text: string): [string, string][] {
  return text
    .replaceAll("\n ", "\n\0")
    .split(/\n(?!\0)/)
    .map((line) => {
      const space = line.indexOf(" ");
      return [line.slice(0, space), line.slice(space + 1).replaceAll("\n\0", "\n")];
    });
}

function parseIdentity(line: string): { author: string; date?: string } {
  const parts = /^(.*>) (-?\d+) ([+-])(\d\d)(\d\d)$/s.exec(line);
  if (parts === null) return { author: line };
  const [, author = "", seconds, sign = "+", hours = "00", minutes = "00"] = parts;
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === "-" ? -1 : 1);
  const local = new Date(Number(seconds) * 1000 + offsetMs);
  if (Number.isNaN(local.getTime())) return { author };
  return { author, date: `${local.toISOString().slice(0, -5)}${sign}${hours}:${minutes}` };
}
