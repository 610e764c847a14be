// The library's way to ask providers.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { scan } from "../../../src/index.ts";
import type { ScanOptions, VerifyOptions } from "../../../src/index.ts";
import { removeTemporary, temporaryFolder } from "../../helpers/git-repo.ts";
import { keyOf, privateHome, SendGrid } from "../../helpers/verify-rig.ts";

afterAll(removeTemporary);

const [live, dead] = [keyOf("library live"), keyOf("library dead")];

let sendgrid: SendGrid;
beforeEach(async () => {
  sendgrid = await SendGrid.start(live);
});
afterEach(() => sendgrid.server.close());

async function statusesOf(options: ScanOptions, verify: VerifyOptions = {}): Promise<string[]> {
  const endpoints = { sendgrid: sendgrid.server.url };
  const report = await scan({ env: privateHome().env, ...options, verify: { endpoints, ...verify } });
  return report.verdicts.map(({ verification }) => `${verification?.status} ${verification?.reason}`);
}

describe("scan({ verify })", () => {
  test("of a text, which is read once", async () => {
    expect(await statusesOf({ text: `A=${dead}\nB=${live}\n` })).toEqual(["active answer", "inactive answer"]);
  });

  test("of many files, which worker threads scan and this one reads again", async () => {
    const folder = temporaryFolder();
    for (let count = 0; count < 200; count++)
      writeFileSync(join(folder, `${count}.txt`), `K=${count % 50 === 0 ? dead : "none"}\n`);
    writeFileSync(join(folder, "live.txt"), `K=${live}\n`);
    expect(await statusesOf({ paths: ["."], cwd: folder })).toEqual(["active answer", "inactive answer"]);
  });

  test("no value is left in the report", async () => {
    const report = await scan({
      text: live,
      env: privateHome().env,
      verify: { endpoints: { sendgrid: sendgrid.server.url } },
    });
    expect(report.verdicts.map(({ finding }) => finding.secret.reveal())).toEqual([""]);
  });

  test("tells the plan, and keeps nothing unless told to", async () => {
    const home = privateHome();
    const plans: string[] = [];
    const options = { text: live, env: home.env };
    for (const remember of [false, true, true])
      await statusesOf(options, { remember, onPlan: (words) => plans.push(words) });
    expect(plans.map((words) => words.includes("1 secret at 1 place"))).toEqual([true, true, false]);
    expect(sendgrid.server.asked).toHaveLength(4);
  });

  test.each<[string, ScanOptions, RegExp]>([
    ["without env", { text: live, verify: {} }, /verify needs env/],
    [
      "with something else",
      { text: live, env: {}, verify: true as unknown as VerifyOptions },
      /verify must be an object/,
    ],
    ["in a hook", { text: live, env: { PRE_COMMIT: "1" }, verify: {} }, /git hook/],
    [
      "of a provider that there is none of",
      { text: live, env: {}, verify: { providers: ["nobody"] } },
      /no provider called nobody/,
    ],
  ])("%s: a mistake", async (_, options, says) => {
    await expect(scan(options)).rejects.toThrow(says);
  });

  test("for a pull request from a fork nobody is asked", async () => {
    const env = { ...privateHome().env, GITHUB_EVENT_NAME: "pull_request_target" };
    expect(await statusesOf({ text: live, env })).toEqual(["skipped fork"]);
    expect(sendgrid.server.asked).toEqual([]);
  });
});
