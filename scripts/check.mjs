// npm run check: every check that CI runs, in order, one line each; stops at the first that fails, with its output and exit code.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const maxBuffer = 256 * 1024 * 1024;

/** The script behind a package's command: works where `.bin` holds shell wrappers, too. */
function command(packageName, name = packageName) {
  const folder = path.join(root, "node_modules", packageName);
  const { bin } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
  return path.join(folder, typeof bin === "string" ? bin : bin[name]);
}

function git(...args) {
  const { status, stdout } = spawnSync("git", args, { cwd: root, encoding: "utf8", windowsHide: true });
  return status === 0 ? stdout.trim() : undefined;
}

/** Why the history cannot be scanned here, or undefined. */
function noHistory() {
  if (!existsSync(path.join(root, ".git"))) return "not a clone";
  if (git("rev-parse", "--verify", "--quiet", "HEAD") === undefined) return "no commits yet";
  if (git("rev-parse", "--is-shallow-repository") !== "false") return "shallow clone: fetch the full history to run it";
  return undefined;
}

const keywarden = path.join(root, "dist", "bin.js");
const steps = [
  { name: "format", args: () => [command("oxfmt"), "--check"] },
  { name: "lint", args: () => [command("oxlint"), "--deny-warnings"] },
  { name: "types", args: () => [command("typescript", "tsc"), "-p", "tsconfig.json"] },
  { name: "types, in the page", args: () => [command("typescript", "tsc"), "-p", "src/report/page/tsconfig.json"] },
  { name: "dead code", args: () => [command("knip"), "--no-progress"] },
  { name: "build", args: () => ["scripts/build.mjs", "--types"] },
  { name: "action drift", args: () => ["scripts/build-action.mjs", "--check"] },
  { name: "rules check", args: () => [keywarden, "rules", "check"] },
  { name: "docs drift", args: () => ["scripts/run.mjs", "scripts/generate-docs.ts", "--check"] },
  { name: "tests", args: () => ["scripts/test.mjs", "--built"], showsLastLine: true },
  { name: "self-scan, files", args: () => [keywarden, "scan", "."] },
  { name: "self-scan, history", skip: noHistory, args: () => [keywarden, "scan", "--range", "HEAD"] },
];

function seconds(since) {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`.padStart(8);
}

/** Runs one step; its exit code, 0 for one that is skipped. */
function runStep({ name, args, skip, showsLastLine }) {
  const since = performance.now();
  const label = name.padEnd(20);
  const reason = skip?.();
  if (reason !== undefined) {
    console.log(`skipped  ${label} ${reason}`);
    return 0;
  }
  const { status, signal, stdout, stderr, error } = spawnSync(process.execPath, args(), {
    cwd: root,
    encoding: "utf8",
    maxBuffer,
    windowsHide: true,
  });
  if (status === 0) {
    const last = showsLastLine ? (stdout.trimEnd().split("\n").at(-1) ?? "") : "";
    console.log(`ok       ${label}${seconds(since)}  ${last}`.trimEnd());
    return 0;
  }
  console.log(`FAILED   ${label}${seconds(since)}`);
  process.stdout.write(stdout ?? "");
  process.stderr.write(stderr ?? "");
  if (error !== undefined) console.error(error.message);
  if (signal !== null) console.error(`ended by ${signal}`);
  return status || 1;
}

for (const step of steps) {
  process.exitCode = runStep(step);
  if (process.exitCode !== 0) break;
}
