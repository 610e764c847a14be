// An interrupt, while GitHub makes a run wait → the run is over at once, and says no more than it knows.

import { expect, test } from "vitest";
import { openGithub } from "../../src/pipeline/rotation/github-channel.ts";
import type { Rotation } from "../../src/pipeline/run-rotation.ts";
import { temporaryFolder } from "../helpers/git-repo.ts";
import { botToken } from "../helpers/github-rig.ts";
import { startGithub } from "../helpers/github-server.ts";
import { GithubWorld, secondaryLimit } from "../helpers/github-world.ts";

test("dates of secrets are not waited for after an interrupt", async () => {
  const github = await startGithub((base) => new GithubWorld(base));
  github.world.account(botToken, "keywarden-test[bot]");
  github.world.repository("octo/demo");
  github.world.fault = () => ({ kind: "answer", answer: secondaryLimit(403, 600) });
  const rotation = {
    inventory: { credentials: [{ keptIn: { ciSecret: "PAYMENTS" } }], github: { dashboard: false }, owners: {} },
    request: {
      root: temporaryFolder(),
      env: { GITHUB_TOKEN: botToken, GITHUB_API_URL: github.url, GITHUB_REPOSITORY: "octo/demo" },
      now: github.world.nowMs,
    },
  } as unknown as Rotation;
  const signal = AbortSignal.timeout(500);
  const { observations, problems } = await openGithub(rotation, { repository: undefined, login: undefined, signal });
  expect(observations).toEqual([]);
  expect(problems[0]?.message).toMatch(/dates of Actions secrets .*: interrupted/);
  await github.close();
}, 10_000);
