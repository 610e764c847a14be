// A token and a repository in, the channel that shows reminders as GitHub issues out.

import { instantOf } from "../base/days.ts";
import type { Channel, ChannelProblem, Delivery } from "../model/channel.ts";
import type { Reminder, RotationAction } from "../model/rotation.ts";
import { Client } from "./client.ts";
import type { ClientOptions, Result } from "./client.ts";
import { openDesk } from "./desk.ts";
import type { Desk, DeskKeys } from "./desk.ts";
import { findLogin } from "./identity.ts";
import { findRepository } from "./issues.ts";
import type { Repository } from "./issues.ts";
import { Owners } from "./owners.ts";
import { reconcile } from "./reconcile.ts";
import { isAboutLeak } from "./route.ts";
import { problemOf } from "./trouble.ts";

/** What the channel needs to know. */
export interface GithubOptions extends Pick<ClientOptions, "baseUrl" | "token" | "pace" | "fetch"> {
  /** `owner/name` of the repository that reminders are about. */
  readonly repository: string;
  /** `owner/name` of a private one for leaks, where that is public. */
  readonly leaksTo?: string | undefined;
  readonly dashboard: boolean;
  /** Whom to mention where nobody is known. */
  readonly fallback?: string | undefined;
  /** The fingerprint key; the marks' own key is derived from it. */
  readonly key: Uint8Array;
  /** The account that the token writes as, where it cannot be asked: `my-app[bot]`. */
  readonly botLogin?: string | undefined;
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/** Trouble before the first reminder is a delivery of nothing. */
function undelivered(problem: ChannelProblem): Delivery {
  return { observations: [], problems: [problem], withheld: [], written: [] };
}

/** The private repository for leaks; undefined where leaks are told nowhere, with a reason if there is one to tell. */
async function openLeaks(
  keys: DeskKeys,
  leaksTo: string,
): Promise<{ readonly desk?: Desk; readonly problem?: ChannelProblem }> {
  const found = await findRepository(keys.client, leaksTo);
  if (found.ok && !found.data.isPrivate) {
    return {
      problem: {
        message: `GitHub: ${leaksTo} is public, so no leak is filed there`,
        hint: "Name a private repository in github.leaks-to of .keywarden/rotation.yml.",
      },
    };
  }
  const opened: Result<Desk> = found.ok ? await openDesk(keys, found.data) : found;
  return opened.ok ? { desk: opened.data } : { problem: problemOf(opened.trouble, `leaks to ${leaksTo}`) };
}

async function deliverTo(client: Client, options: GithubOptions, reminders: readonly Reminder[]): Promise<Delivery> {
  const { repository, leaksTo, key, botLogin } = options;
  const login: Result<string> = botLogin === undefined ? await findLogin(client) : { ok: true, data: botLogin };
  if (!login.ok) {
    const { message } = problemOf(login.trouble, "the account that the token belongs to");
    return undelivered({ message, hint: "Give a valid token; for an app's, name its account with --github-login." });
  }
  const home = await findRepository(client, repository);
  if (!home.ok) return undelivered(problemOf(home.trouble, `repository ${repository}`));
  const keys: DeskKeys = { client, login: login.data, key };
  const desk = await openDesk(keys, home.data);
  if (!desk.ok) return undelivered(problemOf(desk.trouble, `issues of ${repository}`));
  const isElsewhere = !home.data.isPrivate && leaksTo !== undefined;
  const leaks = isElsewhere ? await openLeaks(keys, leaksTo) : {};
  const delivery = await reconcile(
    {
      desks: { home: desk.data, leaks: leaks.desk },
      now: instantOf(options.nowMs),
      dashboard: options.dashboard,
      ownerOf: ownersFor(client, home.data, options.fallback),
    },
    reminders,
  );
  // A repository for leaks that nobody needs today is still worth a word only if there is a leak.
  const isMissed = leaks.problem !== undefined && reminders.some((one) => one.open && isAboutLeak(one));
  return isMissed && leaks.problem !== undefined
    ? { ...delivery, problems: [...delivery.problems, leaks.problem] }
    : delivery;
}

function ownersFor(
  client: Client,
  code: Repository,
  fallback: string | undefined,
): (desk: Desk) => (reminder: Reminder) => ReturnType<Owners["of"]> {
  const owners = new Owners(client, { code, fallback });
  return (desk) => (reminder) => owners.of(reminder, desk.repository);
}

/** Makes the channel. octokit is loaded when something is delivered. */
export function createGithubChannel(options: GithubOptions): Channel {
  return {
    name: "github",
    async deliver(actions: readonly RotationAction[], signal?: AbortSignal): Promise<Delivery> {
      const client = await Client.open({ ...options, signal });
      return deliverTo(
        client,
        options,
        actions.map(({ reminder }) => reminder),
      );
    },
  };
}
