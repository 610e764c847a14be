import { describe, expect, test } from "vitest";
import type { Directive, Match } from "../../../src/model/match.ts";
import { directiveSpellings } from "../../../src/model/match.ts";
import { allowMatches } from "../../../src/policy/allow.ts";
import type { AllowOptions, InlineAllow } from "../../../src/policy/allow.ts";
import { directiveIn, matchAt } from "../../helpers/matches.ts";
import { processorClock } from "../../helpers/processor-clock.ts";

const now = new Date("2026-06-15T12:00:00Z");
const ours = "keywarden:allow";

/** How languages end the comment that a directive stands in. */
const comments: readonly { readonly name: string; readonly wrap: (text: string) => string }[] = [
  { name: "shell", wrap: (text) => `KEY=x # ${text}` },
  { name: "no space", wrap: (text) => `KEY=x #${text}` },
  { name: "C++", wrap: (text) => `let key = "x"; // ${text}` },
  { name: "C", wrap: (text) => `let key = "x"; /* ${text} */` },
  { name: "HTML", wrap: (text) => `<a href="x"> <!-- ${text} -->` },
  { name: "SQL", wrap: (text) => `SET key = 'x'; -- ${text}` },
  { name: "Jinja", wrap: (text) => `key: x {# ${text} #}` },
  { name: "Handlebars", wrap: (text) => `key: x {{!-- ${text} --}}` },
  { name: "Windows line", wrap: (text) => `KEY=x # ${text}\r` },
  { name: "a Python string", wrap: (text) => `"""${text}"""` },
  { name: "a JSON value", wrap: (text) => `"comment": "${text}",` },
  { name: "C, before the code", wrap: (text) => `/* ${text} */ let key = "x";` },
  { name: "HTML, before the text", wrap: (text) => `<!-- ${text} --> <a href="x">` },
  { name: "the whole line", wrap: (text) => text },
];

function said(directives: readonly Directive[], match: Match = matchAt(5), options: Partial<AllowOptions> = {}) {
  return allowMatches([match], directives, { now, ...options })[0];
}

function isAllowed(answer: InlineAllow | undefined): boolean {
  return answer?.suppression !== undefined;
}

/** Directives of a text, found as the scan finds them: every spelling wherever it stands. */
function directivesOf(text: string): readonly Directive[] {
  return text
    .split("\n")
    .flatMap((line, index) =>
      directiveSpellings
        .filter((spelling) => line.includes(spelling))
        .map((spelling) => directiveIn(line, spelling, index + 1)),
    );
}

describe("other scanners' spellings", () => {
  const sameLine = [
    "gitleaks:allow",
    "betterleaks:allow",
    "trufflehog:ignore",
    "kingfisher:ignore",
    "kingfisher:allow",
    "pragma: allowlist secret",
    "pragma: whitelist secret",
    "ggignore",
    "secretlint-disable-line",
  ];
  for (const { name, wrap } of comments) {
    test.each(sameLine)(`%s in ${name}`, (spelling) => {
      const directive = directiveIn(wrap(spelling), spelling, 5);
      expect(said([directive])?.suppression).toEqual({ kind: "inline", by: spelling });
      expect(said([{ ...directive, line: 4 }])).toBeUndefined();
      expect(said([{ ...directive, line: 6 }])).toBeUndefined();
    });
  }

  const nextLine = [
    "pragma: allowlist nextline secret",
    "pragma: whitelist nextline secret",
    "secretlint-disable-next-line",
  ];
  for (const { name, wrap } of comments) {
    test.each(nextLine)(`%s in ${name}`, (spelling) => {
      const directive = directiveIn(wrap(spelling), spelling, 4);
      expect(said([directive])?.suppression?.by).toBe(spelling);
      expect(said([{ ...directive, line: 5 }])).toBeUndefined();
      expect(said([{ ...directive, line: 3 }])).toBeUndefined();
    });
  }

  test("every spelling of the model is known", () => {
    const silent = directiveSpellings.filter((spelling) => {
      const rest = spelling === ours ? " acme -- why" : "";
      return ![4, 5].some((line) => isAllowed(said([{ spelling, line, rest }])));
    });
    expect(silent).toEqual(["secretlint-enable"]);
  });

  test.each([
    { text: "ggignored", spelling: "ggignore" },
    { text: "ggignore_me", spelling: "ggignore" },
    { text: "ggignore-file", spelling: "ggignore" },
    { text: "ggignore.py", spelling: "ggignore" },
    { text: "ggignoreé", spelling: "ggignore" },
    { text: "myggignore", spelling: "ggignore" },
    { text: "my-ggignore", spelling: "ggignore" },
    { text: "gitleaks:allowed", spelling: "gitleaks:allow" },
    { text: "not_gitleaks:allow", spelling: "gitleaks:allow" },
    { text: "pragma: allowlist secrets", spelling: "pragma: allowlist secret" },
    { text: "secretlint-disabled", spelling: "secretlint-disable" },
    { text: "secretlint-disable-lines", spelling: "secretlint-disable-line" },
    { text: `${ours}ed acme -- why`, spelling: ours },
    { text: "a", spelling: "unheard:of" },
  ])("$text is not $spelling", ({ text, spelling }) => {
    const directive = text.includes(spelling) ? directiveIn(`# ${text}`, spelling, 5) : { spelling, line: 5, rest: "" };
    expect(said([directive])).toBeUndefined();
  });

  test("honours only the chosen ones, and always ours", () => {
    const spelling = "gitleaks:allow";
    const directives = [
      { spelling, line: 5, rest: "" },
      { spelling: ours, line: 6, rest: " acme -- why" },
    ];
    expect(isAllowed(said(directives, matchAt(5), { honour: [] }))).toBe(false);
    expect(isAllowed(said(directives, matchAt(5), { honour: [spelling] }))).toBe(true);
    expect(isAllowed(said(directives, matchAt(6), { honour: [] }))).toBe(true);
  });
});

describe("matches of several lines", () => {
  const long = matchAt(10, { lines: 4 });
  test.each([
    { spelling: "gitleaks:allow", lines: [10, 11, 12, 13] },
    { spelling: "kingfisher:ignore", lines: [9, 10, 11, 12, 13, 14] },
    { spelling: "kingfisher:allow", lines: [9, 10, 11, 12, 13, 14] },
    { spelling: "secretlint-disable-next-line", lines: [9, 10, 11, 12] },
    { spelling: "pragma: allowlist nextline secret", lines: [9, 10, 11, 12] },
  ])("$spelling", ({ spelling, lines }) => {
    const counting = [7, 8, 9, 10, 11, 12, 13, 14, 15].filter((line) =>
      isAllowed(said([{ spelling, line, rest: "" }], long)),
    );
    expect(counting).toEqual(lines);
  });

  test("a match that ends with a line break does not cover the line after it", () => {
    const location = { line: 10, column: 1, endLine: 11, endColumn: 1 };
    expect(said([{ spelling: "gitleaks:allow", line: 11, rest: "" }], matchAt(10, { location }))).toBeUndefined();
  });
});

describe("keywarden:allow", () => {
  const write = (rest: string): Directive => ({ spelling: ours, line: 5, rest });

  for (const { name, wrap } of comments) {
    test(`in ${name}`, () => {
      const directive = directiveIn(wrap(`${ours} acme.live-key -- test key of the docs until=2026-12-31`), ours, 5);
      expect(said([directive])?.suppression).toEqual({
        kind: "inline",
        by: ours,
        reason: "test key of the docs",
        until: "2026-12-31",
      });
      expect(isAllowed(said([directiveIn(wrap(`${ours} acme.live-key`), ours, 5)]))).toBe(false);
    });
  }

  test.each([
    { rest: " acme.live-key -- why", reason: "why" },
    { rest: " acme -- why", reason: "why" },
    { rest: " * -- why", reason: "why" },
    { rest: " bolt,acme -- why", reason: "why" },
    { rest: " bolt , acme.live-key -- why", reason: "why" },
    { rest: "\tacme\t--\twhy", reason: "why" },
    { rest: " acme -- a -- b", reason: "a -- b" },
    { rest: " acme -- until=2026-06-15 last day", reason: "last day" },
    { rest: " acme -- why until=2027-01-01 until=2026-07-01", reason: "why" },
  ])("allows by $rest", ({ rest, reason }) => {
    expect(said([write(rest)])).toMatchObject({ suppression: { by: ours, reason }, notes: [] });
  });

  test("allows a match whose provider is not certain by one of its candidates", () => {
    const unclear = matchAt(5, { rule: "family.unclear", provider: "unclear", candidates: ["acme", "bolt"] });
    expect(isAllowed(said([write(" bolt -- why")], unclear))).toBe(true);
    expect(isAllowed(said([write(" clef -- why")], unclear))).toBe(false);
  });

  test.each([
    { rest: "", note: /names no rule/ },
    { rest: " -- why", note: /names no rule/ },
    { rest: " acme", note: /gives no reason/ },
    { rest: " acme --", note: /gives no reason/ },
    { rest: " acme -- until=2030-01-01", note: /gives no reason/ },
    { rest: " acme -- -->", note: /gives no reason/ },
    { rest: " acme --why", note: /gives no reason/ },
    { rest: " acme -- why until=tomorrow", note: /until=tomorrow is not a date/ },
    { rest: " acme -- why until=2030-02-30", note: /is not a date/ },
    { rest: " acme -- why until=", note: /is not a date/ },
    { rest: " acme -- why until=2026-06-14", note: /allowed until 2026-06-14 by keywarden:allow, expired/ },
    { rest: " acme -- why until=2030-01-01 until=2026-06-14", note: /2026-06-14 .* expired/ },
    { rest: " bolt -- why", note: /names bolt; this is acme\.live-key/ },
    { rest: " acme.live -- why", note: /names acme\.live; this is/ },
  ])("does not allow by $rest, and says why", ({ rest, note }) => {
    const answer = said([write(rest)]);
    expect(answer?.suppression).toBeUndefined();
    expect(answer?.notes).toEqual([expect.stringMatching(note)]);
  });

  test("a good comment beside a bad one counts, and the bad one is not spoken of", () => {
    expect(said([write(" bolt -- why"), write(" acme -- why")])).toMatchObject({
      suppression: { by: ours },
      notes: [],
    });
  });
});

describe("secretlint's blocks", () => {
  const cases = [
    { name: "from the comment on", text: "x\n// secretlint-disable\nx\nx", want: [2, 3, 4] },
    {
      name: "to the line before the end",
      text: "/* secretlint-disable */\nx\n/* secretlint-enable */\nx",
      want: [1, 2],
    },
    { name: "on one line", text: "x\n/* secretlint-disable */ x /* secretlint-enable */\nx", want: [2] },
    { name: "twice", text: "# secretlint-disable\n# secretlint-enable\nx\n# secretlint-disable", want: [1, 4] },
    { name: "with a reason", text: "# secretlint-disable -- tests only\nx", want: [1, 2] },
    { name: "for a rule of this name", text: "# secretlint-disable @secretlint/secretlint-rule-acme\nx", want: [1, 2] },
    { name: "for our own id", text: "# secretlint-disable acme.live-key\nx", want: [1, 2] },
    { name: "for another rule", text: "# secretlint-disable @secretlint/secretlint-rule-slack\nx", want: [] },
    { name: "for words that are no rule", text: "# secretlint-disable everything here\nx", want: [] },
    {
      name: "for several rules",
      text: "# secretlint-disable secretlint-rule-slack, secretlint-rule-acme\nx",
      want: [1, 2],
    },
    {
      name: "one rule enabled again",
      text: "# secretlint-disable\nx\n# secretlint-enable @secretlint/secretlint-rule-acme\nx\n# secretlint-disable\nx",
      want: [1, 2, 5, 6],
    },
    {
      name: "another rule enabled again",
      text: "# secretlint-disable\n# secretlint-enable secretlint-rule-slack\nx",
      want: [1, 2, 3],
    },
    { name: "an end without a beginning", text: "# secretlint-enable\nx", want: [] },
    {
      name: "the whole preset",
      text: "# secretlint-disable @secretlint/secretlint-rule-preset-recommend\nx",
      want: [1, 2],
    },
    {
      name: "line and next-line comments are no blocks",
      text: "# secretlint-disable-line\n# secretlint-disable-next-line\nx\nx",
      want: [1, 3],
    },
  ];
  test.each(cases)("$name", ({ text, want }) => {
    const lines = text.split("\n").map((_, index) => index + 1);
    const matches = lines.map((line) => matchAt(line)).reverse();
    const answers = allowMatches(matches, directivesOf(text), { now });
    const allowed = matches.filter((_, index) => isAllowed(answers[index])).map(({ location }) => location.line);
    expect(allowed.reverse()).toEqual(want);
  });

  test("keeps the reason and the spelling", () => {
    const directives = directivesOf("# secretlint-disable -- tests only");
    expect(said(directives)?.suppression).toEqual({ kind: "inline", by: "secretlint-disable", reason: "tests only" });
  });

  test.each([
    { id: "@secretlint/secretlint-rule-gcp", provider: "google", want: true },
    { id: "@secretlint/secretlint-rule-github", provider: "github", want: true },
    { id: "@secretlint/secretlint-rule-github", provider: "gitlab", want: false },
    { id: "constructor", provider: "acme", want: false },
    { id: "*", provider: "acme", want: false },
  ])("$id for $provider: $want", ({ id, provider, want }) => {
    const directive = { spelling: "secretlint-disable-line", line: 5, rest: ` ${id}` };
    expect(isAllowed(said([directive], matchAt(5, { rule: `${provider}.x`, provider })))).toBe(want);
  });
});

test("answers by the index of the match, whatever their order", () => {
  const matches = [matchAt(9), matchAt(2), matchAt(5)];
  const answers = allowMatches(matches, [{ spelling: "ggignore", line: 2, rest: "" }], { now });
  expect(answers.map(isAllowed)).toEqual([false, true, false]);
});

test("stays quick with a hostile number of comments and matches", () => {
  const many = Array.from({ length: 20_000 }, (_, index) => index);
  const matches = many.map(() => matchAt(1));
  const directives = many.flatMap((index) => [
    { spelling: ours, line: 1, rest: " bolt -- why" },
    { spelling: "secretlint-disable", line: 1, rest: ` rule-${index}` },
  ]);
  const spent = processorClock();
  allowMatches(matches, directives, { now });
  expect(spent()).toBeLessThan(5_000);
});
