// Verification in a workflow: what works leads and is counted, forks ask nobody, and a baseline does not hide what works.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { leaksIn } from "../helpers/cli-tokens.ts";
import { removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";
import type { PullRequestOptions } from "../helpers/pull-request-rig.ts";
import { PullRequestRig } from "../helpers/pull-request-rig.ts";
import { keyOf, SendGrid } from "../helpers/verify-rig.ts";

const [live, dead] = [keyOf("live in a workflow"), keyOf("dead in a workflow")];
let sendgrid: SendGrid;

beforeAll(async () => {
  sendgrid = await SendGrid.start(live);
});
afterAll(async () => {
  await sendgrid.server.close();
  removeTemporary();
});

function run(options: PullRequestOptions) {
  const rig = new PullRequestRig();
  rig.author.commit("first");
  rig.open();
  rig.author.commit("keys", { "a.env": `A=${dead}\n`, "b.env": `B=${live}\n` });
  const config = temporaryFolder();
  mkdirSync(join(config, "keywarden"));
  writeFileSync(join(config, "keywarden/verify.yml"), `endpoints:\n  sendgrid: ${sendgrid.server.url}\n`);
  return rig.run({ ...options, github: { XDG_CONFIG_HOME: config, XDG_CACHE_HOME: temporaryFolder() } });
}

test("what works fails the step, what is dead only warns", async () => {
  const result = await run({ inputs: { verify: "true" } });
  expect([result.code, result.outputs["findings"], result.outputs["blocking"], result.outputs["active"]]).toEqual([
    1,
    "2",
    "1",
    "1",
  ]);
  expect(result.summary).toContain("**works**");
  expect(leaksIn(result.log + result.summary, [live, dead])).toEqual([]);
});

test("a settings file that lets only what works fail the step needs verify, as an input does", async () => {
  const rig = new PullRequestRig();
  rig.author.commit("first", { ".keywarden/config.yml": "fail-on: active\n" });
  rig.open();
  rig.author.commit("key", { "b.env": `B=${live}\n` });
  const result = await rig.run();
  expect([result.code, result.outputs["complete"]]).toEqual([2, "false"]);
  expect(result.commands.find(({ name }) => name === "error")?.data).toMatch(/fail-on: active needs verify/);
});

test("nobody is asked for a fork, and an answer that was required is missed", async () => {
  const before = sendgrid.server.asked.length;
  const result = await run({ from: "fork", inputs: { verify: "require" } });
  expect([result.code, result.outputs["active"]]).toEqual([4, "0"]);
  expect(sendgrid.server.asked.length).toBe(before);
  expect(result.log).toMatch(/refused for a pull request from another repository/);
});
