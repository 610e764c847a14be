// A world of GitHub and reminders in, one run of the channel out, on a clock that nobody waits for.

import { instantOf } from "../../src/base/days.ts";
import { createGithubChannel } from "../../src/github/channel.ts";
import type { GithubOptions } from "../../src/github/channel.ts";
import type { Delivery } from "../../src/model/channel.ts";
import type { Reminder } from "../../src/model/rotation.ts";
import { fetchOf } from "./github-server.ts";
import { GithubWorld } from "./github-world.ts";
import type { WorldRepository } from "./github-world.ts";

/** Who the tests' token writes as. */
export const bot = "keywarden-test[bot]";

/** A stand-in for a token: it is no form of any provider's. */
export const botToken = "the-token-of-the-bot";

/** A world with one repository and one app that may write to it. */
export function worldOf(given: Partial<WorldRepository> = {}): { world: GithubWorld; home: WorldRepository } {
  const world = new GithubWorld();
  world.account(botToken, bot);
  return { world, home: world.repository("acme/app", given) };
}

/** A reminder that is overdue by a week, but for what is given. */
export function reminderOf(given: Partial<Reminder> = {}): Reminder {
  return {
    credential: "acme-prod",
    provider: "acme",
    providerName: "Acme Pay",
    state: "overdue",
    cycle: 1,
    step: "overdue-7",
    open: true,
    due: "2026-11-21T00:00:00Z",
    policy: {
      name: "default",
      everyDays: 90,
      notifyDays: [14, 7, 1, 0],
      graceDays: 0,
      reason: "90 days is what we use",
      saidBy: "default",
    },
    age: { source: "declared", confidence: "exact", since: "2026-08-23" },
    leak: false,
    places: [],
    severity: "high",
    closesHeardUntil: "1970-01-01T00:00:00Z",
    closedEarly: 0,
    playbook: {
      where: "https://acme.example/keys",
      steps: ["make one", "deploy it", "try it", "delete it", "try it again"],
    },
    ...given,
  };
}

/** The same, of a leak that works. */
export function leakOf(given: Partial<Reminder> = {}): Reminder {
  return reminderOf({
    state: "leaked",
    step: "leaked-active",
    leak: true,
    places: [{ path: "src/pay/config.ts", line: 12, commit: "a".repeat(40) }],
    evidence: { kind: "verification", status: "active", row: "ok", at: "2026-11-28T08:00:00Z" },
    ...given,
  });
}

/** The same reminder, closed with proof. */
export function closedOf(reminder: Reminder): Reminder {
  return {
    ...reminder,
    state: "rotated",
    step: "closed",
    open: false,
    proof: { kind: "verification", status: "inactive", row: "bad", at: "2026-11-28T08:30:00Z" },
  };
}

/** One run. Waits move the world's clock and nothing else. */
export function deliver(
  world: GithubWorld,
  reminders: readonly Reminder[],
  given: Partial<GithubOptions> & { readonly signal?: AbortSignal } = {},
): Promise<Delivery> {
  const { signal, ...options } = given;
  const channel = createGithubChannel({
    baseUrl: world.base,
    token: botToken,
    repository: "acme/app",
    dashboard: false,
    key: new Uint8Array(32).fill(7),
    nowMs: world.nowMs,
    fetch: fetchOf(world),
    ...options,
    pace: {
      now: () => world.nowMs,
      sleep: async (ms) => {
        world.nowMs += ms;
      },
      retryUnitMs: 0,
      ...options.pace,
    },
  });
  return channel.deliver(
    reminders.map((reminder) => ({ reminder, transition: false })),
    signal,
  );
}

/** What was written, in short: `filed acme-prod acme/app#1`. */
export function writtenOf({ written }: Delivery): string[] {
  return written.map(({ what, credential, where }) => [what, credential ?? "-", where].join(" "));
}

/** A moment of the world's clock as reminders have it. */
export function nowOf(world: GithubWorld): string {
  return instantOf(world.nowMs);
}
