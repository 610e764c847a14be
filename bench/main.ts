// Options in, a Markdown table of measured claims out: each as a ratio within this run.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { auditRows } from "./audit.ts";
import { measureKernel } from "./kernel-speed.ts";
import { contest, peakMemory } from "./measure.ts";
import { rotationRows } from "./rotation.ts";
import { commitTree, sourceTexts, sparseFile, temporaryFolder, writeTree } from "./trees.ts";

// npm scripts run in the package's folder, wherever this file was bundled to.
const root = process.cwd();
const bin = path.join(root, "dist/bin.js");
const node = process.execPath;
const floor = { name: "node -e 0", command: [node, "-e", "0"] };

interface Row {
  readonly claim: string;
  readonly asked: string;
  readonly measured: string;
}

const { values: options } = parseArgs({
  options: {
    tree: { type: "string" },
    repo: { type: "string", multiple: true, default: [] },
    runs: { type: "string", default: "7" },
    only: { type: "string", default: "start,staged,hook,tree,kernel,memory" },
    write: { type: "boolean", default: false },
  },
});
const runs = Number(options.runs);
const texts = ["audit", "rotation"].includes(options.only)
  ? []
  : sourceTexts(path.join(root, "node_modules"), 100_000_000);
const scratch = temporaryFolder();

function ratio(name: string, asked: string, times: readonly number[]): Row {
  const [ours = 0, theirs = 0] = times;
  return {
    claim: name,
    asked,
    measured: `${(ours / theirs).toFixed(2)} (${ours.toFixed(0)} ms : ${theirs.toFixed(0)} ms)`,
  };
}

function startRow(): Row {
  const ours = { name: "version", command: [node, bin, "--version"] };
  return ratio("`keywarden --version` : `node -e 0`", "≤ 1.6", contest([ours, floor], runs * 3));
}

function stagedRow(): Row {
  const folder = path.join(scratch, "staged");
  mkdirSync(folder);
  writeTree(folder, texts.slice(0, 300), 3_000_000);
  commitTree(
    folder,
    texts.slice(300, 310).map((text, index) => ({ ...text, name: `staged-${index}-${text.name}` })),
  );
  const ours = { name: "staged", command: [node, bin, "scan", "--staged"], cwd: folder };
  return ratio("`scan --staged`, ten files : `node -e 0`", "≤ 3", contest([ours, floor], runs * 3));
}

/** The whole of what a commit waits for: the hook as git starts it, without the commit itself. */
function hookRows(): Row[] {
  const ours = (cwd: string) => ({ name: "hook", command: [node, bin, "hook", "run", "pre-commit"], cwd });
  const few = path.join(scratch, "hook-few");
  mkdirSync(few);
  writeTree(few, texts.slice(0, 300), 3_000_000);
  commitTree(
    few,
    texts.slice(300, 310).map((text, index) => ({ ...text, name: `staged-${index}-${text.name}` })),
  );
  const many = path.join(scratch, "hook-many");
  mkdirSync(many);
  commitTree(many, evenFiles(500, 20_000_000));
  const [ms = 0] = contest([ours(many)], runs);
  return [
    ratio("`hook run pre-commit`, ten files : `node -e 0`", "≤ 3", contest([ours(few), floor], runs * 3)),
    { claim: "`hook run pre-commit`, 500 files of 20 MB", asked: "< 1000 ms", measured: `${ms.toFixed(0)} ms` },
  ];
}

/** So many files of source text with so many bytes in all, each another. */
function evenFiles(count: number, bytes: number): { name: string; bytes: Buffer }[] {
  const all = Buffer.concat(texts.map((text) => text.bytes));
  const size = Math.floor(bytes / count);
  return Array.from({ length: count }, (_, index) => ({
    name: `part-${index}.js`,
    bytes: Buffer.from(
      all.subarray((index * size) % (all.length - size), ((index * size) % (all.length - size)) + size),
    ),
  }));
}

function treeRow(): Row {
  const claim = "`scan`, warm tree : `rg -c -a --no-ignore` with one literal";
  if (spawnSync("rg", ["--version"]).error !== undefined)
    return { claim, asked: "≤ 1.5", measured: "rg is not installed" };
  let tree = options.tree;
  if (tree === undefined) {
    tree = path.join(scratch, "tree");
    writeTree(tree, texts, 300_000_000);
  }
  const ours = { name: "scan", command: [node, bin, "scan", tree] };
  const rg = { name: "rg", command: ["rg", "-c", "-a", "--no-ignore", "zqxjkvbp", tree] };
  return ratio(claim, "≤ 1.5", contest([ours, rg], runs));
}

function kernelRows(): Row[] {
  const speed = measureKernel(
    texts.map((text) => text.bytes),
    21,
  );
  return [
    {
      claim: `matcher alone, ${speed.literals} literals, one core`,
      asked: "≥ 1 GB/s",
      measured: `${speed.find.toFixed(2)} GB/s`,
    },
    { claim: "run finder and decoder alone, one core", asked: "none", measured: `${speed.decode.toFixed(2)} GB/s` },
  ];
}

async function memoryRows(): Promise<Row[]> {
  const big = path.join(scratch, "big");
  mkdirSync(big);
  sparseFile(path.join(big, "big.log"), 4_000_000_000, Buffer.concat(texts.slice(0, 500).map((text) => text.bytes)));
  const one = await peakMemory({ name: "file", command: [node, bin, "scan", big] });
  rmSync(big, { recursive: true });
  const many = path.join(scratch, "many");
  for (let folder = 0; folder < 1000; folder++) {
    const sub = path.join(many, `f${folder % 20}`, `g${folder}`);
    mkdirSync(sub, { recursive: true });
    for (let file = 0; file < 200; file++)
      writeFileSync(path.join(sub, `${file}.txt`), `file ${file} of ${folder}\n`.repeat(20));
  }
  const tree = await peakMemory({ name: "tree", command: [node, bin, "scan", many] });
  const row = (claim: string, peak: { mebibytes: number | undefined; ms: number }): Row => ({
    claim,
    asked: "< 400 MB",
    measured:
      peak.mebibytes === undefined
        ? "not measurable here"
        : `${(peak.mebibytes * 1.048576).toFixed(0)} MB in ${(peak.ms / 1000).toFixed(1)} s`,
  });
  return [row("resident memory, one file of 4 GB", one), row("resident memory, tree of 200,000 files", tree)];
}

async function measureAll(): Promise<Row[]> {
  const wanted = new Set(options.only.split(","));
  const rows: Row[] = [];
  if (wanted.has("start")) rows.push(startRow());
  if (wanted.has("staged")) rows.push(stagedRow());
  if (wanted.has("hook")) rows.push(...hookRows());
  if (wanted.has("tree")) rows.push(treeRow());
  if (wanted.has("kernel")) rows.push(...kernelRows());
  if (wanted.has("memory")) rows.push(...(await memoryRows()));
  if (wanted.has("rotation")) rows.push(...(await rotationRows(path.join(scratch, "rotation"), bin, runs)));
  if (wanted.has("audit")) rows.push(...(await auditRows(options.repo, bin, runs)));
  return rows;
}

if (!existsSync(bin)) throw new Error("run `npm run build` first");
try {
  const rows = await measureAll();
  const day = new Date().toISOString().slice(0, 10);
  const machine = `${cpus()[0]?.model.trim() ?? "unknown"}, ${cpus().length} cores, Node ${process.version}, ${process.platform}`;
  const table = rows.map((row) => `| ${row.claim} | ${row.asked} | ${row.measured} |`).join("\n");
  const text = `# ${day}, ${machine}\n\nMedians of whole processes in turns.\n\n| what | asked | measured |\n| --- | --- | --- |\n${table}\n`;
  process.stdout.write(text);
  if (options.write)
    writeFileSync(
      path.join(
        root,
        `bench/results/${day}-${["audit", "rotation"].includes(options.only) ? `${options.only}-` : ""}node${process.versions.node.split(".")[0]}.md`,
      ),
      text,
    );
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
