// The whole stack over a socket: octokit, its plugins, Node's fetch, a server that judges by GitHub's description.

import { afterEach, expect, test } from "vitest";
import { apiUrl } from "../../src/github/client.ts";
import { listSecretDates } from "../../src/github/actions-secrets.ts";
import { bot, botToken, deliver, reminderOf, writtenOf } from "../helpers/github-rig.ts";
import { startGithub } from "../helpers/github-server.ts";
import type { GithubServer } from "../helpers/github-server.ts";
import { GithubWorld } from "../helpers/github-world.ts";

const servers: GithubServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function start(basePath = ""): Promise<GithubWorld> {
  const server = await startGithub((url) => new GithubWorld(`${url}${basePath}`));
  servers.push(server);
  const { world } = server;
  world.account(botToken, bot, { secrets: true });
  world.repository("acme/app");
  return world;
}

/** Only the waits are not real. */
const real = { fetch: globalThis.fetch };

test.each(["", "/api/v3"])("reminders over a socket, the API at %j", async (basePath) => {
  const world = await start(basePath);
  const reminders = Array.from({ length: 3 }, (_, index) => reminderOf({ credential: `c${index}` }));
  expect(writtenOf(await deliver(world, reminders, real))).toHaveLength(3);
  expect(writtenOf(await deliver(world, reminders, real))).toEqual([]);
  expect(world.complaints).toEqual([]);
});

test("a connection that breaks after the issue was made: found by the next run", async () => {
  const world = await start();
  world.fault = ({ method, url }) =>
    method === "POST" && url.pathname.endsWith("/issues") ? { kind: "cut", isDone: true } : undefined;
  const { problems } = await deliver(world, [reminderOf()], real);
  expect(problems.map(({ message }) => message)).toEqual(["GitHub: reminder of acme-prod in acme/app: connection"]);
  world.fault = () => undefined;
  expect(writtenOf(await deliver(world, [reminderOf()], real))).toEqual([]);
  expect(world.repositories[0]!.issues).toHaveLength(1);
});

test("an answer that does not come is not waited for without end", async () => {
  const world = await start();
  const never: typeof fetch = (_, init) =>
    new Promise((_done, fail) => init?.signal?.addEventListener("abort", () => fail(init.signal?.reason as Error)));
  const { problems } = await deliver(world, [reminderOf()], { fetch: never, pace: { answerMs: 20 } });
  expect(problems.map(({ message }) => message)).toEqual(["GitHub: the account that the token belongs to: connection"]);
});

test("dates of Actions secrets, all pages, the named ones only", async () => {
  const world = await start();
  world.repositories[0]!.secrets = Array.from({ length: 130 }, (_, index) => ({
    name: `KEY_${index}`,
    updated_at: "2026-10-01T10:00:00+02:00",
  }));
  const options = { token: botToken, baseUrl: world.base };
  const at = "2026-11-28T09:00:00Z";
  const dates = await listSecretDates(options, "acme/app", ["key_120", "ABSENT"], at);
  expect(dates).toEqual({
    observations: [{ kind: "store", ciSecret: "key_120", updatedAt: "2026-10-01T08:00:00Z", at }],
  });
  world.account("poor", "github-actions[bot]");
  const none = await listSecretDates({ ...options, token: "poor" }, "acme/app", ["KEY_1"], at);
  expect(none.observations).toEqual([]);
  expect(none.problem!.message).toBe(
    "GitHub: dates of Actions secrets in acme/app: the token lacks a permission, secrets=read (403)",
  );
  expect(await listSecretDates(options, "acme/app", [], at)).toEqual({ observations: [] });
  expect(world.complaints).toEqual([]);
});

test.each([
  [undefined, "https://api.github.com"],
  ["", "https://api.github.com"],
  [" https://ghe.example/api/v3/ ", "https://ghe.example/api/v3"],
  ["http://127.0.0.1:8080", "http://127.0.0.1:8080"],
])("the address %j", (text, url) => expect(apiUrl(text)).toBe(url));

test.each(["http://ghe.example/api/v3", "ghe.example", "ftp://x", "https://u:p@ghe.example"])(
  "no address: %j",
  (text) => expect(() => apiUrl(text)).toThrow(/GITHUB_API_URL/),
);
