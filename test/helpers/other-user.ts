// Who runs the tests in, a user to whom files can be closed out: root may read and write everything.

import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import process from "node:process";
import { executable } from "./cli-run.ts";

const nobody = 65_534;

/**
 * Options under which keywarden runs as somebody who can be denied a file: none needed for an ordinary user. Undefined on
 * Windows, and for root where Node or this checkout stand in a folder of root's own, in which nobody else can run anything.
 */
export function deniableUser(): { readonly uid?: number } | undefined {
  if (process.platform === "win32") return undefined;
  if (process.getuid?.() !== 0) return {};
  const tried = spawnSync(process.execPath, [executable, "--version"], { uid: nobody, cwd: tmpdir() });
  return tried.status === 0 ? { uid: nobody } : undefined;
}
