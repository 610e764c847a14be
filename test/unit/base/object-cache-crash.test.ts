// Writers that run at once and are killed at any moment: a reader sees an old or a new file, whole.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { build } from "esbuild";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { openObjectCache } from "../../../src/base/object-cache.ts";
import type { ObjectCache } from "../../../src/base/object-cache.ts";
import { madeObjects, markOf } from "./object-tables.ts";

/** Writes tables of two marks in turn, of different sizes, until it is killed. */
const writer = `
  import { openObjectCache } from "../../../src/base/object-cache.ts";
  import { madeObjects } from "./object-tables.ts";
  const [folder, first] = process.argv.slice(2);
  const mark = Number(first);
  const cache = openObjectCache({ folder, repository: "one", key: Buffer.alloc(32), maxBytes: 1e9 });
  const generations = [madeObjects(8000 + 100 * mark, 9, mark), madeObjects(9000 + 100 * mark, 8, mark + 1)];
  for (let turn = 0; ; turn++) {
    const reason = cache.write(generations[turn % 2]);
    if (reason !== undefined) throw new Error(reason);
    if (turn === 0) process.stdout.write("first");
  }
`;

let programFolder: string;
let folder: string;
let cache: ObjectCache;
let children: ChildProcess[];

beforeAll(async () => {
  programFolder = mkdtempSync(join(tmpdir(), "keywarden-test-"));
  await build({
    stdin: { contents: writer, resolveDir: import.meta.dirname, loader: "ts" },
    outfile: join(programFolder, "writer.mjs"),
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "warning",
  });
});

afterAll(() => rmSync(programFolder, { recursive: true, force: true }));

beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "keywarden-test-")), "cache");
  cache = openObjectCache({ folder, repository: "one", key: Buffer.alloc(32), maxBytes: 1e9 });
  children = [];
});

afterEach(async () => {
  await Promise.all(children.map((child) => kill(child)));
  rmSync(join(folder, ".."), { recursive: true, force: true });
});

/** Starts a writer of `mark` and `mark + 1`, and waits until it has written once. */
async function startWriter(mark: number): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(programFolder, "writer.mjs"), folder, String(mark)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  await once(child.stdout, "data");
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
}

/** The mark of what is there. */
function markThere(): number | "nothing" | "mixed" {
  const objects = cache.read();
  return objects === undefined ? "nothing" : (markOf(objects) ?? "mixed");
}

const unfinished = (): string[] => readdirSync(folder).filter((name) => name.endsWith(".tmp"));

test("a writer killed at any moment leaves what it wrote last, and litter that the next one removes", async () => {
  for (let round = 0; round < 15; round++) {
    const mark = 2 * round + 1;
    const child = await startWriter(mark);
    // Chance is the point: the moment is another one in each round and run.
    await pause(Math.random() * 40);
    await kill(child);
    expect(child.signalCode).toBe("SIGKILL");
    expect([mark, mark + 1]).toContain(markThere());
  }
  // Else no kill came while a file was written, and the rounds showed nothing.
  expect(unfinished().length).toBeGreaterThan(0);
  const then = new Date(Date.now() - 2 * 60 * 60 * 1000);
  for (const name of unfinished()) utimesSync(join(folder, name), then, then);
  expect(cache.write(madeObjects(10, 2, 1000))).toBeUndefined();
  expect(readdirSync(folder)).toHaveLength(1);
  expect(markThere()).toBe(1000);
});

test("two writers and a reader at once: each read is one writer's whole", async () => {
  await Promise.all([startWriter(1), startWriter(3)]);
  const seen = new Set<number | string>();
  for (const end = Date.now() + 1000; Date.now() < end;) {
    seen.add(markThere());
    await pause(1);
  }
  expect(seen.size).toBeGreaterThan(1);
  // Windows may refuse to open a file in the moment in which it is replaced.
  const allowed = process.platform === "win32" ? [1, 2, 3, 4, "nothing"] : [1, 2, 3, 4];
  for (const mark of seen) expect(allowed).toContain(mark);
});
