// 10,000 credentials: what looks at all of them stays within loose bounds; `npm run bench -- --only rotation` has figures.

import { afterAll, describe, expect, it } from "vitest";
import { keywarden } from "../helpers/cli-run.ts";
import { removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";
import { writeManyCredentials } from "../helpers/rotation-many.ts";

/** Makes a run say at its end what it took. */
const meter = `data:text/javascript,${encodeURIComponent(`
  process.on("exit", () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    process.stderr.write("took " + Math.round((userCPUTime + systemCPUTime) / 1000) + " ms, " + Math.round(maxRSS / 1024) + " MiB");
  });
`)}`;

afterAll(removeTemporary);

describe("10,000 credentials", () => {
  const counted = "10,000 credentials: 5,000 LEAKED, 5,000 rotated";
  it.each([
    [["status"], counted],
    [["remind", "--dry-run"], counted],
    [["status", "--format", "ics"], "END:VEVENT"],
  ])("%j", async (args, shown) => {
    const cwd = temporaryFolder();
    writeManyCredentials(cwd, 10_000, new Date());
    const env = { NODE_OPTIONS: `--import=${meter}` };
    const { code, stdout, stderr } = await keywarden(["rotation", ...args], { cwd, env });
    expect([code, stdout]).toEqual([1, expect.stringContaining(shown)]);
    const [, ms = "", mebibytes = ""] = /took (\d+) ms, (\d+) MiB$/.exec(stderr) ?? [];
    expect(Number(ms)).toBeLessThan(4000);
    expect(Number(ms)).toBeGreaterThan(0);
    expect(Number(mebibytes)).toBeLessThan(300);
  });
});
