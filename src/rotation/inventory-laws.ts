// An inventory whose shape is right in, the mistakes that only the whole of it shows out.

import { addDays } from "../base/days.ts";
import { dayOf } from "../base/dates.ts";
import { nearest } from "../base/nearest.ts";
import type { YamlDocument } from "../base/yaml-document.ts";
import type { Mistake } from "../base/yaml-mistakes.ts";
import { mistakeAt } from "../base/yaml-mistakes.ts";
import { maxExemptionDays } from "../model/rotation.ts";
import type { WrittenInventory } from "./inventory-schema.ts";
import { otherProvider } from "./inventory-schema.ts";
import { looksPasted, nameEndsIn } from "./pasted.ts";

type Path = readonly PropertyKey[];

interface Judged {
  readonly written: WrittenInventory;
  readonly document: YamlDocument;
  readonly today: string;
  readonly providers: readonly string[];
}

/** A name at a place of the file. */
interface Named {
  readonly name: string;
  readonly at: Path;
}

/** The mistakes of values that look like secrets: told alone, and first, because they must go before anything else. */
export function pastedMistakes(text: string, document: YamlDocument): Mistake[] {
  const nameEnds = nameEndsIn(text);
  const mistakes: Mistake[] = [];
  const visit = (value: unknown, at: Path, key?: string): void => {
    if (typeof value === "string") {
      if (looksPasted(value, nameEnds))
        mistakes.push({ position: document.positionOf(at, key), message: pasted, hint: remove });
    } else if (typeof value === "object" && value !== null) {
      for (const [name, part] of Object.entries(value)) {
        if (!Array.isArray(value)) visit(name, at, name);
        visit(part, [...at, Array.isArray(value) ? Number(name) : name]);
      }
    }
  };
  visit(document.value, []);
  return mistakes;
}

const pasted = "this looks like a secret, and only names belong here";
const remove =
  "Remove it, rotate it if the file was ever committed, and write where it is kept instead. If it is none, shorten it.";

/** Names that stand twice, names that nothing has, days that cannot be. */
export function crossMistakes(
  written: WrittenInventory,
  document: YamlDocument,
  { now, providers }: { readonly now: Date; readonly providers: readonly string[] },
): Mistake[] {
  const judged: Judged = { written, document, today: dayOf(now), providers };
  return [...twice(judged), ...unknown(judged), ...days(judged), ...policyMistakes(judged)];
}

function named<Entry>(entries: readonly Entry[] | undefined, list: string, key: keyof Entry & string): Named[] {
  return (entries ?? []).flatMap((entry, index) => {
    const name = entry[key];
    return typeof name === "string" ? [{ name, at: [list, index, key] }] : [];
  });
}

function twice({ written, document }: Judged): Mistake[] {
  const fingerprints = (written.credentials ?? []).flatMap(({ fingerprints: own = [] }, index) =>
    own.map((name, place) => ({ name, at: ["credentials", index, "fingerprints", place] })),
  );
  const groups: readonly (readonly [readonly Named[], string])[] = [
    [named(written.credentials, "credentials", "id"), "another credential has this id"],
    [named(written.policies, "policies", "name"), "another policy has this name"],
    [named(written.exemptions, "exemptions", "credential"), "another exemption is for this credential"],
    [fingerprints, "this fingerprint is listed already"],
  ];
  return groups.flatMap(([group, message]) => {
    const seen = new Map<string, Path>();
    return group.flatMap(({ name, at }) => {
      const first = seen.get(name);
      if (first === undefined) seen.set(name, at);
      return first === undefined ? [] : [mistakeAt(document, at, `${message}: see line ${lineOf(document, first)}`)];
    });
  });
}

function lineOf(document: YamlDocument, at: Path): number {
  return document.positionOf(at).line ?? 1;
}

function unknown({ written, document, providers }: Judged): Mistake[] {
  const { credentials, policies, exemptions } = written;
  const ids = named(credentials, "credentials", "id").map(({ name }) => name);
  const policyNames = named(policies, "policies", "name").map(({ name }) => name);
  const matched = (policies ?? []).flatMap(({ match }, index) => {
    const at: Path = ["policies", index, "match", "provider"];
    const given = match?.provider;
    if (given === undefined) return [];
    return typeof given === "string"
      ? [{ name: given, at }]
      : given.map((name, place) => ({ name, at: [...at, place] }));
  });
  const groups: readonly (readonly [what: string, readonly Named[], known: readonly string[]])[] = [
    ["provider", [...named(credentials, "credentials", "provider"), ...matched], [...providers, otherProvider]],
    ["policy", named(credentials, "credentials", "policy"), policyNames],
    ["credential", named(exemptions, "exemptions", "credential"), ids],
  ];
  return groups.flatMap(([what, group, known]) => {
    const set = new Set(known);
    return group
      .filter(({ name }) => !set.has(name))
      .map(({ name, at }) => {
        const meant = nearest(name, known);
        const mistake = mistakeAt(
          document,
          at,
          `unknown ${what}${meant === undefined ? "" : `: did you mean ${meant}?`}`,
        );
        return { ...mistake, hint: hintFor(what) };
      });
  });
}

function hintFor(what: string): string {
  if (what === "provider")
    return `\`keywarden rules list\` names them; write \`${otherProvider}\` for one that no rule knows.`;
  return what === "policy"
    ? "Policies stand in the same file, under policies."
    : "Only credentials of this file can be exempt.";
}

function days({ written, document, today }: Judged): Mistake[] {
  // Somewhere on earth it is tomorrow already.
  const latest = addDays(today, 1);
  const mistakes: Mistake[] = [];
  for (const [index, credential] of (written.credentials ?? []).entries()) {
    for (const key of ["created", "rotated"] as const) {
      const day = credential[key];
      if (day !== undefined && day > latest)
        mistakes.push(mistakeAt(document, ["credentials", index, key], "this day lies in the future"));
    }
    const { created, rotated } = credential;
    if (created !== undefined && rotated !== undefined && created > rotated)
      mistakes.push(mistakeAt(document, ["credentials", index, "created"], "created after it was last rotated"));
  }
  const end = addDays(latest, maxExemptionDays);
  for (const [index, { until }] of (written.exemptions ?? []).entries()) {
    if (until > end) {
      const message = `at most ${maxExemptionDays} days ahead: ${addDays(today, maxExemptionDays)} today`;
      mistakes.push(mistakeAt(document, ["exemptions", index, "until"], message));
    }
  }
  return mistakes;
}

function policyMistakes({ written, document }: Judged): Mistake[] {
  return (written.policies ?? []).flatMap(({ name, every, notify, grace }, index) => {
    const at = ["policies", index];
    const steps = (notify ?? []).map((step) => Number(step.slice(0, -1)));
    const rises = steps.findIndex((step, place) => place > 0 && step >= (steps[place - 1] as number));
    return [
      ...(name === "default"
        ? [mistakeAt(document, [...at, "name"], "this name is taken: it means no policy at all")]
        : []),
      ...((every ?? notify ?? grace) === undefined
        ? [mistakeAt(document, at, "a policy needs every, notify or grace")]
        : []),
      ...(rises > 0
        ? [mistakeAt(document, [...at, "notify", rises], "the steps must go down: the longest first")]
        : []),
      ...(every !== undefined && (steps[0] ?? 0) >= Number(every.slice(0, -1))
        ? [
            mistakeAt(
              document,
              [...at, "notify", 0],
              "this reminds from the first day on: it must be shorter than every",
            ),
          ]
        : []),
    ];
  });
}
