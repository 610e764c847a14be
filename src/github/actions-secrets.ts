// Names of Actions secrets in, the days on which they were last written out, where the token may see them.

import { instantOf, msOf } from "../base/days.ts";
import type { ChannelProblem } from "../model/channel.ts";
import type { Instant, Observation } from "../model/rotation.ts";
import { Client } from "./client.ts";
import type { ClientOptions } from "./client.ts";
import { splitName } from "./issues.ts";
import { problemOf } from "./trouble.ts";

/** What the store says, and one problem if it may not be asked. */
export interface SecretDates {
  readonly observations: readonly Extract<Observation, { readonly kind: "store" }>[];
  readonly problem?: ChannelProblem;
}

/**
 * The dates of a repository's Actions secrets, those of `names` only. GitHub gives names and dates, never values. A
 * workflow's own token may not list them; that is one problem, and no observations.
 */
export async function listSecretDates(
  options: ClientOptions,
  repository: string,
  names: readonly string[],
  now: Instant,
): Promise<SecretDates> {
  const at = splitName(repository);
  if (names.length === 0 || at === undefined) return { observations: [] };
  const client = await Client.open(options);
  const listed = await client.all(
    (octokit) => octokit.rest.actions.listRepoSecrets({ ...at, per_page: 100 }),
    ({ secrets }) => secrets.map(({ name, updated_at }) => ({ name, updatedMs: msOf(updated_at) })),
  );
  if (!listed.ok) {
    const { message } = problemOf(listed.trouble, `dates of Actions secrets in ${repository}`);
    return {
      observations: [],
      problem: {
        message,
        hint: "Reading them takes a token with Secrets: read; a workflow's own token has no such right.",
      },
    };
  }
  // GitHub keeps names in capitals.
  const wanted = new Map(names.map((name) => [name.toUpperCase(), name]));
  return {
    observations: listed.data.flatMap(({ name, updatedMs }) => {
      const ciSecret = wanted.get(name.toUpperCase());
      if (ciSecret === undefined || updatedMs === undefined) return [];
      return [{ kind: "store", ciSecret, updatedAt: instantOf(updatedMs), at: now } as const];
    }),
  };
}
