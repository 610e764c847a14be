// Finds a real Chromium and opens pages in it, for tests of what people see.

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";
import type { Browser } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Where a Chromium is: `CHROMIUM`, or one of its usual names in the search path; undefined where there is none. */
export function findChromium(env: NodeJS.ProcessEnv): string | undefined {
  const given = env["CHROMIUM"] ?? "";
  if (given !== "") return existsSync(given) ? given : undefined;
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((file) => existsSync(file));
}

/** Starts it without a window. Root may not use its sandbox, and small machines have no large /dev/shm. */
export function startChromium(executablePath: string): Promise<Browser> {
  const args = ["--disable-dev-shm-usage", "--disable-gpu", "--no-first-run"];
  return chromium.launch({ executablePath, headless: true, chromiumSandbox: process.getuid?.() !== 0, args });
}
