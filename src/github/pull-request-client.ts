// A token and the API's address in, something that asks GitHub once and waits for nothing out; and its refusals in words.

import { Client } from "./client.ts";
import type { ClientOptions } from "./client.ts";
import { Refused, troubleOf } from "./trouble.ts";
import type { Trouble } from "./trouble.ts";

/** What is asked: one request, by its route in GitHub's reference. Throws where no good answer comes. */
export interface ApiClient {
  request(route: string, parameters?: Readonly<Record<string, unknown>>): Promise<{ readonly data: unknown }>;
}

const answerMs = 20_000;

/**
 * Opens it; sends nothing. A request is tried once, follows no redirect, and takes at most twenty seconds. Throws
 * UsageError for an address that is none.
 */
export async function openApi({ baseUrl, token }: Pick<ClientOptions, "baseUrl" | "token">): Promise<ApiClient> {
  const client = await Client.open({ baseUrl, token, isHasty: true, pace: { answerMs } });
  return {
    async request(route, parameters) {
      const asked = await client.ask<unknown>((octokit) => octokit.request(route, parameters));
      if (!asked.ok) throw new Refused(asked.trouble);
      return { data: asked.data };
    },
  };
}

/** May the token not do that? */
export function isForbidden(error: unknown): boolean {
  return troubleOf(error).status === 403;
}

/** Where no permission would help. */
const reasons: Readonly<Partial<Record<Trouble["kind"], string>>> = {
  unauthorized: "the token is not valid",
  "single-sign-on": "the token is not authorised for the organisation's single sign-on",
  archived: "the repository is archived",
  locked: "the conversation is locked",
};

/** Why GitHub did not do what it was asked, in words; nothing of its answer is repeated. */
export function refusalOf(error: unknown, permission: string): string {
  const { kind, status } = troubleOf(error);
  const known = reasons[kind];
  if (known !== undefined) return known;
  if (status === undefined) {
    return kind === "bad-answer" && error instanceof Refused
      ? "what answered is not GitHub's API"
      : "GitHub could not be reached";
  }
  if (kind === "rate-limited" || kind === "server") return `GitHub is busy or in trouble (${status})`;
  if (status === 403 || status === 404) return `the token may not do that: it needs permissions: ${permission}`;
  return `GitHub refused it (${status})`;
}
