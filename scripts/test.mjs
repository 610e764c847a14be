// npm test: builds, because the command line is tested as it ships, then runs vitest with what follows on the command line.
import { spawnSync } from "node:child_process";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const given = process.argv.slice(2);
const built = given.includes("--built");

function run(...args) {
  const { status, error } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  if (error !== undefined) throw error;
  return status ?? 1;
}

const steps = [
  ...(built ? [] : [[path.join(root, "scripts", "build.mjs")]]),
  [
    path.join(root, "node_modules", "vitest", "vitest.mjs"),
    "run",
    "--reporter=default",
    "--reporter=./test/reporter.ts",
    ...given.filter((argument) => argument !== "--built"),
  ],
];
for (const step of steps) {
  process.exitCode = run(...step);
  if (process.exitCode !== 0) break;
}
