// Reminders and the repositories at hand in, issues that show them out, and what was learnt, written and left.

import { counted } from "../base/counted.ts";
import type { ChannelProblem, Delivery, Written } from "../model/channel.ts";
import type { Observation, Reminder } from "../model/rotation.ts";
import { showDashboard } from "./dashboard.ts";
import type { Desk } from "./desk.ts";
import { joinDuplicates } from "./duplicates.ts";
import { isMarkable } from "./marker.ts";
import type { Owner } from "./owners.ts";
import { byUrgency, routeOf } from "./route.ts";
import type { Desks } from "./route.ts";
import { settle } from "./settle.ts";
import type { Settled } from "./settle.ts";
import { isFinal, problemOf } from "./trouble.ts";
import type { Trouble } from "./trouble.ts";

/** The most issues that one run files. */
const maxNewIssues = 20;

/** Everything but the reminders. */
export interface Reconciling {
  readonly desks: Desks;
  readonly now: string;
  readonly dashboard: boolean;
  readonly ownerOf: (desk: Desk) => (reminder: Reminder) => Promise<Owner | undefined>;
}

/** One run over all reminders. */
class Run {
  readonly #given: Reconciling;
  readonly observations: Observation[] = [];
  readonly problems: ChannelProblem[] = [];
  readonly withheld: string[] = [];
  readonly written: Written[] = [];
  /** Repositories in which nothing more can be done, and how many reminders that left untold. */
  readonly #stopped = new Map<Desk, { readonly trouble: Trouble; count: number }>();
  readonly #bare = new Set<Desk>();
  readonly #shown = new Map<Desk, Reminder[]>();
  #filed = 0;
  #deferred = 0;

  constructor(given: Reconciling) {
    this.#given = given;
  }

  async remind(reminder: Reminder): Promise<void> {
    if (!isMarkable(reminder.credential)) {
      this.problems.push({
        message: "GitHub: a credential's id holds characters that an issue's hidden line cannot hold",
        hint: "Use lower case letters, digits, '.', '_' and '-' in ids of .keywarden/rotation.yml.",
      });
      return;
    }
    const { to, closings, isWithheld } = routeOf(reminder, this.#given.desks);
    if (isWithheld) this.withheld.push(reminder.credential);
    for (const one of [...(to === undefined ? [] : [to]), ...closings]) await this.#settle(one.desk, one.reminder);
    if (to !== undefined) this.#shown.set(to.desk, [...(this.#shown.get(to.desk) ?? []), reminder]);
  }

  async #settle(desk: Desk, reminder: Reminder): Promise<void> {
    const stopped = this.#stopped.get(desk);
    if (stopped !== undefined) {
      stopped.count += 1;
      return;
    }
    const { now, ownerOf } = this.#given;
    const mayFile = this.#filed < maxNewIssues;
    this.#take(desk, reminder, await settle({ desk, now, mayFile, ownerOf: ownerOf(desk) }, reminder));
  }

  #take(desk: Desk, reminder: Reminder, settled: Settled): void {
    this.observations.push(...settled.observations);
    this.written.push(...settled.written);
    if (settled.written.some(({ what }) => what === "filed")) this.#filed += 1;
    if (settled.isDeferred === true) this.#deferred += 1;
    if (settled.isBare === true) this.#bare.add(desk);
    if (settled.trouble !== undefined) this.#meet(desk, reminder, settled.trouble);
  }

  #meet(desk: Desk, { credential }: Reminder, trouble: Trouble): void {
    if (isFinal(trouble)) {
      this.#stopped.set(desk, { trouble, count: 1 });
      return;
    }
    // A repository for leaks is there where the other one is public, and the logs of its workflows with it.
    const whose = desk === this.#given.desks.leaks ? "a leaked credential" : credential;
    this.problems.push(problemOf(trouble, `reminder of ${whose} in ${desk.name}`));
  }

  /** Duplicates, the dashboard, and what is to be said of the whole. */
  async finish(): Promise<void> {
    const { home, leaks } = this.#given.desks;
    const desks = [home, ...(leaks === undefined ? [] : [leaks])];
    for (const desk of desks) {
      this.problems.push(...desk.problems);
      if (!this.#stopped.has(desk)) await this.#tidy(desk);
    }
    for (const [desk, { trouble, count }] of this.#stopped) {
      this.problems.push(problemOf(trouble, `${counted(count, "reminder")} in ${desk.name} not brought up to date`));
    }
    for (const desk of this.#bare) {
      this.problems.push({
        message: `GitHub: ${desk.name}: the token may not set labels; reminders go on without them`,
        hint: "Give its account write access, or leave it so: nothing depends on labels.",
      });
    }
    if (this.#deferred > 0) {
      this.problems.push({
        message: `GitHub: ${counted(this.#deferred, "reminder")} not filed yet: a run files ${maxNewIssues} at most`,
        hint: "The next runs file the rest, the most urgent first.",
      });
    }
  }

  async #tidy(desk: Desk): Promise<void> {
    const hasFiled = this.written.some(({ what, where }) => what === "filed" && where.startsWith(`${desk.name}#`));
    if (this.#given.dashboard && desk === this.#given.desks.home) {
      const shown = await showDashboard(desk, this.#shown.get(desk) ?? [], this.#given.now);
      if (!shown.ok) this.problems.push(problemOf(shown.trouble, `dashboard in ${desk.name}`));
      else if (shown.data !== undefined) this.written.push(shown.data);
    }
    const joined = await joinDuplicates(desk, hasFiled);
    this.written.push(...joined.written);
    if (joined.trouble !== undefined) this.problems.push(problemOf(joined.trouble, `duplicates in ${desk.name}`));
  }
}

/** Brings all issues up to date, one request after the other. */
export async function reconcile(given: Reconciling, reminders: readonly Reminder[]): Promise<Delivery> {
  const run = new Run(given);
  for (const reminder of [...reminders].sort(byUrgency)) await run.remind(reminder);
  await run.finish();
  const { observations, problems, withheld, written } = run;
  return { observations, problems, withheld, written };
}
