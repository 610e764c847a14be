// A good rule file as text, and small changes to it: the ground that the tables of bad files stand on.

/** Well-formed; `changes` replace lines of the rule, or are added behind them from line 14 on; undefined removes one. */
export function ruleText(changes: Readonly<Record<string, string | undefined>> = {}, provider = "acme"): string {
  const fields: Record<string, string | undefined> = {
    id: `${provider}.live-key`,
    name: "Acme live key",
    what: "A live key of the payments API.",
    risk: "Whoever has it can charge customers.",
    severity: "critical",
    confidence: "high",
    keywords: "[acme_live_]",
    pattern: "'\\b (?P<secret> acme_live_ [0-9A-Za-z]{32} ) \\b'",
    checks: "[{entropy: {min: 3.2}}, {placeholder: {}}]",
    examples: `{match: [${matches}], skip: [${skips}]}`,
    ...changes,
  };
  const lines = Object.entries(fields).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}: ${value}`.trimEnd()],
  );
  const [first, ...others] = lines;
  return [
    `provider: ${provider}`,
    "name: Acme",
    "rules:",
    `  - ${first ?? ""}`,
    ...others.map((line) => `    ${line}`),
    "",
  ].join("\n");
}

const matches = "'k=acme_live_{{base62:32}}', 'acme_live_{{base62:32}}'";
const skips = [
  "{text: 'acme_live_{{repeat:x:32}}', why: filler}",
  "{text: 'acme_live_{{base62:31}}', why: one character short, near-miss: true}",
].join(", ");
