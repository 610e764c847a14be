// Open reminders of one repository → one issue with a table of them, and when it was last looked at.

import { counted, grouped } from "../base/counted.ts";
import { dayOfInstant } from "../base/days.ts";
import { dueText, stateWords } from "../channels/words.ts";
import type { Written } from "../model/channel.ts";
import type { Reminder } from "../model/rotation.ts";
import type { Result } from "./client.ts";
import { keepFiled, locate } from "./desk.ts";
import type { Desk } from "./desk.ts";
import { dashboardLabels } from "./labels.ts";
import { code, prose } from "./markdown.ts";
import { linesOf, openingLine, readState, stateLine } from "./marker.ts";
import type { IssueState } from "./marker.ts";

/** No credential can have this name. */
const dashboardId = "~dashboard";

const title = "Credentials to rotate";
/** GitHub's limit is 65,536 characters for all. */
const maxTable = 50_000;

const state: IssueState = { cycle: 1, step: "dashboard", open: true, labels: dashboardLabels };

function rowOf(desk: Desk, reminder: Reminder): string {
  const issue = desk.filed.get(reminder.credential)?.[0];
  const link = issue === undefined ? "waits for the next run" : `#${issue.number}`;
  const cells = [
    code(reminder.credential).replaceAll("|", "\\|"),
    prose(reminder.providerName),
    stateWords[reminder.state],
    dueText(reminder),
    link,
  ];
  return `| ${cells.join(" | ")} |`;
}

function bodyOfAll(desk: Desk, reminders: readonly Reminder[], now: string): string {
  const rows: string[] = [];
  let left = maxTable;
  for (const reminder of reminders) {
    const row = rowOf(desk, reminder);
    left -= row.length + 1;
    if (left < 0) break;
    rows.push(row);
  }
  const rest = reminders.length - rows.length;
  return [
    openingLine(desk.seal, dashboardId),
    stateLine(desk.seal, dashboardId, state),
    reminders.length === 0 ? "Nothing is due." : `${counted(reminders.length, "credential")} to rotate.`,
    ...(rows.length === 0
      ? []
      : ["", "| Credential | Provider | State | Due | Issue |", "| --- | --- | --- | --- | --- |", ...rows]),
    ...(rest > 0 ? ["", `And ${grouped(rest)} more.`] : []),
    "",
    `Last run: ${dayOfInstant(now)}. Close this issue to be rid of it; keywarden leaves it closed.`,
  ].join("\n");
}

/** Brings the dashboard up to date, at most once a day where nothing changed. One that people closed stays closed. */
export async function showDashboard(
  desk: Desk,
  reminders: readonly Reminder[],
  now: string,
): Promise<Result<Written | undefined>> {
  const found = await locate(desk, { credential: dashboardId });
  if (!found.ok) return found;
  const issue = found.data;
  const isOver = issue !== undefined && !issue.isOpen && readState(desk.seal, dashboardId, issue.body)?.open !== false;
  if (isOver || (issue === undefined && reminders.length === 0)) return { ok: true, data: undefined };
  const body = bodyOfAll(desk, reminders, now);
  const isShown = issue?.isOpen === true && linesOf(issue.body).join("\n").trimEnd() === body;
  if (isShown) return { ok: true, data: undefined };
  const written =
    issue === undefined
      ? await desk.issues.create({ title, body, labels: dashboardLabels })
      : await desk.issues.update(issue.number, { title, body }, { reopen: !issue.isOpen });
  if (!written.ok) return written;
  keepFiled(desk, dashboardId, written.data);
  const what = issue === undefined ? "filed" : "updated";
  return { ok: true, data: { what, where: `${desk.name}#${written.data.number}` } };
}
