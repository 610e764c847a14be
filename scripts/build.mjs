// Sources in, dist/ out: the kernel's WebAssembly, the HTML report's script, the built-in rules in one file, the bundled command line and library.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";
import { buildPage } from "./build-page.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const dist = path.join(root, "dist");
const fresh = path.join(root, "dist.new");
const node = process.execPath;

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node20.19",
  format: "esm",
  external: ["re2"],
  logLevel: "warning",
  // CommonJS packages inside an ES module bundle still call require for Node's own modules.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module";const require=__createRequire(import.meta.url);',
  },
};

// Built beside the old one and put in its place at the end, so that what runs meanwhile finds a whole dist/.
rmSync(fresh, { recursive: true, force: true });
mkdirSync(fresh);
execFileSync(node, [path.join(root, "scripts/build-wasm.mjs"), fresh], { stdio: "inherit" });
await buildPage(fresh);

const compiler = path.join(fresh, "compile-rules.mjs");
await build({ ...shared, entryPoints: ["scripts/compile-rules.ts"], outfile: compiler });
const { compileRules } = await import(pathToFileURL(compiler).href);
writeFileSync(path.join(fresh, "rules.json"), compileRules(path.join(root, "rules")));
rmSync(compiler);

await build({
  ...shared,
  entryPoints: {
    bin: "src/bin.ts",
    index: "src/index.ts",
    "scan-worker": "src/pipeline/scan-worker.ts",
    "audit-worker": "src/pipeline/audit-worker.ts",
  },
  outdir: fresh,
  splitting: true,
  chunkNames: "chunks/[name]-[hash]",
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
});
chmodSync(path.join(fresh, "bin.js"), 0o755);

if (process.argv.includes("--types")) {
  const tsc = path.join(root, "node_modules/typescript/bin/tsc");
  const outDir = path.join(fresh, "types");
  execFileSync(node, [tsc, "-p", path.join(root, "tsconfig.types.json"), "--outDir", outDir], { stdio: "inherit" });
}
rmSync(dist, { recursive: true, force: true });
renameSync(fresh, dist);
