// A parsed `rotation status` or `rotation remind` in, what is due shown and told, exit code out.

import { escapeText } from "../base/escape.ts";
import type { PartialSettings, Settings } from "../config/settings.ts";
import type { Delivery } from "../model/channel.ts";
import { writeReport } from "../pipeline/render.ts";
import type { FileChannel } from "../pipeline/rotation/channel-files.ts";
import { fileChannels, renderChannel } from "../pipeline/rotation/channel-files.ts";
import { deliveryLines } from "../pipeline/rotation/deliveries.ts";
import type { GithubChannel } from "../pipeline/rotation/github-channel.ts";
import { hasLedger } from "../pipeline/rotation/ledger-file.ts";
import { isPressing, peopleText, renderScreen } from "../pipeline/rotation/screen.ts";
import type { Overview } from "../pipeline/rotation/screen.ts";
import { lookAhead, openRotation, runReminders } from "../pipeline/run-rotation.ts";
import type { Rotation } from "../pipeline/run-rotation.ts";
import { rootOf } from "../pipeline/side-files.ts";
import { exitCodes } from "../pipeline/exit-code.ts";
import { onInterrupt } from "./interrupt.ts";
import { settingsAt } from "./scan-command.ts";
import { screenWidth, wantsColor } from "./screen.ts";
import { visible } from "./visible.ts";

/** What `--to` takes. */
export type ReminderChannel = FileChannel | "terminal" | "github";
/** What `status --format` takes. */
export type StatusFormat = FileChannel | "terminal";

interface Common {
  readonly typed: PartialSettings;
  readonly config: string | undefined;
  readonly verbose: boolean;
}

async function rotationHere({ typed, config }: Common): Promise<{ rotation: Rotation; settings: Settings }> {
  const root = rootOf(process.cwd(), []);
  const settings = await settingsAt(root, typed, config);
  const rotation = await openRotation({ root, settings, env: process.env, now: Date.now() });
  return { rotation, settings };
}

async function show(overview: Overview, settings: Settings, verbose: boolean): Promise<void> {
  const color = wantsColor(settings.color, process.stdout.isTTY === true);
  await print(renderScreen(overview, { color, width: screenWidth(), verbose }));
}

async function print(text: string): Promise<void> {
  await writeReport(text, { kind: "stream", stream: process.stdout });
}

/** Shows what is due and writes nothing. */
export async function statusCommand(given: Common & { readonly format: StatusFormat }): Promise<number> {
  const { rotation, settings } = await rotationHere(given);
  const overview = lookAhead(rotation);
  if (given.format === "terminal") await show(overview, settings, given.verbose);
  else await print(await renderChannel(given.format, overview));
  return isPressing(overview) ? settings.exitCode : exitCodes.clean;
}

/** What was typed after `keywarden rotation remind`. */
export interface RemindCommand extends Common {
  readonly to: readonly ReminderChannel[];
  readonly repository: string | undefined;
  readonly githubLogin: string | undefined;
  readonly dryRun: boolean;
}

/** Says on standard error what channels did, could not do, and hold back on purpose. */
function report(delivery: Delivery): void {
  const say = (text: string): void => void process.stderr.write(`${visible(text)}\n`);
  for (const line of deliveryLines(delivery)) say(line);
  for (const { message, hint } of delivery.problems)
    say(`keywarden: ${message}${hint === undefined ? "" : `\n  ${hint}`}`);
}

async function dryRun(overview: Overview, { to }: RemindCommand): Promise<void> {
  const lines = overview.rows.flatMap(({ reminder }) =>
    reminder.open
      ? [`would remind of ${reminder.credential} (${reminder.step}): ${escapeText(peopleText(reminder))}\n`]
      : [],
  );
  const where = to.filter((channel) => channel !== "terminal").join(", ");
  const end = where === "" ? "" : `Channels that would be told: ${where}.\n`;
  await print(visible(`${lines.join("")}${end}Nothing was written or sent.\n`));
}

async function githubOf(
  given: RemindCommand,
  rotation: Rotation,
  signal: AbortSignal,
): Promise<GithubChannel | undefined> {
  if (!given.to.includes("github")) return undefined;
  const { openGithub } = await import("../pipeline/rotation/github-channel.ts");
  return openGithub(rotation, { repository: given.repository, login: given.githubLogin, signal });
}

/** Brings the ledger up to date and tells every channel. */
export async function remindCommand(given: RemindCommand): Promise<number> {
  const { rotation, settings } = await rotationHere(given);
  const ahead = lookAhead(rotation);
  // Where nothing is known, and nothing was that a channel may still show, no file is made.
  if (given.dryRun || (ahead.rows.length === 0 && !hasLedger(rotation.request.root))) {
    if (given.to.includes("terminal")) await show(ahead, settings, given.verbose);
    if (given.dryRun) await dryRun(ahead, given);
    return isPressing(ahead) ? settings.exitCode : exitCodes.clean;
  }
  const interrupt = onInterrupt();
  try {
    const { signal } = interrupt;
    const github = await githubOf(given, rotation, signal);
    const { overview, ...delivery } = await runReminders(rotation, github?.observations ?? [], {
      channels: github === undefined ? [] : [github.channel],
      files: fileChannels.filter((channel) => given.to.includes(channel)),
      signal,
    });
    if (given.to.includes("terminal")) await show(overview, settings, given.verbose);
    report({ ...delivery, problems: [...(github?.problems ?? []), ...delivery.problems] });
    if (isPressing(overview)) return settings.exitCode;
    return delivery.problems.length > 0 ? exitCodes.incomplete : exitCodes.clean;
  } finally {
    interrupt.release();
  }
}
