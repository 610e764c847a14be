// The name of a built file in, where it stands out: beside the bundle, or in dist/ when run from the sources.

import { existsSync, readFileSync } from "node:fs";

/** URL of a file of dist/ (`kernel.wasm`, `rules.json`, `scan-worker.js`), wherever this code was bundled to. */
export function assetUrl(name: string): URL {
  for (const place of ["./", "../", "../../dist/"]) {
    const url = new URL(`${place}${name}`, import.meta.url);
    if (existsSync(url)) return url;
  }
  return new URL(`./${name}`, import.meta.url);
}

/** The text of a built file (UTF-8). Throws Node's error where it was not built. */
export function assetText(name: string): string {
  return readFileSync(assetUrl(name), "utf8");
}
