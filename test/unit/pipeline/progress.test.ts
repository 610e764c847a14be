// The line on a terminal: what it says of a scan and of an audit, how often, and that it goes away.

import { Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import type { Progress } from "../../../src/pipeline/progress.ts";
import { showProgress } from "../../../src/pipeline/progress.ts";

/** A terminal that keeps what is written, and a clock that is set by hand. */
function terminal(columns?: number) {
  const texts: string[] = [];
  const stream = Object.assign(
    new Writable({
      write(chunk: Buffer, _, done) {
        texts.push(chunk.toString("utf8").replace("\r\u001b[2K", "<"));
        done();
      },
    }),
    { isTTY: true, ...(columns === undefined ? {} : { columns }) },
  );
  const time = { now: 1_000_000 };
  return { texts, stream, time, line: showProgress(stream, () => time.now) };
}

const mib = 1_048_576;

function at(ms: number, progress: Progress): string {
  const { texts, time, line } = terminal();
  time.now += ms;
  line.update(progress);
  return texts.join("|");
}

describe("one update", () => {
  it.each<[ms: number, progress: Progress, want: string]>([
    [500, { files: 1, bytes: 1, findings: 0 }, ""],
    [1000, { files: 12, bytes: 3 * mib, findings: 1 }, "<scanning: 12 contents, 3.0 MiB, 1 matches, 1 s"],
    [3000, { files: 0, bytes: 20 * mib, findings: 0, objects: 7 }, "<auditing: 7 objects, 20 MiB, 0 matches, 3 s"],
    [
      3000,
      { files: 0, bytes: 20 * mib, findings: 2, objects: 7, totalObjects: 70, totalBytes: 80 * mib },
      "<auditing: 25 %, 7 of 70 objects, 20 MiB of 80 MiB, 2 matches, 3 s",
    ],
    [
      3000,
      { files: 0, bytes: 0, findings: 0, objects: 80, totalObjects: 70 },
      "<auditing: 100 %, 80 of 70 objects, 0.0 MiB, 0 matches, 3 s",
    ],
    [
      1000,
      { files: 0, bytes: 20 * 1024 * mib, findings: 0, objects: 1 },
      "<auditing: 1 objects, 20.0 GiB, 0 matches, 1 s",
    ],
  ])("after %d ms, %j", (ms, progress, want) => {
    expect(at(ms, progress)).toBe(want);
  });
});

describe("the time left", () => {
  /** What the line says at each second, when so many of 100 MiB are done by then. */
  function lefts(done: readonly number[]): (string | undefined)[] {
    const { texts, time, line } = terminal();
    return done.map((part) => {
      time.now += 1000;
      line.update({ files: 0, bytes: part * mib, findings: 0, objects: 1, totalBytes: 100 * mib });
      return /about (.*) left/.exec(texts.at(-1) ?? "")?.[1];
    });
  }

  it("is not told before two seconds of pace are known", () => {
    expect(lefts([1, 2, 3, 4])).toEqual([undefined, undefined, "1 min 37 s", "1 min 36 s"]);
  });

  it("goes by the last seconds, not by the start", () => {
    const slowThenFast = [...Array.from({ length: 10 }, () => 1), ...Array.from({ length: 12 }, (_, n) => 5 * (n + 1))];
    expect(lefts(slowThenFast).at(-1)).toBe("8 s");
  });

  it("is not told where nothing moves", () => {
    expect(lefts([5, 5, 5, 5, 5]).every((left) => left === undefined)).toBe(true);
  });

  it("is told in hours where it takes so long", () => {
    expect(lefts([0, 0.01, 0.02, 0.03]).at(-1)).toBe("2 h 46 min");
  });
});

describe("the line", () => {
  it("is written a few times a second, fits the terminal and goes away", () => {
    const { texts, time, line } = terminal(40);
    for (let step = 0; step < 100; step++) {
      time.now += 20;
      line.update({ files: step, bytes: 0, findings: 0, objects: 1_000_000, totalObjects: 2_000_000 });
    }
    expect(texts.length).toBeGreaterThan(5);
    expect(texts.length).toBeLessThan(20);
    expect(Math.max(...texts.map((text) => text.length))).toBeLessThanOrEqual(40);
    line.done();
    expect(texts.at(-1)).toBe("<");
    const before = texts.length;
    line.done();
    expect(texts).toHaveLength(before);
  });

  it("says what it is told", () => {
    const { texts, line } = terminal();
    line.say("cloning");
    expect(texts).toEqual(["<cloning"]);
  });

  it("is not there where nobody looks", () => {
    const { texts, stream } = terminal();
    stream.isTTY = false;
    const line = showProgress(stream, () => 0);
    line.say("x");
    line.update({ files: 1, bytes: 1, findings: 1 });
    line.done();
    expect(texts).toEqual([]);
  });
});
