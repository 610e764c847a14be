// The built library in a plain Node process: it finds its own files, its threads end, and the process can exit.

import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { removeTemporary, temporaryFolder } from "../../helpers/git-repo.ts";
import { plantedRule, plantedToken } from "../pipeline/planted.ts";

afterAll(removeTemporary);

const door = pathToFileURL(join(import.meta.dirname, "../../../dist/index.js")).href;
const folder = temporaryFolder();
const cwd = join(folder, "tree");
mkdirSync(cwd);
for (let at = 0; at < 1200; at++)
  writeFileSync(join(cwd, `f${at}`), at === 7 ? `T=${plantedToken("process")}\n` : `n ${at}\n`);

/** Runs a module that prints one JSON text; it must end by itself, quietly. */
function run(body: string, cwdOfProcess = folder): unknown {
  const file = join(folder, "main.mjs");
  writeFileSync(
    file,
    `import { formatReport, scan } from ${JSON.stringify(door)};\nconst cwd = ${JSON.stringify(cwd)};\n${body}\n`,
  );
  const env = { ...process.env, NODE_OPTIONS: "" };
  const ended = spawnSync(process.execPath, [file], { cwd: cwdOfProcess, encoding: "utf8", timeout: 20_000, env });
  expect({ status: ended.status, signal: ended.signal, stderr: ended.stderr }).toEqual({
    status: 0,
    signal: null,
    stderr: "",
  });
  return JSON.parse(ended.stdout);
}

const summary =
  "({ blobs: r.coverage.blobs, rules: r.verdicts.map((v) => v.finding.rule), problems: r.problems.map((p) => p.kind) })";

describe("dist/index.js", () => {
  test("scans a text", () => {
    const text = JSON.stringify(Buffer.from(`T=${plantedToken("text")}\n`).toString("hex"));
    const body = `const r = await scan({ text: Buffer.from(${text}, "hex"), settings: { minConfidence: "low" } });
      console.log(formatReport(r, "json"));`;
    expect(run(body)).toMatchObject({ schemaVersion: expect.anything() as unknown, findings: [{ rule: plantedRule }] });
  });

  test("scans a tree over threads, which end", () => {
    const body = `const r = await scan({ paths: ["."], cwd, settings: { jobs: 2 } }); console.log(JSON.stringify(${summary}));`;
    expect(run(body)).toEqual({ blobs: 1200, rules: [plantedRule], problems: [] });
  });

  test("ends after an abort, without rejections that nobody handled", () => {
    const body = `const c = new AbortController();
      const r = await scan({ paths: ["."], cwd, settings: { jobs: 2 }, signal: c.signal, onProgress: () => c.abort() });
      console.log(JSON.stringify(${summary}));`;
    const ended = run(body) as { blobs: number; problems: string[] };
    expect(ended.problems).toEqual(["interrupted"]);
    expect(ended.blobs).toBeLessThan(1200);
  });

  test("ends after a caller's own error in the middle", () => {
    const body = `let said = "";
      const onProgress = () => { throw new RangeError("mine"); };
      await scan({ paths: ["."], cwd, settings: { jobs: 2 }, onProgress }).catch((error) => { said = error.name; });
      console.log(JSON.stringify(said));`;
    expect(run(body)).toBe("RangeError");
  });

  test("a time limit that is not reached does not hold the process", () => {
    const body = `const r = await scan({ text: "x", signal: AbortSignal.timeout(600_000) }); console.log(JSON.stringify(${summary}));`;
    expect(run(body)).toEqual({ blobs: 1, rules: [], problems: [] });
  });
});
