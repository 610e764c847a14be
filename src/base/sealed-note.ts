// A text and a secret → a file in the user's cache folder that says nothing to whoever lacks the secret, and back.
// Format: `SEALNOTE`, 12 bytes of nonce, 16 bytes of tag, then the text under AES-256-GCM (NIST SP 800-38D).

import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { readFully } from "./git/regular-file.ts";
import { CacheFile } from "./cache-file.ts";
import type { CacheFolder } from "./cache-file.ts";

const magic = Buffer.from("SEALNOTE", "latin1");
const nonceBytes = 12;
const tagBytes = 16;
const headBytes = magic.length + nonceBytes + tagBytes;
/** Larger notes are neither written nor read. */
const maxNoteBytes = 32 * 1024 * 1024;

/** One note. It can be read by whoever knows the very secret that it was written under, and by nobody else. */
export class SealedNote {
  readonly #file: CacheFile;
  readonly #maxBytes: number;

  /** `subject` is a stable name of what the note is about: each has one note, the last that was written. */
  constructor(folder: CacheFolder, subject: string) {
    this.#file = new CacheFile(folder, subject, "unchanged");
    this.#maxBytes = Math.min(maxNoteBytes, folder.maxBytes);
  }

  /** The text; undefined where there is none under this secret, or one that is damaged. */
  read(secret: Uint8Array): string | undefined {
    return this.#file.read((file, size) => {
      if (size < headBytes || size > this.#maxBytes) return undefined;
      const bytes = Buffer.alloc(size);
      return readFully(file, bytes, 0) === size ? open(bytes, secret) : undefined;
    });
  }

  /** Puts the text in the place of what was there; returns why not, in words for a person. */
  write(text: string, secret: Uint8Array): string | undefined {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv("aes-256-gcm", keyOf(secret), nonce).setAAD(magic);
    const sealed = [cipher.update(text, "utf8"), cipher.final()];
    const pieces = [magic, nonce, cipher.getAuthTag(), ...sealed].filter((piece) => piece.length > 0);
    const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
    if (size > this.#maxBytes) return `${size} bytes are more than the ${this.#maxBytes} that a note may have`;
    return this.#file.write(pieces);
  }
}

/** Each use of a secret has a key of its own. */
function keyOf(secret: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", secret, new Uint8Array(0), "sealed note 1", 32));
}

function open(bytes: Buffer, secret: Uint8Array): string | undefined {
  if (!bytes.subarray(0, magic.length).equals(magic)) return undefined;
  const nonce = bytes.subarray(magic.length, magic.length + nonceBytes);
  const decipher = createDecipheriv("aes-256-gcm", keyOf(secret), nonce, { authTagLength: tagBytes });
  decipher.setAAD(magic).setAuthTag(bytes.subarray(magic.length + nonceBytes, headBytes));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(headBytes)), decipher.final()]).toString("utf8");
  } catch {
    // The tag does not fit: another secret, or damage; which of them cannot be told, and need not be.
    return undefined;
  }
}
