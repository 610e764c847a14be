// Pieces of a base in, a delta as git packs it out (gitformat-pack, "Deltified representation").

/** A piece of a content: bytes of its base, or bytes of its own. */
export type DeltaPiece = { readonly from: number; readonly length: number } | { readonly bytes: Uint8Array };

/** Every seven bits a byte, the lowest first. */
export function sizeBytes(size: number): number[] {
  const bytes: number[] = [];
  let left = size;
  for (; left > 127; left = Math.floor(left / 128)) bytes.push((left % 128) | 128);
  return [...bytes, left];
}

function copyOp(from: number, length: number): number[] {
  const op = [128];
  for (let index = 0; index < 4; index++) {
    const byte = Math.floor(from / 256 ** index) % 256;
    if (byte === 0) continue;
    op[0] = (op[0] as number) | (1 << index);
    op.push(byte);
  }
  const written = length === 0x10000 ? 0 : length;
  for (let index = 0; index < 3; index++) {
    const byte = Math.floor(written / 256 ** index) % 256;
    if (byte === 0) continue;
    op[0] = (op[0] as number) | (16 << index);
    op.push(byte);
  }
  return op;
}

function opsOf(piece: DeltaPiece): Buffer[] {
  const ops: Buffer[] = [];
  if ("bytes" in piece) {
    for (let at = 0; at < piece.bytes.length; at += 127) {
      const part = piece.bytes.subarray(at, at + 127);
      ops.push(Buffer.from([part.length]), Buffer.from(part));
    }
    return ops;
  }
  for (let done = 0; done < piece.length; done += 0x10000)
    ops.push(Buffer.from(copyOp(piece.from + done, Math.min(0x10000, piece.length - done))));
  return ops;
}

/** What the pieces make of `base`. */
export function contentOf(base: Uint8Array, pieces: readonly DeltaPiece[]): Buffer {
  return Buffer.concat(
    pieces.map((piece) => ("bytes" in piece ? piece.bytes : base.subarray(piece.from, piece.from + piece.length))),
  );
}

/** The delta that makes those pieces of a base of `baseSize` bytes. */
export function deltaOf(baseSize: number, pieces: readonly DeltaPiece[]): Buffer {
  const size = pieces.reduce((sum, piece) => sum + ("bytes" in piece ? piece.bytes.length : piece.length), 0);
  return Buffer.concat([Buffer.from([...sizeBytes(baseSize), ...sizeBytes(size)]), ...pieces.flatMap(opsOf)]);
}
