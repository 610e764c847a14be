// KEYWARDEN_KEY and the repository's salt in, the key of all fingerprints of one run out.

import { createHash } from "node:crypto";
import { ConfigError, UsageError } from "../errors.ts";

/** The key that fingerprints are made with, and the short name by which files remember which one it was. */
export interface FingerprintKey {
  readonly bytes: Uint8Array;
  /** First 8 hex digits of SHA-256("kid" NUL key), or `default` for the published constant. */
  readonly id: string;
}

/** Where the repository's salt stands, relative to the scanned root. */
export const saltFile = ".keywarden/salt";

/** The fewest characters that KEYWARDEN_KEY may have. */
const minKeyLength = 16;

/** Published: it keeps fingerprints of different programs apart and hides nothing. */
const publishedKey = "keywarden fingerprint key, version 1, published";

function keyId(bytes: Uint8Array): string {
  return createHash("sha256").update("kid\0").update(bytes).digest("hex").slice(0, 8);
}

function keyOf(bytes: Uint8Array): FingerprintKey {
  return { bytes, id: keyId(bytes) };
}

/**
 * Chooses the key: `env` (the value of KEYWARDEN_KEY) if it is set, else `salt` (the text of `.keywarden/salt`, 64 hex
 * digits), else a published constant. White space around either is ignored; an empty `env` counts as not set, because
 * that is what a CI job without access to the secret sees. A short `env` is a UsageError, a malformed `salt` a
 * ConfigError; neither message holds the value.
 */
export function chooseKey(given: {
  readonly env?: string | undefined;
  readonly salt?: string | undefined;
}): FingerprintKey {
  const env = given.env?.trim() ?? "";
  if (env !== "") {
    if (env.length < minKeyLength) {
      throw new UsageError(`KEYWARDEN_KEY has ${env.length} characters and needs at least ${minKeyLength}`, {
        hint: "Make one with: openssl rand -hex 32",
      });
    }
    return keyOf(new TextEncoder().encode(env));
  }
  if (given.salt !== undefined) {
    const salt = given.salt.trim();
    if (!/^[0-9a-f]{64}$/i.test(salt)) {
      throw new ConfigError(
        "the salt is not 64 hex digits",
        { file: saltFile, line: 1 },
        {
          hint: "Restore the file from git. A new salt makes new fingerprints, and the baseline would have to be made anew.",
        },
      );
    }
    return keyOf(Uint8Array.from(Buffer.from(salt, "hex")));
  }
  return { bytes: new TextEncoder().encode(publishedKey), id: "default" };
}
