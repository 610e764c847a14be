// The name of a built file in, where it stands out: beside the bundle, or in dist/ when run from the sources.

import { existsSync } from "node:fs";

/** URL of a file of dist/ (`kernel.wasm`, `rules.json`, `scan-worker.js`), wherever this code was bundled to. */
export function assetUrl(name: string): URL {
  for (const place of ["./", "../", "../../dist/"]) {
    const url = new URL(`${place}${name}`, import.meta.url);
    if (existsSync(url)) return url;
  }
  return new URL(`./${name}`, import.meta.url);
}
