// The package's own version, for `--version` and for reports.

import { readFileSync } from "node:fs";
import { assetUrl } from "./assets.ts";

/** As in package.json, which stands one folder above the built files. */
export function ownVersion(): string {
  const text = readFileSync(new URL("../package.json", assetUrl("rules.json")), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
