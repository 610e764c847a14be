// Processes that race for one file, run out of room and are killed at any moment: nothing is lost, nothing is torn.

import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { build } from "esbuild";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { updateRootedFile } from "../../../src/base/locked-file.ts";
import { removeTemporary, temporaryFolder } from "../../helpers/git-repo.ts";

/** Counts in a file, so many times; dies before its call number `death` of the file system. */
const counter = `
  import fs from "node:fs";
  import promises from "node:fs/promises";
  import { syncBuiltinESMExports } from "node:module";
  const [root, times, death] = process.argv.slice(2);
  let calls = 0;
  for (const [from, names] of [
    [fs, ["openSync", "writeSync", "closeSync", "readSync", "rmSync"]],
    [promises, ["mkdir", "readdir", "stat", "access", "open", "rename", "rm"]],
  ]) {
    for (const name of names) {
      const real = from[name];
      from[name] = (...args) => {
        if (++calls === Number(death)) process.kill(process.pid, "SIGKILL");
        return real(...args);
      };
    }
  }
  syncBuiltinESMExports();
  const { updateRootedFile } = await import("../../../src/base/locked-file.ts");
  try {
    for (let turn = 0; turn < Number(times); turn++) {
      const count = await updateRootedFile({ root, file: "box/count.txt", waitMs: 60000 }, (before) => {
        const next = Number((before ?? "0").split("\\n", 1)[0]) + 1;
        return { text: next + "\\n" + "x".repeat(100000 + (next % 7)) + "\\n" + next + "\\n", result: next };
      });
      fs.writeSync(1, count + "\\n");
    }
  } catch (error) {
    fs.writeSync(1, JSON.stringify(error) + "\\n");
    process.exitCode = 1;
  }
`;

let program: string;
let root: string;

beforeAll(async () => {
  program = join(temporaryFolder(), "counter.mjs");
  await build({
    stdin: { contents: counter, resolveDir: import.meta.dirname, loader: "ts" },
    outfile: program,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20.19",
    logLevel: "warning",
  });
});
beforeEach(() => {
  root = temporaryFolder();
});
afterAll(removeTemporary);

/** The count that stands in the file; throws where the file is torn. */
function count(): number {
  const [first, middle, last, end] = readFileSync(join(root, "box/count.txt"), "utf8").split("\n");
  expect([middle?.length, last, end]).toEqual([100_000 + (Number(first) % 7), first, ""]);
  return Number(first);
}

interface Child {
  readonly process: ChildProcess;
  readonly counts: number[];
  readonly done: Promise<unknown>;
}

function start(times: number): Child {
  const child = spawn(process.execPath, [program, root, String(times)], { stdio: ["ignore", "pipe", "inherit"] });
  const counts: number[] = [];
  child.stdout.setEncoding("utf8").on("data", (text: string) => counts.push(...text.trimEnd().split("\n").map(Number)));
  return { process: child, counts, done: once(child, "close") };
}

test("processes at once count to 200, each number once", async () => {
  const children = Array.from({ length: 5 }, () => start(40));
  await Promise.all(children.map(({ done }) => done));
  const all = children.flatMap(({ counts }) => counts);
  expect(all.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
  expect([count(), readdirSync(join(root, "box"))]).toEqual([200, ["count.txt"]]);
});

test("processes that are killed at any moment lose nothing that they had finished, and hold nobody up", async () => {
  const survivor = start(120);
  const told: number[] = [];
  for (let turn = 0; turn < 25; turn++) {
    const victim = start(1000);
    await Promise.race([once(victim.process.stdout as NodeJS.ReadableStream, "data"), victim.done]);
    await pause(Math.random() * 15);
    victim.process.kill("SIGKILL");
    await victim.done;
    told.push(...victim.counts);
    count();
  }
  await survivor.done;
  told.push(...survivor.counts);
  expect(survivor.counts).toHaveLength(120);
  // Each number was given to one of them only, and whoever was killed may have counted one more without telling.
  expect(new Set(told).size).toBe(told.length);
  expect(count()).toBeGreaterThanOrEqual(told.length);
  expect(count()).toBeLessThanOrEqual(told.length + 25);
}, 240_000);

test.each([
  ["that finds the file free", false],
  ["that takes a dead run's lock over", true],
])(
  "a run %s, killed before each call in turn, leaves the old file or the new one and a lock that can be had",
  async (_, isLeft) => {
    const dead = spawnSync(process.execPath, ["-e", ""]).pid;
    mkdirSync(join(root, "box"));
    let before = 0;
    let deaths = 0;
    for (let death = 1; death < 100; death++) {
      if (isLeft) {
        const said = { id: "0123456789abcdef", pid: dead, host: hostname(), since: new Date().toISOString() };
        writeFileSync(join(root, "box/count.txt.lock"), JSON.stringify(said));
      }
      const { signal, stdout } = spawnSync(process.execPath, [program, root, "1", String(death)], { encoding: "utf8" });
      if (before > 0) expect([before, before + 1]).toContain(count());
      if (signal === null) {
        expect(Number(stdout)).toBe(before + 1);
        break;
      }
      deaths++;
      // The next run waits for nobody but an unsigned lock, which is given 5 s.
      before = await updateRootedFile({ root, file: "box/count.txt", waitMs: 8000 }, (text) => {
        const next = Number((text ?? "0").split("\n", 1)[0]) + 1;
        return { text: `${next}\n${"x".repeat(100_000 + (next % 7))}\n${next}\n`, result: next };
      });
      expect([count(), readdirSync(join(root, "box"))]).toEqual([before, ["count.txt"]]);
    }
    expect(deaths).toBeGreaterThan(isLeft ? 18 : 12);
    expect(deaths).toBeLessThan(99);
  },
  240_000,
);

test.skipIf(process.platform === "win32")(
  "no room half-way through the text: an error that says so, and the old file",
  () => {
    spawnSync(process.execPath, [program, root, "3"]);
    expect(count()).toBe(3);
    const { stdout } = spawnSync("bash", ["-c", 'ulimit -f 20; exec "$0" "$@"', process.execPath, program, root, "1"], {
      encoding: "utf8",
    });
    expect(JSON.parse(stdout)).toEqual({
      code: "usage",
      message: "cannot write box/count.txt (EFBIG)",
      hint: "A file may not grow that large here. Nothing was changed: look at `ulimit -f` and run it again.",
    });
    expect([count(), readdirSync(join(root, "box"))]).toEqual([3, ["count.txt"]]);
  },
);
