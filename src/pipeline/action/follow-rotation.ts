// What a workflow wishes of rotation in; a function that, once the scan is over, brings the ledger up to date and tells
// people out. What it comes to is a page, lines and problems: the findings of the run never wait for it.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { counted } from "../../base/counted.ts";
import { instantOf } from "../../base/days.ts";
import { renderLines } from "../../channels/lines.ts";
import type { Overview } from "../../channels/overview.ts";
import { isPressing } from "../../channels/overview.ts";
import { UsageError } from "../../errors.ts";
import { saltFile } from "../../findings/key.ts";
import type { ChannelProblem, Delivery, Written } from "../../model/channel.ts";
import type { Report } from "../../model/finding.ts";
import { inventoryFile } from "../../rotation/inventory.ts";
import { ledgerFile } from "../../rotation/ledger.ts";
import { renderChannel } from "../rotation/channel-files.ts";
import { attempt, deliveryLines, nothing } from "../rotation/deliveries.ts";
import type { GithubChannel } from "../rotation/github-channel.ts";
import { observeReport } from "../rotation/observe-findings.ts";
import { lookAhead, openRotation, runReminders } from "../run-rotation.ts";
import type { Rotation, RotationRequest } from "../run-rotation.ts";
import { keyOf } from "../side-files.ts";

/** What is wished for. */
export interface FollowWish {
  /** People are told on GitHub, with the token in GITHUB_TOKEN of the request; else it is only shown. */
  readonly remind: boolean;
  /** What the scan finds enters the ledger: it looked at the whole repository. */
  readonly enters: boolean;
  /** Where the scan takes its key from; absolute. */
  readonly settingsRoot: string;
  /** Everybody can read the log and the job's summary: leaks are counted there, and not named. */
  readonly isPublic: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** What came of it. */
export interface Followed {
  /** Somebody is late, or a leak is open. */
  readonly isPressing: boolean;
  /** Nobody could be told, or not everybody. */
  readonly isUntold: boolean;
  /** Markdown. */
  readonly page: string;
  /** For the log: what is due, and what was written where. Escaped. */
  readonly lines: readonly string[];
  readonly problems: readonly ChannelProblem[];
}

/** Follows credentials after a scan. Trouble comes back as problems. */
export type Follow = (report: Report) => Promise<Followed>;

const hint = `Commit ${saltFile}, which keywarden rotation init makes, or set KEYWARDEN_KEY from a secret.`;

/** A key that a run makes is lost with its runner: the next would know neither the ledger nor its own issues. */
function checkKey({ root, env }: RotationRequest, { enters, settingsRoot }: FollowWish): void {
  const { id } = keyOf(root, env);
  if (id === "default") throw new UsageError("rotation needs a key that stays from one run to the next", { hint });
  if (!enters || keyOf(settingsRoot, env).id === id) return;
  throw new UsageError(`the ${saltFile} of the working tree is not the commit's`, { hint });
}

/** What may be shown, and a sentence on what may not. */
function shownOf(overview: Overview, isPublic: boolean): { readonly shown: Overview; readonly hidden: string } {
  const rows = isPublic ? overview.rows.filter(({ reminder }) => !reminder.leak) : overview.rows;
  const count = overview.rows.length - rows.length;
  const hidden = `${counted(count, "leaked credential")}, not named where everybody can read it`;
  return { shown: { ...overview, rows }, hidden: count === 0 ? "" : hidden };
}

/** What a log that everybody can read may say of a delivery: other repositories than `home` are there for leaks. */
function publicOf(delivery: Delivery, home: string): Delivery {
  const isHere = ({ where }: Written): boolean => where.toLowerCase().startsWith(`${home.toLowerCase()}#`);
  const written = delivery.written.map((one) => (isHere(one) ? one : { what: one.what, where: one.where }));
  return { ...delivery, written, withheld: [] };
}

async function told(
  overview: Overview,
  { isPublic, home }: { readonly isPublic: boolean; readonly home: string },
  delivery: Delivery,
  more: readonly ChannelProblem[],
): Promise<Followed> {
  const { shown, hidden } = shownOf(overview, isPublic);
  const page = await renderChannel("markdown", shown);
  return {
    isPressing: isPressing(overview),
    isUntold: delivery.problems.length > 0,
    page: hidden === "" ? page : `${page}\n${hidden}.\n`,
    lines: [
      ...renderLines(shown),
      ...(hidden === "" ? [] : [hidden]),
      ...deliveryLines(isPublic ? publicOf(delivery, home) : delivery),
    ],
    problems: [...more, ...delivery.problems],
  };
}

async function githubOf(rotation: Rotation, signal?: AbortSignal): Promise<GithubChannel> {
  const { openGithub } = await import("../rotation/github-channel.ts");
  return openGithub(rotation, { repository: undefined, login: undefined, signal });
}

async function followNow(
  rotation: Rotation,
  { remind, enters, isPublic, signal }: FollowWish,
  report: Report,
): Promise<Followed> {
  const { root, now, env } = rotation.request;
  const readers = { isPublic, home: env["GITHUB_REPOSITORY"] ?? "" };
  const found = enters ? observeReport(report, instantOf(now)) : [];
  const ahead = lookAhead(rotation);
  const isKept = existsSync(join(root, ledgerFile));
  // Where nothing is known, and nothing was that the ledger still names, no file is made; and nobody asked for one who only
  // wants to see.
  const isDue = remind ? ahead.rows.length > 0 || isKept : ahead.rows.length > 0 && isKept;
  if (found.length === 0 && !isDue) return told(ahead, readers, nothing, []);
  let overview = ahead;
  let asides: readonly ChannelProblem[] = [];
  const delivery = await attempt(async () => {
    const github = remind ? await githubOf(rotation, signal) : undefined;
    asides = github?.problems ?? [];
    const observations = [...found, ...(github?.observations ?? [])];
    const channels = github === undefined ? [] : [github.channel];
    const outcome = await runReminders(rotation, observations, { channels, files: [], signal });
    overview = outcome.overview;
    return outcome;
  });
  return told(overview, readers, delivery, asides);
}

/**
 * Reads what there is to follow before the scan, so that a mistake in it is heard of first; undefined where there is
 * neither inventory nor ledger. Throws KeywardenError for files that are wrong, and where no key stays.
 */
export async function openFollow(request: RotationRequest, wish: FollowWish): Promise<Follow | undefined> {
  const { root } = request;
  if (![inventoryFile, ledgerFile].some((file) => existsSync(join(root, file)))) return undefined;
  checkKey(request, wish);
  const rotation = await openRotation(request);
  lookAhead(rotation);
  return (report) => followNow(rotation, wish, report);
}
