// dist/ and src/action in, /action out: what `uses: …/keywarden@v1` runs, committed, with no node_modules beside it.
// `--check` writes nothing, and fails where what is committed is not what the sources give.
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const committed = path.join(root, "action");
const check = process.argv.includes("--check");
const output = check ? mkdtempSync(path.join(tmpdir(), "keywarden-action-")) : committed;

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node20.19",
  minify: true,
  // The licences of what is bundled ask to be kept.
  legalComments: "linked",
  logLevel: "warning",
};

async function bundle() {
  mkdirSync(output, { recursive: true });
  for (const name of ["kernel.wasm", "unpack.wasm", "rules.json"])
    copyFileSync(path.join(root, "dist", name), path.join(output, name));
  // The engine asks for it by this name where no node_modules is (src/base/regex/engine.ts).
  await build({
    ...shared,
    stdin: { contents: 'module.exports = require("re2js");', resolveDir: root },
    format: "cjs",
    outfile: path.join(output, "re2js.cjs"),
  });
  await build({
    ...shared,
    entryPoints: {
      main: "src/action/entry.ts",
      "scan-worker": "src/pipeline/scan-worker.ts",
      "audit-worker": "src/pipeline/audit-worker.ts",
    },
    outdir: output,
    format: "esm",
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    external: ["re2"],
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module";const require=__createRequire(import.meta.url);',
    },
  });
}

/** Every file below a folder, by its path there. */
function filesOf(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .toSorted();
}

function differences() {
  const names = new Set([...filesOf(output), ...filesOf(committed)]);
  return [...names].filter((name) => {
    const [fresh, old] = [output, committed].map((folder) => path.join(folder, name));
    return !existsSync(fresh) || !existsSync(old) || !readFileSync(fresh).equals(readFileSync(old));
  });
}

try {
  if (!check) rmSync(committed, { recursive: true, force: true });
  await bundle();
  const drifted = check ? differences() : [];
  for (const name of drifted) console.error(`action/${name.replaceAll("\\", "/")}: drifted`);
  if (drifted.length > 0) console.error("Run: npm run action");
  process.exitCode = drifted.length > 0 ? 1 : 0;
} finally {
  if (check) rmSync(output, { recursive: true, force: true });
}
