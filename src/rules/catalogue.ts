// All rules → the text of rules/README.md: how to write a rule, and a table of the ones there are.

import { z } from "zod";
import type { Rule } from "../model/rule.ts";
import { templateNames } from "./samples.ts";
import { ruleSchema } from "./schema.ts";
import { checkNames, checkOptions } from "./schema-checks.ts";
import { verifySchema } from "./schema-verify.ts";

/** Markdown; the same rules give the same text. */
export function catalogue(rules: readonly Rule[]): string {
  const providers = [...new Set(rules.map((rule) => rule.provider))].toSorted();
  const tables = providers.map((provider) => providerTable(rules.filter((rule) => rule.provider === provider)));
  const total = `${rules.length} rules of ${providers.length} providers. Generated from the rule files; do not edit by hand.`;
  return [guide(), "## The rules", total, ...tables].join("\n\n").concat("\n");
}

function providerTable(rules: readonly Rule[]): string {
  const rows = rules
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((rule) => [
      `\`${rule.id}\``,
      rule.what,
      rule.severity,
      confidenceCell(rule),
      checksCell(rule),
      rotationCell(rule),
    ]);
  const [first] = rules;
  const title = first?.homepage === undefined ? first?.providerName : `[${first.providerName}](${first.homepage})`;
  return [
    `### ${title ?? ""}`,
    "",
    "| id | what | severity | confidence | checks | rotation |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows.map((cells) => `| ${cells.map((text) => text.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`),
  ].join("\n");
}

function confidenceCell(rule: Rule): string {
  return rule.role === "identifier" ? `${rule.confidence} (identifier)` : rule.confidence;
}

function checksCell(rule: Rule): string {
  const names = rule.checks.map((use) => use.name);
  if (rule.contested !== undefined) names.push(rule.fallback ? "fallback" : "evidence");
  return names.length === 0 ? "none" : names.join(", ");
}

function rotationCell(rule: Rule): string {
  if (rule.rotate === undefined) return "";
  return `${rule.rotate.everyDays} days${rule.rotate.source === "default" ? " (default)" : ""}`;
}

function guide(): string {
  const keys = Object.entries(ruleSchema.shape).map(([key, field]) => keyRow(key, field));
  const checks = checkNames.map((name) => {
    const { shape, description } = checkOptions[name];
    const options = Object.entries(shape).map(([option, field]) => `\`${option}\`: ${aboutOf(field)}`);
    return `| \`${name}\` | ${cell(description)} | ${cell(options.join(" "))} |`;
  });
  const recipe = Object.entries(verifySchema.shape).map(([key, field]) => keyRow(key, field));
  const list = templateNames.map((name) => `\`${name}\``).join(", ");
  return guideText
    .replace("%KEYS%", () => keys.join("\n"))
    .replace("%CHECKS%", () => checks.join("\n"))
    .replace("%VERIFY%", () => recipe.join("\n"))
    .replace("%TEMPLATES%", () => list);
}

function keyRow(key: string, field: z.ZodType): string {
  const optional = field.safeParse(undefined).success;
  return `| \`${key}\` | ${optional ? "" : "yes"} | ${cell(aboutOf(field))} |`;
}

/** A field's description; that of an optional one may stand on what it wraps. */
function aboutOf(field: z.ZodType): string {
  return field.description ?? (field instanceof z.ZodOptional ? aboutOf(field.unwrap() as z.ZodType) : "");
}

function cell(text: string | undefined): string {
  return (text ?? "").replaceAll("|", "\\|");
}

const guideText = `# Rules

One YAML file per provider, named after it. A rule says what a credential looks like, why it matters, how it is replaced, and how the rule itself is tested. \`keywarden rules new acme\` writes a file to fill in, \`keywarden rules check\` enforces everything on this page, for these rules and for your own alike.

## How to write a rule

1. **Find the shape** on the provider's own pages and put their addresses into \`references\`.
2. **Choose keywords**: literal text, at least 3 characters, one of which stands in *every* match. They are looked for first; nothing else of the rule costs time where none stands.
3. **Write the pattern** in RE2 syntax, with the part to hide in a group named \`secret\`. White space and \`# comments\` do not count; write a space as \`\\x20\` or \`[ ]\`, and \`\\#\` for a number sign. Text is seen as bytes. There is no look-around, and \`^\`, \`$\`, \`\\A\`, \`\\z\` are refused, because a match may stand anywhere. \`\\b\` counts \`_\` as part of a word; where \`-\`, \`.\`, \`/\` or \`$\` matter, use the \`charset\` check.
4. **Keep it bounded**: \`{20,200}\` rather than \`+\`. Where a match has no natural end, such as a key file, \`longest\` says after how many bytes it is cut. What stands before the first keyword must be bounded, and short (64 bytes are plenty).
5. **Add checks**, the cheap ones first; all must pass, in order.
6. **Add examples** as templates, so that no token-like text stands in the file: at least two that match, at least two to pass over, each with its reason, and one of those a near-miss, a token in all but one point. They are run through the real scanner alone, at the start, in the middle and at the end of a file, twice in a row, cut in two, with CRLF, as UTF-16, inside base64, and in env, JSON, YAML, shell and TypeScript syntax. No other rule may fire on them unless \`also\` names it.

The file has \`provider\` (its name without \`.yml\`), \`name\`, \`homepage\` and the list \`rules\`. Each rule has:

| key | needed | what |
| --- | --- | --- |
%KEYS%

### Checks

| check | what it does | options |
| --- | --- | --- |
%CHECKS%

### Asking the provider

\`verify\` says how the provider is asked whether the credential still works, and what its answers mean; [who would be asked what](../docs/verification-providers.md) shows all of them. Only the rules that keywarden ships and those that a user has trusted by \`keywarden rules trust\` are ever used for that.

- **Ask for as little as possible**: GET or HEAD, an endpoint that returns nobody's data, https and a host written out. A POST needs \`harmless\`, the reason why it changes nothing. The secret goes into a header, never into an address.
- **A verdict is a row of \`answers\`**: status and what only this provider says. A status alone is refused, since any page may send it. What fits no row is *unknown*, so leave out what you are not sure of.
- **\`control\`** is a key in the right form that can never have been issued. It is sent first; if the provider does not refuse it, the provider is not believed. Where a wrong key counts towards a lock-out, write \`{none: why}\`.
- Where there is nothing to ask, say why in \`unverified\`.

| in \`verify\` | needed | what |
| --- | --- | --- |
%VERIFY%

### Shapes that several providers share

Rules with the same \`contested\` name that match at the same place compete. The one whose \`evidence\` stands near gets the token; where none has any, or several have, the family's \`fallback\` rule (in \`unclear.yml\`) reports it and names everybody whose format fits. So write the format strictly, and choose evidence that only this provider's users write.

### Templates in examples

\`{{base62:32}}\` becomes 32 random characters of that alphabet, always with a digit and letters and without regularity, the same ones in every run. \`{{b64(...)}}\`, \`{{b64url(...)}}\` and \`{{hexenc(...)}}\` encode what stands inside, which may hold templates; \`{{jwt:{"alg":"HS256"}:{"sub":"{{hex:8}}"}}}\` and \`{{json-b64url:{...}}}\` make tokens of JSON; \`{{choice:a|b}}\` and \`{{repeat:x:8}}\` do what they say; \`{{crc32-base62:30}}\` adds the checksum; \`{{split}}\` is nothing, to part a prefix so that it is no token; \`{{dashes}}\` is five dashes, \`{{nl}}\` a newline. All: %TEMPLATES%.`;
