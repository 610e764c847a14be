// A root in, the key of its own fingerprints out: made where there is none, for what is going to be committed.

import { randomBytes } from "node:crypto";
import { existsSync, linkSync, lstatSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { realPlace } from "../base/real-place.ts";
import { UsageError } from "../errors.ts";
import { saltFile } from "../findings/key.ts";
import type { FingerprintKey } from "../findings/key.ts";
import { keyOf } from "./side-files.ts";

/** A scanned repository must not have us write outside of it, by a link in the place of its own folder. */
function refuseLinks(root: string): void {
  const folder = path.dirname(saltFile);
  if (realPlace(root, folder) === undefined) {
    throw new UsageError(`${folder} leads outside the root through a link`, { hint: "Make it a folder." });
  }
  const found = lstatSync(path.join(root, saltFile), { throwIfNoEntry: false });
  if (found?.isSymbolicLink() === true) throw new UsageError(`${saltFile} is a link`, { hint: "Make it a file." });
}

/** Two runs at once may both find no salt: the first one's holds, and neither sees half of it. */
function makeSalt(file: string): void {
  const temporary = `${file}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(temporary, `${randomBytes(32).toString("hex")}\n`, { flag: "wx" });
    linkSync(temporary, file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return;
    throw new UsageError(`cannot make ${saltFile} (${code ?? "unknown reason"})`, {
      hint: "Make its folder writable, or set KEYWARDEN_KEY.",
      cause: error,
    });
  } finally {
    rmSync(temporary, { force: true });
  }
}

/**
 * The key of files that are committed: KEYWARDEN_KEY, or the repository's salt, which is made if there is none. Never the
 * published key, with which anybody could try values. Throws UsageError where a link leads elsewhere or nothing can be
 * written.
 */
export function ownKey(root: string, env: NodeJS.ProcessEnv): FingerprintKey {
  refuseLinks(root);
  const file = path.join(root, saltFile);
  if ((env["KEYWARDEN_KEY"] ?? "").trim() === "" && !existsSync(file)) makeSalt(file);
  return keyOf(root, env);
}
