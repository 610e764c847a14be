import { describe, expect, test } from "vitest";
import { Pace, usualPace } from "../../../src/verify/pace.ts";

/** A pace on a clock that only moves when somebody sleeps. */
function rig(intervalMs = 1000) {
  let now = 0;
  const slept: number[] = [];
  const pace = new Pace({
    ...usualPace,
    intervalOf: () => intervalMs,
    now: () => now,
    sleep: (ms) => {
      slept.push(ms);
      now += ms;
      return Promise.resolve();
    },
  });
  return { pace, slept, now: () => now, pass: (ms: number) => (now += ms) };
}

const host = "https://api.example.com";

describe("turns", () => {
  test("one a second for each host", async () => {
    const { pace, now } = rig();
    const starts: number[] = [];
    for (let times = 0; times < 4; times++) {
      const end = await pace.turn(host);
      starts.push(now());
      end?.();
    }
    expect(starts).toEqual([0, 1000, 2000, 3000]);
    await pace.turn("https://other.example.com");
    expect(now()).toBe(3000);
  });

  test("two in flight and no more", async () => {
    const { pace } = rig(0);
    const [first, second] = [await pace.turn(host), await pace.turn(host)];
    let third = false;
    const waiting = pace.turn(host).then((end) => {
      third = true;
      end?.();
    });
    await new Promise((next) => setImmediate(next));
    expect(third).toBe(false);
    first?.();
    await waiting;
    expect(third).toBe(true);
    second?.();
  });

  test("an interrupt ends the wait without a turn", async () => {
    const { pace } = rig();
    (await pace.turn(host))?.();
    expect(await pace.turn(host, AbortSignal.abort())).toBe(undefined);
  });
});

describe("a host is left alone", () => {
  test("after two failures in a row, for the rest of the run", async () => {
    const { pace, pass } = rig();
    pace.failed(host);
    expect(pace.isPaused(host)).toBe(false);
    pace.failed(host);
    pass(1e9);
    expect(await pace.turn(host)).toBe(undefined);
    pace.answered(host);
    expect(pace.isPaused(host)).toBe(true);
    expect(pace.isPaused("https://other.example.com")).toBe(false);
  });

  test("an answer in between starts the count anew", () => {
    const { pace } = rig();
    pace.failed(host);
    pace.answered(host);
    pace.failed(host);
    expect(pace.isPaused(host)).toBe(false);
  });

  test("until the time that it named", async () => {
    const { pace, pass } = rig();
    pace.pause(host, 5000);
    expect(await pace.turn(host)).toBe(undefined);
    pass(5000);
    expect(await pace.turn(host)).toBeDefined();
  });

  test("and whoever waits for a turn then gets none", async () => {
    const { pace } = rig(0);
    const [first, second] = [await pace.turn(host), await pace.turn(host)];
    const third = pace.turn(host);
    pace.pause(host);
    first?.();
    second?.();
    expect(await third).toBe(undefined);
  });
});
