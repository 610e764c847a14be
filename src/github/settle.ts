// One reminder and a repository in, the requests that make its issue show it out: only what differs is written.

import type { Written } from "../model/channel.ts";
import type { Observation, Reminder } from "../model/rotation.ts";
import { bodyOf, tickedBoxes, titleOf } from "./body.ts";
import type { Result } from "./client.ts";
import { commentOf } from "./comment.ts";
import { keepFiled, locate } from "./desk.ts";
import type { Desk } from "./desk.ts";
import type { Issue, IssueDraft } from "./issues.ts";
import { labelsOf, mergeLabels } from "./labels.ts";
import { linesOf, readState, stepLine, tellsStep } from "./marker.ts";
import type { IssueState } from "./marker.ts";
import type { Owner } from "./owners.ts";
import { planOf } from "./plan.ts";
import type { Plan } from "./plan.ts";
import type { Trouble } from "./trouble.ts";

/** What a reminder's turn came to. */
export interface Settled {
  readonly written: Written[];
  readonly observations: Observation[];
  readonly trouble?: Trouble;
  /** There was no issue, and no more may be filed in this run. */
  readonly isDeferred?: boolean;
  /** GitHub kept no labels or assignees. */
  readonly isBare?: boolean;
}

/** What a turn is given. */
export interface Turn {
  readonly desk: Desk;
  readonly now: string;
  readonly mayFile: boolean;
  readonly ownerOf: (reminder: Reminder) => Promise<Owner | undefined>;
}

/** Brings one reminder's issue up to date. */
export async function settle(turn: Turn, reminder: Reminder): Promise<Settled> {
  const found = await locate(turn.desk, reminder);
  if (!found.ok) return { written: [], observations: [], trouble: found.trouble };
  if (found.data === undefined) return reminder.open ? file(turn, reminder) : { written: [], observations: [] };
  const settled = await bringUp(turn, reminder, found.data);
  const { issue: hint, open } = reminder;
  const { number } = found.data;
  if (!open) return settled;
  if (hint?.number === number && hint.repository === turn.desk.name) return settled;
  return { ...settled, observations: [...settled.observations, filedAs(turn, reminder, number)] };
}

function filedAs({ desk, now }: Turn, { credential }: Reminder, number: number): Observation {
  return { kind: "filed", credential, repository: desk.name, number, at: now };
}

/** Owners are looked up once for each step; in public nobody is named. */
async function ownerAt(turn: Turn, reminder: Reminder, state?: IssueState): Promise<Owner | undefined> {
  if (!turn.desk.repository.isPrivate) return undefined;
  const isSame = state?.cycle === reminder.cycle && state.step === reminder.step;
  return isSame && state.declared === declaredOf(reminder) ? state.owner : turn.ownerOf(reminder);
}

/** As much of the inventory's words as a hidden line is to hold. */
function declaredOf({ owner }: Reminder): string | undefined {
  return owner?.slice(0, 200);
}

function stateOf(reminder: Reminder, labels: readonly string[], owner: Owner | undefined): IssueState {
  const { cycle, step, open } = reminder;
  const declared = declaredOf(reminder);
  return {
    cycle,
    step,
    open,
    labels,
    ...(owner === undefined ? {} : { owner }),
    ...(owner === undefined || declared === undefined ? {} : { declared }),
  };
}

async function file(turn: Turn, reminder: Reminder): Promise<Settled> {
  if (!turn.mayFile) return { written: [], observations: [], isDeferred: true };
  const { desk } = turn;
  const owner = await ownerAt(turn, reminder);
  const labels = labelsOf(reminder, false);
  const state = stateOf(reminder, labels, owner);
  const body = bodyOf(reminder, desk.repository, { seal: desk.seal, state, ticked: new Set() });
  const assignees = owner?.login === undefined ? [] : [owner.login];
  const made = await undressed({ title: titleOf(reminder), body, labels, assignees }, (draft) =>
    desk.issues.create(draft),
  );
  if (!made.ok) return { written: [], observations: [], trouble: made.trouble };
  const { issue, isBare } = made.data;
  keepFiled(desk, reminder.credential, issue);
  const where = `${desk.name}#${issue.number}`;
  return {
    written: [{ what: "filed", credential: reminder.credential, where }],
    observations: [filedAs(turn, reminder, issue.number)],
    isBare,
  };
}

/** Writes a draft; where labels or assignees are refused, without them. Says whether GitHub kept the labels. */
async function undressed(
  draft: IssueDraft,
  write: (draft: IssueDraft) => Promise<Result<Issue>>,
): Promise<Result<{ readonly issue: Issue; readonly isBare: boolean }>> {
  const { labels = [], assignees, ...text } = draft;
  let written = await write({ ...text, labels, ...(assignees === undefined ? {} : { assignees }) });
  if (!written.ok && ["forbidden", "invalid"].includes(written.trouble.kind)) {
    const plain = await write(text);
    // The first refusal says more than the second.
    if (plain.ok) written = plain;
  }
  if (!written.ok) return written;
  const issue = written.data;
  return { ok: true, data: { issue, isBare: !labels.every((label) => issue.labels.includes(label)) } };
}

const what = { keep: "updated", hold: "updated", reopen: "reopened", close: "closed" } as const;

async function bringUp(turn: Turn, reminder: Reminder, issue: Issue): Promise<Settled> {
  const { desk } = turn;
  const state = readState(desk.seal, reminder.credential, issue.body);
  const plan = planOf(reminder, issue, state);
  const observations: Observation[] = [];
  if (plan.closedAt !== undefined) {
    observations.push({ kind: "closed-by-person", credential: reminder.credential, at: plan.closedAt });
  }
  const written: Written[] = [];
  if (plan.kind === "leave") return { written, observations };
  const owner = await ownerAt(turn, reminder, state);
  const credential = reminder.credential;
  const where = `${desk.name}#${issue.number}`;
  if (plan.tells) {
    const told = await tell(desk, reminder, { issue, plan, owner });
    if (!told.ok) return { written, observations, trouble: told.trouble };
    if (told.data) written.push({ what: "told", credential, where });
  }
  const draft = draftOf(desk, reminder, { issue, plan, owner, state });
  if (plan.kind !== "reopen" && plan.kind !== "close" && isShown(issue, draft)) return { written, observations };
  const changed = await undressed(draft, (one) =>
    desk.issues.update(issue.number, one, {
      ...(plan.kind === "close" ? { closeAs: "completed" as const } : {}),
      reopen: plan.kind === "reopen",
    }),
  );
  if (!changed.ok) return { written, observations, trouble: changed.trouble };
  keepFiled(desk, credential, changed.data.issue);
  written.push({ what: what[plan.kind], credential, where });
  return { written, observations, isBare: changed.data.isBare };
}

/** Labels that people took off, and assignees that they changed, are theirs: our wishes stand in the body. */
function isShown(issue: Issue, draft: IssueDraft): boolean {
  return linesOf(issue.body).join("\n").trimEnd() === draft.body && issue.title === draft.title;
}

interface Known {
  readonly issue: Issue;
  readonly plan: Plan;
  readonly owner: Owner | undefined;
  readonly state?: IssueState | undefined;
}

function draftOf(desk: Desk, reminder: Reminder, { issue, plan, owner, state }: Known): IssueDraft {
  const isHeld = plan.kind === "hold";
  const labels = labelsOf(reminder, isHeld);
  const made = stateOf(reminder, labels, owner);
  // What happens while it is held is told when it is opened again; until then it counts as closed by somebody else.
  const next = isHeld ? { ...made, cycle: state?.cycle ?? 0, step: state?.step ?? "", open: true } : made;
  const ticked = state?.cycle === reminder.cycle ? tickedBoxes(issue.body) : new Set<string>();
  const body = bodyOf(reminder, desk.repository, { seal: desk.seal, state: next, ticked });
  const before = state?.owner?.login;
  const after = owner?.login;
  const others = issue.assignees.filter((login) => login !== before);
  return {
    title: titleOf(reminder),
    body,
    labels: mergeLabels(issue.labels, labels, state?.labels),
    ...(before === after ? {} : { assignees: after === undefined ? others : [...new Set([...others, after])] }),
  };
}

/** Comments, unless that was done already or the issue takes no comments; says whether it did. */
async function tell(desk: Desk, reminder: Reminder, { issue, plan, owner }: Known): Promise<Result<boolean>> {
  const done: Result<boolean> = { ok: true, data: false };
  if (issue.isLocked) return done;
  const comments = await desk.issues.comments(issue.number);
  if (!comments.ok) return comments;
  const line = stepLine(desk.seal, reminder.credential, reminder);
  const isOurs = ({ author, body }: { readonly author: string; readonly body: string }): boolean =>
    author.toLowerCase() === desk.login.toLowerCase() && tellsStep(body, line);
  if (comments.data.some(isOurs)) return done;
  const telling = { seal: desk.seal, owner, isReopened: plan.kind === "reopen" };
  const said = await desk.issues.comment(issue.number, commentOf(reminder, desk.repository, telling));
  if (said.ok) return { ok: true, data: true };
  // The text of the issue says the same.
  return said.trouble.kind === "locked" ? done : said;
}
