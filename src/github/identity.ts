// A token in, the account that its issues will be written by out.

import type { Client, Result } from "./client.ts";

/**
 * The login of the token's account. A person's token is asked with `GET /user`; tokens of apps, the one of a workflow
 * among them, are refused there and answer GraphQL's `viewer` with `github-actions[bot]` or `<app>[bot]`.
 */
export async function findLogin(client: Client): Promise<Result<string>> {
  const user = await client.ask((octokit) => octokit.rest.users.getAuthenticated());
  if (user.ok) return readLogin(user.data.login);
  if (!["forbidden", "not-found"].includes(user.trouble.kind)) return user;
  const viewer = await client.ask(async (octokit) => ({
    status: 200,
    headers: {},
    data: await octokit.graphql<{ readonly viewer?: { readonly login?: unknown } }>("query { viewer { login } }"),
  }));
  return viewer.ok ? readLogin(viewer.data.viewer?.login) : viewer;
}

function readLogin(login: unknown): Result<string> {
  return typeof login === "string" && /^[\w.-]{1,100}(?:\[bot\])?$/.test(login)
    ? { ok: true, data: login }
    : { ok: false, trouble: { kind: "bad-answer" } };
}
