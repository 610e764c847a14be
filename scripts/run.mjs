// One of our TypeScript scripts, bundled and run on the Node at hand: node scripts/run.mjs scripts/generate-docs.ts --check
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const [script, ...rest] = process.argv.slice(2);
if (script === undefined) throw new Error("usage: node scripts/run.mjs SCRIPT.ts [argument…]");

// Inside dist/, where what looks for built files near itself finds them (src/base/assets.ts).
const folder = path.join(root, "dist", "scripts");
mkdirSync(folder, { recursive: true });
const outfile = path.join(folder, `${path.basename(script, ".ts")}-${process.pid}.mjs`);
await build({
  absWorkingDir: root,
  entryPoints: [script],
  outfile,
  bundle: true,
  packages: "external",
  platform: "node",
  target: "node20.19",
  format: "esm",
  logLevel: "warning",
});
process.argv.splice(1, process.argv.length - 1, path.join(root, script), ...rest);
process.chdir(root);
try {
  await import(pathToFileURL(outfile).href);
} finally {
  rmSync(outfile, { force: true });
}
