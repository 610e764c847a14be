// The HTML report's style and script in src/report/page → report-page.css and report-page.js.
// Run: node scripts/build-page.mjs [output folder]
import path from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Writes both files into a folder. */
export async function buildPage(folder) {
  await build({
    absWorkingDir: root,
    entryPoints: { "report-page": "src/report/page/main.ts" },
    outdir: folder,
    bundle: true,
    minify: true,
    charset: "ascii",
    format: "iife",
    platform: "browser",
    target: "es2022",
    tsconfigRaw: {},
    legalComments: "none",
    logLevel: "warning",
  });
  await build({
    absWorkingDir: root,
    entryPoints: { "report-page": "src/report/page/page.css" },
    outdir: folder,
    bundle: true,
    minify: true,
    charset: "ascii",
    logLevel: "warning",
  });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await buildPage(path.resolve(root, process.argv[2] ?? "dist"));
}
