// A provider and its canonical secret in, a name out that says nothing about the secret and stays with it everywhere.

import { createHash, createHmac, scryptSync } from "node:crypto";
import type { Secret } from "../model/secret.ts";
import { estimateBits } from "./bits.ts";
import type { FingerprintKey } from "./key.ts";

/** Secrets of fewer estimated bits are stretched: whoever holds the key could otherwise guess them from a baseline. */
const strongBits = 64;

/** About 5 ms and 2 MiB a secret (docs/decisions/0003-fingerprint.md). */
const stretch = { N: 2048, r: 8, p: 1 } as const;

/** How many stretched secrets are remembered; the oldest goes first. */
const maxRemembered = 8192;

const alphabet = "abcdefghijklmnopqrstuvwxyz234567";

/** The first 130 bits as 26 characters of RFC 4648 base32 in lower case. */
function base32(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < 26; i++) {
    const bit = i * 5;
    const pair = ((bytes[bit >> 3] as number) << 8) | (bytes[(bit >> 3) + 1] as number);
    text += alphabet[(pair >> (11 - (bit & 7))) & 31];
  }
  return text;
}

/** Stretches weak secrets by scrypt. What is remembered is keyed by a hash, not by the secret. */
function createStretcher(key: FingerprintKey): (canonical: string) => Uint8Array {
  const salt = createHmac("sha256", key.bytes).update("keywarden scrypt salt").digest();
  const remembered = new Map<string, Uint8Array>();
  return (canonical) => {
    const name = createHmac("sha256", salt).update(canonical).digest("base64");
    const known = remembered.get(name);
    if (known !== undefined) return known;
    const stretched = scryptSync(canonical, salt, 32, stretch);
    if (remembered.size >= maxRemembered) {
      for (const oldest of remembered.keys()) {
        remembered.delete(oldest);
        break;
      }
    }
    remembered.set(name, stretched);
    return stretched;
  };
}

/**
 * Makes the function that names secrets: `kf1:` and 26 characters of base32 of HMAC-SHA-256(key, provider NUL
 * canonical secret), where a secret of less than 64 estimated bits is replaced by its scrypt hash first. The same
 * key, provider and secret give the same name in every run and every process.
 */
export function createFingerprinter(key: FingerprintKey): (provider: string, canonical: Secret | string) => string {
  const stretchWeak = createStretcher(key);
  return (provider, canonical) => {
    const text = typeof canonical === "string" ? canonical : canonical.reveal();
    const material = estimateBits(text) < strongBits ? stretchWeak(text) : text;
    const digest = createHmac("sha256", key.bytes).update(provider).update("\0").update(material).digest();
    return `kf1:${base32(digest)}`;
  };
}

/** What other scanners' lists know a secret by; a list that holds the secret itself is asked through `is`. */
export interface SecretNames {
  /** Hex SHA-1 of the secret (detect-secrets). */
  readonly sha1: string;
  /** Hex SHA-256 of the secret, and of the secret with the type names that ggshield appends. */
  readonly sha256: readonly string[];
  /** Is the other one the same secret, or a part of it that is at least 8 characters and half of it? */
  is(other: Secret): boolean;
}

/** The match types that ggshield gives to secrets of one part; it hashes `secret,type`. */
const ggshieldTypes = ["apikey", "token", "password", "client_secret", "secret_key", "private_key", "connection_uri"];

function isPart(part: string, whole: string): boolean {
  return part === whole || (part.length >= 8 && part.length * 2 >= whole.length && whole.includes(part));
}

/** The names of a secret in other scanners' lists; undefined when its value was not kept (an empty `Secret`). */
export function namesOf(secret: Secret): SecretNames | undefined {
  const value = secret.reveal();
  if (value === "") return undefined;
  const sha256 = ["", ...ggshieldTypes.map((type) => `,${type}`)];
  return {
    sha1: createHash("sha1").update(value).digest("hex"),
    sha256: sha256.map((tail) => createHash("sha256").update(`${value}${tail}`).digest("hex")),
    is: (other) => isPart(other.reveal(), value),
  };
}
