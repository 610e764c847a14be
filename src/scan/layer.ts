// A content, or a text decoded from part of another: bytes, and the way back to the file's own offsets.

import type { Encoding, Span } from "../model/match.ts";

/** Decoded bytes and where each came from. The root layer is the content itself. */
export interface Layer {
  /** The bytes; ask anew after every call that may move the kernel's memory. */
  readonly bytes: Buffer;
  /** 0 for the content itself, one more for each decoding. */
  readonly depth: number;
  /** The bytes that stand together with the one at an offset: all of a content, one decoded run of many. */
  rangeAt(offset: number): Span;
  /** Maps a span of this layer to the span of the content that encodes it; both half-open. */
  toRoot(span: Span): Span;
  /** The encodings between the content and the byte at an offset, outermost first. */
  encodingsAt(offset: number): readonly Encoding[];
}

/** The layer that is the content itself; `encodings` when the content was transcoded before. */
export function rootLayer(view: () => Buffer, encodings: readonly Encoding[]): Layer {
  return {
    get bytes() {
      return view();
    },
    depth: 0,
    rangeAt: () => ({ start: 0, end: view().length }),
    toRoot: (span) => span,
    encodingsAt: () => encodings,
  };
}

/** Views kernel memory, or any bytes, as a Buffer without copying. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
}
