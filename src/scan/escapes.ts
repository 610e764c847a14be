// Positions of character escapes in, decoded texts out, each byte with the offset it came from.

import type { Encoding, Span } from "../model/match.ts";
import type { Layer } from "./layer.ts";

/** The kinds of escape that the kernel reports, by its ids. */
const escapeKinds: readonly Encoding[] = ["percent", "unicode", "unicode", "html"];

const patterns: Readonly<Record<string, RegExp>> = {
  percent: /%([0-9A-Fa-f]{2})/y,
  unicode: /\\(?:u\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2}))/y,
  html: /&#(?:[xX]([0-9A-Fa-f]{1,6})|([0-9]{1,7}));?/y,
};

/** Text of escapes of one kind that stand close together, with the plain text around them. */
export interface Unescaped {
  readonly encoding: Encoding;
  readonly bytes: Buffer;
  /** For each decoded byte, and one past the last, the offset in the source. */
  readonly offsets: Uint32Array;
}

/** How much plain text on either side of an escape is taken along. */
const marginBytes = 512;
/** No escape is longer than `\\U` and eight digits or `&#x`, six digits and a semicolon. */
const longestEscape = 10;

interface Cluster {
  readonly encoding: Encoding;
  /** Bounds in the list of escapes; those of other encodings in between are not the cluster's. */
  readonly first: number;
  last: number;
  /** Bounds of the text that it stands in. */
  readonly range: Span;
  /** Whether an escape in it may stand for text. */
  tells: boolean;
}

/** The value of two hex digits, or -1. */
function hexPair(high: number | undefined, low: number | undefined): number {
  const value = Number.parseInt(String.fromCharCode(high ?? 0, low ?? 0), 16);
  return Number.isNaN(value) ? -1 : value;
}

/** A quick no to escapes of bytes and controls, such as those in tables of numbers; entities and long forms pass. */
function mayTell(bytes: Buffer, offset: number, kind: number): boolean {
  if (kind === 0) return isTextual(hexPair(bytes[offset + 1], bytes[offset + 2]));
  if (kind === 2) return isTextual(hexPair(bytes[offset + 2], bytes[offset + 3]));
  if (kind !== 1 || bytes[offset + 1] !== 0x75 || bytes[offset + 2] === 0x7b) return true;
  const isAscii = hexPair(bytes[offset + 2], bytes[offset + 3]) === 0;
  return isAscii && isTextual(hexPair(bytes[offset + 4], bytes[offset + 5]));
}

/** Escapes of one text whose margins touch are one cluster, so that no byte is decoded twice at one level. */
function clustersOf({ bytes, rangeAt }: EscapedLayer, { offsets, ids, count }: Escapes): Cluster[] {
  const open = new Map<Encoding, Cluster>();
  const clusters: Cluster[] = [];
  for (let i = 0; i < count; i++) {
    const kind = ids[i] as number;
    const encoding = escapeKinds[kind] as Encoding;
    const cluster = open.get(encoding);
    const offset = offsets[i] as number;
    const isNear =
      cluster !== undefined && offset - (offsets[cluster.last] as number) <= longestEscape + 2 * marginBytes;
    if (isNear && offset < cluster.range.end) {
      cluster.last = i;
      cluster.tells ||= mayTell(bytes, offset, kind);
      continue;
    }
    const next = { encoding, first: i, last: i, range: rangeAt(offset), tells: mayTell(bytes, offset, kind) };
    open.set(encoding, next);
    clusters.push(next);
  }
  return clusters.filter((cluster) => cluster.tells);
}

/** The character code of the escape at `offset` and its length, or undefined. */
function escapeAt(text: string, offset: number, encoding: Encoding): { code: number; length: number } | undefined {
  const pattern = patterns[encoding] as RegExp;
  pattern.lastIndex = offset;
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const digits = match.slice(1).find((group) => group !== undefined) ?? "";
  const decimal = encoding === "html" && match[2] !== undefined;
  return { code: Number.parseInt(digits, decimal ? 10 : 16), length: match[0].length };
}

function isTextual(code: number): boolean {
  return (code >= 0x20 && code < 0x7f) || code === 0x0a || code === 0x0d || code === 0x09;
}

type Escapes = { readonly count: number; readonly offsets: Uint32Array; readonly ids: Uint16Array };

function unescape(bytes: Buffer, cluster: Cluster, found: Escapes): Unescaped | undefined {
  const start = Math.max(cluster.range.start, (found.offsets[cluster.first] as number) - marginBytes);
  const end = Math.min(cluster.range.end, (found.offsets[cluster.last] as number) + longestEscape + marginBytes);
  const text = bytes.toString("latin1", start, end);
  const decoded = Buffer.allocUnsafe(text.length);
  const offsets = new Uint32Array(text.length + 1);
  let length = 0;
  let telling = 0;
  let at = 0;
  const copyUntil = (until: number) => {
    for (; at < until; at++) {
      offsets[length] = start + at;
      decoded[length++] = text.charCodeAt(at);
    }
  };
  for (let i = cluster.first; i <= cluster.last; i++) {
    const place = (found.offsets[i] as number) - start;
    if (place < at || escapeKinds[found.ids[i] as number] !== cluster.encoding) continue;
    const escape = escapeAt(text, place, cluster.encoding);
    if (escape === undefined) continue;
    copyUntil(place);
    offsets[length] = start + at;
    decoded[length++] = isTextual(escape.code) ? escape.code : 0;
    if (isTextual(escape.code)) telling++;
    at += escape.length;
  }
  copyUntil(text.length);
  offsets[length] = end;
  if (telling === 0) return undefined;
  return { encoding: cluster.encoding, bytes: decoded.subarray(0, length), offsets: offsets.subarray(0, length + 1) };
}

/** What of a layer is asked for here. */
type EscapedLayer = Pick<Layer, "bytes" | "rangeAt">;

/**
 * Decodes each cluster of escapes of one kind; none reaches into the text of another run. A character outside printable ASCII becomes NUL, which no token holds;
 * a cluster that decodes to nothing else is left out. One cluster is held at a time; the layer must stay readable.
 */
export function* decodeEscapes(layer: EscapedLayer, found: Escapes): Generator<Unescaped> {
  for (const cluster of found.count === 0 ? [] : clustersOf(layer, found)) {
    const text = unescape(layer.bytes, cluster, found);
    if (text !== undefined) yield text;
  }
}
