// A token and the API's address in, something that asks GitHub out. Octokit is loaded here, by those who need it.

import { UsageError } from "../errors.ts";

/** An answer, as far as it is looked at. */
export interface ApiAnswer {
  readonly status: number;
  readonly data: unknown;
}

/** What is used of octokit: one request, by its route in GitHub's reference; throws for an answer of 400 or more. */
export interface ApiClient {
  request(route: string, parameters?: Readonly<Record<string, unknown>>): Promise<ApiAnswer>;
}

/** How GitHub is reached. */
export interface ApiAccess {
  /** The value of GITHUB_API_URL; empty: github.com's. */
  readonly baseUrl: string;
  readonly token: string;
  readonly userAgent: string;
}

const answerMs = 20_000;

/** The address without a slash at its end. Throws UsageError for what is none; plain http is for loopback. */
function apiUrl(text: string): string {
  if (text === "") return "https://api.github.com";
  try {
    const url = new URL(text);
    const isLocal = url.protocol === "http:" && ["127.0.0.1", "[::1]", "localhost"].includes(url.hostname);
    if ((url.protocol === "https:" || isLocal) && url.username === "")
      return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
  } catch {
    // Said below.
  }
  throw new UsageError("GITHUB_API_URL is not an address of GitHub's API", {
    hint: "https://HOST/api/v3 for GitHub Enterprise Server; unset for github.com.",
  });
}

const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** Opens it; sends nothing. A request is tried once, follows no redirect, and takes at most twenty seconds. */
export async function openApi({ baseUrl, token, userAgent }: ApiAccess): Promise<ApiClient> {
  const url = apiUrl(baseUrl);
  const { Octokit } = await import("octokit");
  const octokit = new Octokit({
    auth: token,
    baseUrl: url,
    userAgent,
    log: quiet,
    throttle: { enabled: false },
    retry: { enabled: false },
    request: { redirect: "error" },
  });
  octokit.hook.before("request", (request) => {
    request.headers["x-github-api-version"] = "2022-11-28";
    request.request = { ...request.request, signal: AbortSignal.timeout(answerMs) };
  });
  return { request: (route, parameters) => octokit.request(route, parameters) };
}

/** Why GitHub did not do what it was asked, in words; nothing of its answer is repeated. */
export function refusalOf(error: unknown, permission: string): string {
  const { status, response } = Object(error) as { readonly status?: unknown; readonly response?: unknown };
  if (typeof status !== "number" || response === undefined) return "GitHub could not be reached";
  if (status === 401) return "the token is not valid";
  if (status === 403 || status === 404) return `the token may not do that: it needs permissions: ${permission}`;
  if (status === 429 || status >= 500) return `GitHub is busy or in trouble (${status})`;
  return `GitHub refused it (${status})`;
}
