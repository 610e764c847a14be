// The registry in, a folder with lefthook in it out. It is no dependency: its package puts hooks into the repository in
// which it is installed, so it is fetched here without its scripts.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const version = "2.2.2";
const cache = join(import.meta.dirname, "../../node_modules/.cache/keywarden-tests");

/** The folder of packages that lefthook is in; undefined, and a word about it, where the registry cannot be reached. */
export function lefthookPackages(): string | undefined {
  const folder = join(cache, `lefthook-${version}`);
  const packages = join(folder, "node_modules");
  if (existsSync(packages)) return packages;
  mkdirSync(cache, { recursive: true });
  const making = mkdtempSync(join(cache, "making-"));
  try {
    writeFileSync(join(making, "package.json"), "{}\n");
    const npm = process.platform === "win32" ? "npm.cmd" : "npm";
    const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--no-save"];
    execFileSync(npm, ["install", ...flags, `lefthook@${version}`], {
      cwd: making,
      stdio: "ignore",
      shell: process.platform === "win32",
    });
    renameSync(making, folder);
  } catch {
    // Another test may have been quicker: then its folder is there.
    rmSync(making, { recursive: true, force: true });
    if (existsSync(packages)) return packages;
    process.stderr.write("SKIPPED: hooks run by lefthook, which could not be had from the registry\n");
    return undefined;
  }
  return packages;
}
