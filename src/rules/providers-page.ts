// All rules → the text of docs/verification-providers.md: who would be asked what about which credential, and who not.

import type { AnswerRow, Meaning, Recipe, RecipeRequest } from "../model/recipe.ts";
import type { Rule } from "../model/rule.ts";

/** Markdown; the same rules give the same text. */
export function providersPage(rules: readonly Rule[]): string {
  const secrets = rules.filter((rule) => rule.role === "secret");
  const asked = byProvider(secrets.filter((rule) => rule.verify !== undefined));
  const count = [...asked.values()].reduce((sum, own) => sum + own.length, 0);
  return [
    title,
    `${count} kinds of credentials of ${asked.size} providers can be asked about. Generated from the rule files; do not edit by hand.`,
    ...[...asked.values()].map(providerSection),
    "## Nobody is asked about these",
    untouched(secrets.filter((rule) => rule.verify === undefined)),
  ]
    .join("\n\n")
    .concat("\n");
}

const title = `# Who would be asked what

Every request that \`--verify\` can make is on this page; [verification](verification.md) says when one is made and how to forbid it. "Sends" names the headers: their values are the secret, or something that proves it, where it says so. The first row of a table that fits the answer decides, and an answer that fits no row means *unknown*. So does every redirection.`;

function byProvider(rules: readonly Rule[]): Map<string, Rule[]> {
  const groups = new Map<string, Rule[]>();
  for (const rule of rules.toSorted((a, b) => (a.providerName.toLowerCase() < b.providerName.toLowerCase() ? -1 : 1))) {
    groups.set(rule.provider, [...(groups.get(rule.provider) ?? []), rule]);
  }
  return groups;
}

function providerSection(rules: readonly Rule[]): string {
  const recipes = new Map<string, Rule[]>();
  for (const rule of rules.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    // The control differs from kind to kind, the question does not.
    const key = JSON.stringify({ ...rule.verify, control: "none" in (rule.verify?.control ?? {}) });
    recipes.set(key, [...(recipes.get(key) ?? []), rule]);
  }
  return [`## ${rules[0]?.providerName ?? ""}`, ...[...recipes.values()].map(recipeSection)].join("\n\n");
}

function recipeSection(rules: readonly Rule[]): string {
  const recipe = rules[0]?.verify as Recipe;
  const { control, reveals, caveat } = recipe;
  const lines = [
    `For ${rules.map((rule) => `\`${rule.id}\``).join(", ")} ([documentation](${recipe.docs})):`,
    "",
    ...recipe.requests.map((request, index) => `- ${requestLine(request, recipe, index)}`),
    `- Control: ${"none" in control ? `none. ${control.none}` : "an impossible key of the same form is sent first, once a day, and must be refused."}`,
    ...(reveals.length === 0 ? [] : [`- An active answer also shows: ${reveals.map(({ fact }) => fact).join(", ")}.`]),
    ...(caveat === undefined ? [] : [`- Note: ${caveat}`]),
    "",
    "| row | answer | means |",
    "| --- | --- | --- |",
    ...recipe.answers.map((row) => `| ${[row.row, answerCell(row), meansCell(row)].map(cell).join(" | ")} |`),
  ];
  return lines.join("\n");
}

function requestLine(request: RecipeRequest, recipe: Recipe, index: number): string {
  const host = recipe.host === undefined ? "" : recipe.host.suffixes.map((suffix) => `*${suffix}`).join(" or ");
  const url = request.url
    .replace("{{host}}", host)
    .replace("{{secret}}", "<the secret>")
    .replaceAll(/\{\{([\w-]+)\}\}/g, "<$1>");
  const names = Object.entries(request.headers).map(([name, value]) =>
    value.includes("{{") ? `**${name}**` : `${name}: ${value}`,
  );
  if (request.sign !== undefined) names.push("**authorization** (a signature; the secret itself stays here)");
  const when = [
    ...(index === 0 ? [] : ["only where the one before means inactive"]),
    ...(request.ifStarts === undefined ? [] : [`for secrets that start with \`${request.ifStarts}\``]),
  ];
  const parts = [
    `\`${request.method} ${url}\``,
    ...(when.length === 0 ? [] : [`(${when.join(", ")})`]),
    `sends ${names.length === 0 ? "no header of its own" : names.join(", ")}`,
    ...(request.body === undefined ? [] : [`and the body \`${request.body}\``]),
  ];
  return `${parts.join(" ")}.${request.harmless === undefined ? "" : ` ${request.harmless}`}`;
}

function answerCell(row: AnswerRow): string {
  const parts = [row.status.join(", ")];
  for (const { name, equals, contains } of row.headers ?? []) {
    parts.push(
      `header \`${name}\`${equals === undefined ? "" : ` is ${equals}`}${contains === undefined ? "" : ` holds ${contains}`}`,
    );
  }
  if (row.media === "json" && row.json === undefined) parts.push("JSON");
  for (const { path, equals, oneOf, contains, starts, exists } of row.json ?? []) {
    const what =
      equals !== undefined
        ? `is \`${String(equals)}\``
        : oneOf !== undefined
          ? `is ${oneOf.map((one) => `\`${one}\``).join(" or ")}`
          : contains !== undefined
            ? `holds "${contains}"`
            : starts !== undefined
              ? `starts with \`${starts}\``
              : exists === false
                ? "is absent"
                : "is there";
    parts.push(`\`${path}\` ${what}`);
  }
  if (row.text !== undefined) parts.push(`holds \`${row.text}\``);
  if (row.needsControl === true) parts.push("and the control was refused");
  return parts.join("; ");
}

const meaningWords: Readonly<Record<Meaning, string>> = {
  active: "**active**",
  inactive: "inactive",
  revoked: "revoked",
  unknown: "unknown",
  stop: "unknown; the host is left alone",
};

function meansCell(row: AnswerRow): string {
  return row.says === undefined ? meaningWords[row.means] : `${meaningWords[row.means]}. ${row.says}`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function untouched(rules: readonly Rule[]): string {
  const reasons = new Map<string, string[]>();
  for (const rule of rules.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    const why = rule.unverified ?? "No reason is given.";
    reasons.set(why, [...(reasons.get(why) ?? []), `\`${rule.id}\``]);
  }
  const rows = [...reasons].map(([why, ids]) => `| ${cell(why)} | ${ids.join(", ")} |`);
  return ["| why | credentials |", "| --- | --- |", ...rows].join("\n");
}
