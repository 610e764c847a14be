// A reminder → the title and body of its issue, in GitHub-flavoured Markdown. Same reminder, same text.

import {
  ageSourceText,
  closingText,
  dueText,
  evidenceText,
  placeText,
  policyText,
  proofText,
  stateWords,
} from "../channels/words.ts";
import { counted } from "../base/counted.ts";
import type { Reminder } from "../model/rotation.ts";
import { code, link, mention, prose, titleText } from "./markdown.ts";
import { linesOf, openingLine, stateLine } from "./marker.ts";
import type { IssueState, Seal } from "./marker.ts";
import type { Owner } from "./owners.ts";

/** What a text may tell: places, verdicts and people only where outsiders cannot read it. */
export interface Audience {
  readonly isPrivate: boolean;
}

/** GitHub's limit is 65,536 characters; places are cut off long before. */
const maxPlaces = 20;
const maxSteps = 20;

/** The five steps of every rotation, in their order, by the names that their boxes keep. */
const steps = [
  ["create", "Create a new one"],
  ["deploy", "Deploy it"],
  ["verify-new", "Verify that the new one works"],
  ["delete", "Delete the old one"],
  ["verify-old", "Verify that the old one is dead"],
] as const;

/** The title of a credential's issue; it stays through all its states. */
export function titleOf({ credential, providerName }: Pick<Reminder, "credential" | "providerName">): string {
  return titleText(`Rotate ${credential} (${providerName})`);
}

/** The boxes that people ticked in a body. */
export function tickedBoxes(body: string): ReadonlySet<string> {
  return new Set(linesOf(body).flatMap((line) => /^- \[[xX]\] .*<!-- box:([a-z-]+) -->$/.exec(line)?.[1] ?? []));
}

/** What is so now, in one line: the body and the comment of a step say the same. */
export function nowLine(reminder: Reminder, { isPrivate }: Audience): string {
  const { open, proof, evidence, due } = reminder;
  if (!open) {
    const why =
      isPrivate && proof !== undefined ? prose(proofText(proof)) : "it was replaced, or nothing is due any more";
    return `**Closed:** ${why}.`;
  }
  const parts = [`**${prose(stateWords[reminder.state])}**`];
  if (due !== undefined) parts.push(`due ${prose(dueText({ due }))}`);
  if (isPrivate && evidence !== undefined) parts.push(prose(evidenceText(evidence)));
  return `${parts.join("; ")}.`;
}

/** Whom it concerns, as text that reaches them; nobody is named in public. */
function ownerLine(owner: Owner | undefined): string {
  if (owner === undefined) return "nobody is known to own it";
  const from = { inventory: "inventory", CODEOWNERS: "CODEOWNERS", commit: "who brought it in", fallback: "fallback" };
  return `${mention(owner.name)} (${from[owner.source]})`;
}

function facts(reminder: Reminder, owner: Owner | undefined, audience: Audience): string[] {
  const { age, severity, provider, providerName } = reminder;
  const lines = [
    `- **Provider:** ${prose(providerName)} (${code(provider)})`,
    `- **Severity:** ${severity}`,
    `- **Policy:** ${prose(audience.isPrivate ? policyText(reminder) : publicPolicy(reminder))}`,
    `- **Age:** ${prose(ageSourceText(age))}, confidence: ${age.confidence}`,
  ];
  if (audience.isPrivate) lines.push(`- **Owner:** ${ownerLine(owner)}`);
  return lines;
}

/** The policy without the words of its reason. */
function publicPolicy(reminder: Reminder): string {
  return policyText({ ...reminder, policy: { ...reminder.policy, name: "default", reason: "" } });
}

function placesOf({ places, leak }: Reminder, { isPrivate }: Audience): string[] {
  if (!leak || !isPrivate || places.length === 0) return [];
  const shown = places.slice(0, maxPlaces).map((place) => `- ${code(placeText(place))}`);
  const rest = places.length - shown.length;
  return ["", "### Where it stands", "", ...shown, ...(rest > 0 ? [`- and ${counted(rest, "more place")}`] : [])];
}

function checklist({ playbook }: Reminder, ticked: ReadonlySet<string>): string[] {
  // Five steps of a rule are these five, in its own words; any other number stands below them.
  const isSame = playbook.steps.length === steps.length;
  const boxes = steps.map(([name, words], index) => {
    const own = isSame ? `: ${prose(playbook.steps[index] ?? "")}` : "";
    return `- [${ticked.has(name) ? "x" : " "}] **${words}**${own} <!-- box:${name} -->`;
  });
  const own = isSame ? [] : playbook.steps.slice(0, maxSteps).map((step, index) => `${index + 1}. ${prose(step)}`);
  return [
    "",
    "### What to do",
    "",
    ...boxes,
    ...(own.length === 0 ? [] : ["", "For this provider:", "", ...own]),
    ...(playbook.where === undefined ? [] : ["", `The provider's page: ${link(playbook.where)}`]),
  ];
}

/** A body without its two hidden lines. */
function visibleBody(
  reminder: Reminder,
  audience: Audience,
  given: { readonly owner?: Owner | undefined; readonly ticked: ReadonlySet<string> },
): string[] {
  const closing = closingText(reminder);
  return [
    `${code(reminder.credential)}: ${nowLine(reminder, audience)}`,
    "",
    ...facts(reminder, given.owner, audience),
    ...placesOf(reminder, audience),
    ...checklist(reminder, given.ticked),
    ...(closing === "" ? [] : ["", `To have it closed: ${prose(closing)}.`]),
    "",
    "keywarden keeps this text up to date: ticked boxes stay, other edits are lost. Closed without proof, it comes back.",
  ];
}

/** The whole body. Boxes of `ticked` are ticked; `state` is what the next run is to know. */
export function bodyOf(
  reminder: Reminder,
  audience: Audience,
  given: {
    readonly seal: Seal;
    readonly state: IssueState;
    readonly ticked: ReadonlySet<string>;
  },
): string {
  const { seal, state, ticked } = given;
  const id = reminder.credential;
  return [
    openingLine(seal, id),
    stateLine(seal, id, state),
    ...visibleBody(reminder, audience, { owner: state.owner, ticked }),
  ].join("\n");
}

/** The body of an issue that another one, of a lower number, goes on for. */
export function duplicateBody(seal: Seal, id: string, state: IssueState): string {
  return [
    openingLine(seal, id),
    stateLine(seal, id, state),
    `Filed twice: #${state.duplicateOf ?? 0} goes on in its place.`,
  ].join("\n");
}
