// A rotation and the environment in, GitHub as a channel out, and what its store of secrets says.

import { instantOf } from "../../base/days.ts";
import { UsageError } from "../../errors.ts";
import { listSecretDates } from "../../github/actions-secrets.ts";
import { createGithubChannel } from "../../github/channel.ts";
import { apiUrl } from "../../github/client.ts";
import type { Channel, ChannelProblem } from "../../model/channel.ts";
import type { Observation } from "../../model/rotation.ts";
import type { Rotation } from "../run-rotation.ts";
import { originRepository } from "./git-config.ts";
import { ledgerKey } from "./ledger-file.ts";

/** GitHub, opened. */
export interface GithubChannel {
  readonly channel: Channel;
  /** Dates of Actions secrets. */
  readonly observations: readonly Observation[];
  readonly problems: readonly ChannelProblem[];
}

/** What was typed. */
export interface GithubWish {
  /** `owner/name`. */
  readonly repository: string | undefined;
  /** The account that the token acts as, where GitHub does not tell. */
  readonly login: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

function tokenOf(env: NodeJS.ProcessEnv): string {
  const token = (env["GITHUB_TOKEN"] ?? "").trim() || (env["GH_TOKEN"] ?? "").trim();
  if (token !== "") return token;
  throw new UsageError("--to github needs a token in GITHUB_TOKEN or GH_TOKEN", {
    hint: "In a workflow: env: { GITHUB_TOKEN: ${{ github.token }} } and permissions: { issues: write }.",
  });
}

/** The host of the web pages that an API belongs to: an own server is one host, github.com and its ghe.com are two. */
function webHostOf(baseUrl: string): string {
  return new URL(baseUrl).hostname.replace(/^api\.(?=github\.com$|[\w-]+\.ghe\.com$)/, "");
}

async function repositoryOf(typed: string | undefined, { request }: Rotation, baseUrl: string): Promise<string> {
  const { root, env } = request;
  const named = typed ?? (env["GITHUB_REPOSITORY"] ?? "").trim();
  const repository = named === "" ? await originRepository(root, webHostOf(baseUrl)) : named;
  if (repository === undefined) {
    throw new UsageError("no repository is known to file issues in", { hint: "Give it with --repository owner/name." });
  }
  if (/^[\w.-]+\/[\w.-]+$/.test(repository)) return repository;
  throw new UsageError("a repository is named owner/name", { hint: "For example: --repository acme/payments" });
}

/** Opens GitHub. Throws UsageError where no token or no repository is known. */
export async function openGithub(rotation: Rotation, wish: GithubWish): Promise<GithubChannel> {
  const { repository: typed, login, signal } = wish;
  const { inventory, request } = rotation;
  const { root, env, now } = request;
  const token = tokenOf(env);
  const baseUrl = apiUrl(env["GITHUB_API_URL"]);
  const repository = await repositoryOf(typed, rotation, baseUrl);
  const names = inventory.credentials.flatMap(({ keptIn }) => keptIn.ciSecret ?? []);
  const dates = await listSecretDates({ baseUrl, token, signal }, repository, names, instantOf(now));
  const channel = createGithubChannel({
    baseUrl,
    token,
    repository,
    leaksTo: inventory.github.leaksTo,
    dashboard: inventory.github.dashboard,
    fallback: inventory.owners.fallback,
    key: ledgerKey(root, env).bytes,
    botLogin: login,
    nowMs: now,
  });
  return { channel, observations: dates.observations, problems: dates.problem === undefined ? [] : [dates.problem] };
}
