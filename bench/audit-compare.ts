// Repositories in, whether an audit finds in each object what a full scan of it finds out: a table, exit 1 where not.
// Run: npm run build && node scripts/run.mjs bench/audit-compare.ts [--jobs N] [--write] REPOSITORY…

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import path from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import {
  auditEveryObject,
  differences,
  everyObject,
  everyRule,
  scanEveryObject,
} from "../test/helpers/every-object.ts";
import type { Side } from "../test/helpers/every-object.ts";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    jobs: { type: "string", default: String(availableParallelism()) },
    write: { type: "boolean", default: false },
    names: { type: "string", default: "" },
  },
});
if (positionals.length === 0) throw new Error("usage: audit-compare.ts [--jobs N] [--write] REPOSITORY…");

const now = Date.now();
const jobs = Number(options.jobs);
const names = options.names === "" ? [] : options.names.split(",");

interface Compared {
  readonly name: string;
  readonly full: Side;
  readonly audit: Side;
  readonly fullSeconds: number;
  readonly auditSeconds: number;
  readonly differences: readonly string[];
}

async function timed<Out>(work: () => Promise<Out>): Promise<readonly [Out, number]> {
  const start = performance.now();
  const out = await work();
  return [out, (performance.now() - start) / 1000];
}

async function compare(given: string, name: string): Promise<Compared> {
  const asked = path.resolve(process.env["INIT_CWD"] ?? process.env["PWD"] ?? process.cwd(), given);
  // What git keeps the objects in; the working tree is not looked at.
  const dir = execFileSync("git", ["rev-parse", "--absolute-git-dir"], { cwd: asked, encoding: "utf8" }).trim();
  const { setup } = await everyRule({ jobs, now });
  const [audit, auditSeconds] = await timed(() => auditEveryObject({ dir, env: process.env, jobs, now }));
  const [full, fullSeconds] = await timed(() => scanEveryObject(everyObject(dir, process.env), setup));
  return { name, full, audit, fullSeconds, auditSeconds, differences: differences(full.finds, audit.finds) };
}

function rowOf({ name, full, audit, fullSeconds, auditSeconds, differences: differ }: Compared): string {
  const gigabytes = (full.bytes / 1e9).toFixed(2);
  const cells = [
    name,
    full.objects.toLocaleString("en"),
    gigabytes,
    full.matches.toLocaleString("en"),
    full.finds.size.toLocaleString("en"),
    audit.matches.toLocaleString("en"),
    audit.problems.length,
    differ.length,
    auditSeconds.toFixed(0),
    fullSeconds.toFixed(0),
  ];
  return `| ${cells.join(" | ")} |`;
}

const head = [
  "| repository | objects | GB | matches, full scan | objects with matches | matches, audit | problems | differences | audit, s | full scan, one thread, s |",
  "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
];
const rows: string[] = [];
let differing = 0;
process.stdout.write(`${head.join("\n")}\n`);
for (const [index, repository] of positionals.entries()) {
  const name = names[index] ?? path.basename(path.resolve(repository)).replace(/\.git$/, "");
  const compared = await compare(repository, name);
  differing += compared.differences.length;
  rows.push(rowOf(compared));
  process.stdout.write(`${rows.at(-1)}\n`);
  for (const line of compared.differences.slice(0, 20)) process.stderr.write(`${name}: ${line}\n`);
  for (const line of compared.audit.problems.slice(0, 20)) process.stderr.write(`${name}: ${line}\n`);
}
if (options.write) {
  const day = new Date(now).toISOString().slice(0, 10);
  const machine = `${cpus()[0]?.model.trim() ?? "unknown"}, ${jobs} threads, Node ${process.version}, ${process.platform}`;
  const text = `# ${day}, ${machine}

\`bench/audit-compare.ts\`: what an audit finds in each object against a full scan of every object that
\`git cat-file --batch-all-objects\` gives, match by match (object, part, rule, fingerprint, place, encodings, confidence,
facts, frame, suppressions).

${head.join("\n")}
${rows.join("\n")}
`;
  writeFileSync(path.join(process.cwd(), `bench/results/${day}-audit-compare.md`), text);
}
process.exitCode = differing === 0 ? 0 : 1;
