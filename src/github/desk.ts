// A repository in, our issues of it by credential out; and how to find the one that counts.

import type { ChannelProblem } from "../model/channel.ts";
import type { Reminder } from "../model/rotation.ts";
import type { Client, Result } from "./client.ts";
import { Issues } from "./issues.ts";
import type { Issue, Repository } from "./issues.ts";
import { createSeal, linesOf, readOpening, readState } from "./marker.ts";
import type { Seal } from "./marker.ts";
import type { Trouble } from "./trouble.ts";

/** One repository that reminders are filed in. */
export interface Desk {
  readonly repository: Repository;
  /** `owner/name`. */
  readonly name: string;
  readonly issues: Issues;
  readonly seal: Seal;
  /** The account that we write as. */
  readonly login: string;
  /** By credential: what we filed, the lowest number first. */
  readonly filed: Map<string, Issue[]>;
  /** Issues of ours whose first line somebody changed. */
  readonly problems: readonly ChannelProblem[];
}

/** Who asks, and with which key its marks are made. */
export interface DeskKeys {
  readonly client: Client;
  readonly login: string;
  readonly key: Uint8Array;
}

function isBy(issue: Issue, login: string): boolean {
  return issue.author.toLowerCase() === login.toLowerCase();
}

/** The credential that an issue is about: our account wrote it, and the mark is ours. */
function credentialOf(issue: Issue, { seal, login }: Pick<Desk, "seal" | "login">): string | undefined {
  return isBy(issue, login) ? readOpening(seal, issue.body) : undefined;
}

/** What cannot be written to at all. */
function closedDoor({ isArchived, hasIssues }: Repository): Trouble | undefined {
  if (isArchived) return { kind: "archived" };
  return hasIssues ? undefined : { kind: "gone" };
}

/** Lists what we filed in a repository. A list that broke off is trouble: what is missing would be filed twice. */
export async function openDesk({ client, login, key }: DeskKeys, repository: Repository): Promise<Result<Desk>> {
  const trouble = closedDoor(repository);
  if (trouble !== undefined) return { ok: false, trouble };
  const issues = new Issues(client, repository);
  const listed = await issues.listBy(login);
  if (!listed.ok) return listed;
  const name = `${repository.owner}/${repository.name}`;
  const desk = {
    repository,
    name,
    issues,
    seal: createSeal(key, repository.id),
    login,
    filed: new Map<string, Issue[]>(),
  };
  addFiled(desk, listed.data);
  const damaged = listed.data.filter(
    (issue) =>
      issue.isOpen &&
      (linesOf(issue.body)[0] ?? "").startsWith("<!-- rotation:v1 ") &&
      isBy(issue, login) &&
      credentialOf(issue, desk) === undefined,
  );
  return { ok: true, data: { ...desk, problems: damaged.map((issue) => damagedProblem(name, issue)) } };
}

function damagedProblem(name: string, { number }: Issue): ChannelProblem {
  return {
    message: `GitHub: ${name}#${number} was written by keywarden, and its first line was changed or belongs elsewhere`,
    hint: "Restore the line from the issue's edit history, or close the issue.",
  };
}

/** Takes up issues of a listing; those that are known stay as they are, for a listing may lag. */
export function addFiled(desk: Pick<Desk, "filed" | "seal" | "login">, issues: readonly Issue[]): void {
  for (const issue of issues) {
    const id = credentialOf(issue, desk);
    if (id === undefined) continue;
    const known = desk.filed.get(id) ?? [];
    if (known.some(({ number }) => number === issue.number)) continue;
    desk.filed.set(
      id,
      [...known, issue].sort((a, b) => a.number - b.number),
    );
  }
}

/** Puts an issue in the place of what was known of it. */
export function keepFiled(desk: Desk, id: string, issue: Issue): void {
  const others = (desk.filed.get(id) ?? []).filter(({ number }) => number !== issue.number);
  desk.filed.set(
    id,
    [...others, issue].sort((a, b) => a.number - b.number),
  );
}

/**
 * The issue that counts for a reminder: the lowest number of those that are ours. Numbers that the ledger, or a
 * duplicate, knows are read directly, because a listing lags. Undefined where there is none, trouble where it is unsure.
 */
export async function locate(
  desk: Desk,
  { credential, issue: hint }: Pick<Reminder, "credential" | "issue">,
): Promise<Result<Issue | undefined>> {
  const first = desk.filed.get(credential)?.[0];
  const state = first === undefined ? undefined : readState(desk.seal, credential, first.body);
  const isHere = hint?.repository.toLowerCase() === desk.name.toLowerCase();
  for (const number of [isHere ? hint?.number : undefined, state?.duplicateOf]) {
    if (number === undefined || (first !== undefined && number >= first.number)) continue;
    const asked = await desk.issues.get(number);
    if (asked.ok) addFiled(desk, [asked.data]);
    // Deleted, transferred, or no issue at all: then it is not the one.
    else if (!["not-found", "gone", "moved"].includes(asked.trouble.kind)) return asked;
  }
  return { ok: true, data: desk.filed.get(credential)?.[0] };
}
