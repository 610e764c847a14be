// The API's address and the checkout's origin in, the repository that reminders are filed in out.

import { afterAll, expect, test } from "vitest";
import { UsageError } from "../../../src/errors.ts";
import { openGithub } from "../../../src/pipeline/rotation/github-channel.ts";
import type { Rotation } from "../../../src/pipeline/run-rotation.ts";
import { GitRepo, gitTestEnv, removeTemporary } from "../../helpers/git-repo.ts";

afterAll(removeTemporary);

function openAt(api: string | undefined, origin: string): Promise<unknown> {
  const repo = GitRepo.create();
  repo.git("remote", "add", "origin", origin);
  const env = { ...gitTestEnv, GITHUB_TOKEN: "word", GITHUB_API_URL: api, KEYWARDEN_KEY: "5a".repeat(32) };
  const rotation = {
    inventory: { credentials: [], github: { dashboard: false }, owners: {} },
    request: { root: repo.dir, env, now: 0 },
  } as unknown as Rotation;
  return openGithub(rotation, { repository: undefined, login: undefined });
}

test.each([
  [undefined, "https://github.com/acme/payments.git"],
  ["https://api.github.com", "git@github.com:acme/payments.git"],
  ["https://api.acme.ghe.com", "https://acme.ghe.com/acme/payments"],
  ["https://git.acme.example/api/v3", "https://git.acme.example/acme/payments.git"],
])("an API at %s, and an origin of its own: %s", async (api, origin) => {
  expect(await openAt(api, origin)).toMatchObject({ problems: [] });
});

test.each([
  [undefined, "https://gitlab.com/acme/payments.git"],
  ["https://api.acme.ghe.com", "https://github.com/acme/payments.git"],
  ["https://api.acme.example/api/v3", "https://acme.example/acme/payments.git"],
])("an API at %s, and an origin elsewhere: %s", async (api, origin) => {
  await expect(openAt(api, origin)).rejects.toThrow(UsageError);
});
