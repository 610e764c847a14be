// An overview in, text for people at a terminal out: what to do now, a table of all credentials, a timeline, the counts.

import { colorsFor } from "../base/colors.ts";
import type { Colors } from "../base/colors.ts";
import { counted, grouped } from "../base/counted.ts";
import { dayOfInstant } from "../base/days.ts";
import { escapeText } from "../base/escape.ts";
import { hang, wrap } from "../base/layout.ts";
import { renderTable } from "../base/text-table.ts";
import type { TableRow } from "../base/text-table.ts";
import type { Reminder, RotationState } from "../model/rotation.ts";
import { closingProof, countStates, statesByUrgency } from "./overview.ts";
import type { Overview, OverviewRow } from "./overview.ts";
import { renderTimeline } from "./timeline.ts";
import { ageCell, ageSourceText, closingWays, dueCell, dueText, evidenceText, peopleText } from "./words.ts";
import { placeText, policyText, proofText, stateWords, stepsOf } from "./words.ts";

/** How the text is drawn. */
export interface TerminalOptions {
  readonly color: boolean;
  /** Columns. */
  readonly width: number;
  /** All credentials in full, however many they are. */
  readonly verbose: boolean;
}

/** How many credentials are told in full, in the table, and places of one. */
const maxBlocks = 10;
const maxRows = 50;
const maxPlaces = 5;

function painterOf(state: RotationState, colors: Colors): (text: string) => string {
  if (state === "leaked" || state === "overdue") return (text) => colors.bold(colors.red(text));
  if (state === "due-soon" || state === "rotating" || state === "unknown-age") return colors.yellow;
  return state === "exempt" ? colors.dim : colors.green;
}

function placeLines({ places }: Reminder, verbose: boolean): readonly string[] {
  const shown = verbose ? places : places.slice(0, maxPlaces);
  const rest = places.length - shown.length;
  const more = rest === 0 ? [] : [`  and ${counted(rest, "more place", "more places")}`];
  return [...shown.map((place) => `  at ${escapeText(placeText(place))}`), ...more];
}

/** One credential that somebody has to do something about. */
function renderBlock({ reminder }: OverviewRow, at: string, options: TerminalOptions): readonly string[] {
  const colors = colorsFor(options);
  const { credential, providerName, state, severity, evidence, snoozedUntil, playbook } = reminder;
  const tell = (lead: string, text: string): readonly string[] =>
    wrap(`${lead}: ${escapeText(text)}`, options.width - 4).map((line, index) => (index === 0 ? "  " : "    ") + line);
  const title = `${escapeText(credential)} (${escapeText(providerName)}, ${severity})`;
  return [
    `${painterOf(state, colors)(stateWords[state])}  ${colors.bold(title)}`,
    ...tell("due", dueText(reminder, at)),
    ...(reminder.leak ? [] : tell("policy", policyText(reminder))),
    ...tell("age", ageSourceText(reminder.age)),
    ...(evidence === undefined ? [] : tell("proof so far", evidenceText(evidence))),
    ...tell("owner", peopleText(reminder)),
    ...placeLines(reminder, options.verbose),
    ...(snoozedUntil === undefined
      ? []
      : tell("quiet", `a person closed it early; until ${dayOfInstant(snoozedUntil)}`)),
    ...stepsOf(reminder).flatMap((step, index) => hang(`  ${index + 1}. `, escapeText(step), options.width)),
    ...(playbook.where === undefined ? [] : [`  where: ${escapeText(playbook.where)}`]),
    ...closingWays(reminder).flatMap((way, index) => tell(index === 0 ? "closes on proof" : "or", way)),
  ];
}

function tableRow({ reminder }: OverviewRow, at: string, colors: Colors): TableRow {
  const { credential, state, age, owner } = reminder;
  const proof = closingProof(reminder);
  const cells = [credential, stateWords[state], dueCell(reminder, at), ageCell(age, at)];
  return {
    cells: cells.map(escapeText),
    last: escapeText(proof === undefined ? (owner ?? "nobody owns it") : proofText(proof)),
    paint: painterOf(state, colors),
  };
}

function renderCounts(overview: Overview, { width, ...options }: TerminalOptions): readonly string[] {
  const colors = colorsFor(options);
  const counts = countStates(overview);
  const told = statesByUrgency.filter((state) => counts[state] > 0);
  const parts = told.map((state) => painterOf(state, colors)(`${grouped(counts[state])} ${stateWords[state]}`));
  const open = overview.rows.filter(({ reminder }) => reminder.open).length;
  const todo = open === 0 ? "nobody has to do anything now" : `${counted(open, "needs", "need")} somebody now`;
  return wrap(`${counted(overview.rows.length, "credential")}: ${parts.join(", ")}; ${todo}.`, width);
}

function withTitle(title: string, lines: readonly string[], colors: Colors): readonly string[] {
  return lines.length === 0 ? [] : [colors.bold(title), ...lines];
}

/**
 * The text. Everything that comes from elsewhere is escaped; nothing is told by colour or by a drawing alone. Without
 * `verbose`, the most urgent come in full and the rest is counted.
 */
export function renderRotationTerminal(overview: Overview, options: TerminalOptions): string {
  const { rows, at } = overview;
  const colors = colorsFor(options);
  if (rows.length === 0) {
    return "No credential is known yet. Declare some: keywarden rotation init. Or find some: keywarden audit --ledger\n";
  }
  const limit = (most: number): number => (options.verbose ? Number.POSITIVE_INFINITY : most);
  const open = rows.filter(({ reminder }) => reminder.open);
  const full = open.slice(0, limit(maxBlocks));
  const listed = rows.slice(0, limit(maxRows));
  const table = renderTable({
    titles: ["credential", "state", "due", "age (days)", "owner or proof"],
    rows: listed.map((row) => tableRow(row, at, colors)),
    width: options.width,
    paintTitles: colors.dim,
  });
  const rest = rows.length - listed.length;
  const more = rest === 0 ? [] : [`  and ${grouped(rest)} more: --verbose lists them`];
  const blocks = [
    ...full.map((row) => renderBlock(row, at, options)),
    open.length > full.length ? [`and ${grouped(open.length - full.length)} more like these, in the table`] : [],
    [...table, ...more],
    withTitle("Due in the next 120 days", renderTimeline(overview, options.width), colors),
    renderCounts(overview, options),
  ];
  const shown = blocks.filter((block) => block.length > 0);
  return `${shown.map((block) => block.join("\n")).join("\n\n")}\n`;
}
