import { describe, expect, test } from "vitest";
import { loadRegexEngine } from "../../../src/base/regex/engine.ts";
import { subjectsOf } from "../../../src/findings/subjects.ts";
import { createKernel } from "../../../src/kernel/kernel.ts";
import { builtInRules, kernelModule } from "../../../src/pipeline/scan-setup.ts";
import { expandTemplate } from "../../../src/rules/samples.ts";
import { keywordsOf } from "../../../src/scan/keywords.ts";
import { Scanner } from "../../../src/scan/scanner.ts";

const { rules, tables } = builtInRules();
const byId = new Map(rules.map((rule) => [rule.id, rule]));

function scannerOf(keepValues: boolean): Scanner {
  return new Scanner({
    rules,
    keywords: keywordsOf(rules),
    makeKernel: () => createKernel(tables, { wasm: kernelModule() }),
    engine: loadRegexEngine(),
    fingerprint: (provider, canonical) => `${provider}:${canonical}`,
    now: Date.UTC(2026, 0, 1),
    maxDecodeDepth: 3,
    keepValues,
  });
}

const scanner = scannerOf(true);

function matchesIn(text: string, by = scanner) {
  const bytes = Buffer.from(text, "utf8");
  by.room(bytes.length).set(bytes);
  return by.scan({ length: bytes.length }).matches;
}

const idA = expandTemplate("ozz_client_{{alnum-lower:8}}", "a");
const idB = expandTemplate("ozz_client_{{alnum-lower:8}}", "b");
const secret = expandTemplate("sk_{{split}}live_{{base62:32}}", "s");
const b64 = (text: string): string => Buffer.from(text).toString("base64");

/** The other halves that each place of the secret is given, in the order of the places. */
function pairsIn(text: string): (readonly string[])[] {
  const subjects = subjectsOf(
    [matchesIn(text)],
    (id) => byId.get(id),
    () => true,
  );
  const names = [idA, idB];
  return [...subjects.values()].flatMap((list) =>
    list.map(({ pairs }) => pairs.map((pair) => "AB"[names.indexOf(pair)] as string)),
  );
}

describe("the other half stands in the same block", () => {
  test.each<[string, string, string[]]>([
    ["an env file", `OZZIE_CLIENT_ID=${idA}\nOZZIE_CLIENT_SECRET=${secret}\n`, ["A"]],
    ["the other way round", `OZZIE_CLIENT_SECRET=${secret}\nOZZIE_CLIENT_ID=${idA}\n`, ["A"]],
    ["a comment between", `OZZIE_CLIENT_ID=${idA}\n# from the vault\nOZZIE_CLIENT_SECRET=${secret}\n`, ["A"]],
    ["Windows line ends", `OZZIE_CLIENT_ID=${idA}\r\nOZZIE_CLIENT_SECRET=${secret}\r\n`, ["A"]],
    ["an empty line between", `OZZIE_CLIENT_ID=${idA}\n\nOZZIE_CLIENT_SECRET=${secret}\n`, []],
    ["an empty line between, Windows", `OZZIE_CLIENT_ID=${idA}\r\n\r\nOZZIE_CLIENT_SECRET=${secret}\r\n`, []],
    ["a section between", `OZZIE_CLIENT_ID=${idA}\n[prod]\nOZZIE_CLIENT_SECRET=${secret}\n`, []],
    ["a document between", `OZZIE_CLIENT_ID: ${idA}\n---\nOZZIE_CLIENT_SECRET: ${secret}\n`, []],
    ["two ids in one block", `OZZIE_A=${idA}\nOZZIE_B=${idB}\nOZZIE_CLIENT_SECRET=${secret}\n`, ["A", "B"]],
    ["the same id twice", `OZZIE_A=${idA}\nOZZIE_B=${idA}\nOZZIE_CLIENT_SECRET=${secret}\n`, ["A"]],
    ["one line of JSON", `{"ozzie": [{"id": "${idB}"}, {"id": "${idA}", "secret": "${secret}"}]}`, ["A"]],
    [
      "lines of JSON",
      `{\n  "ozzie": {\n    "id": "${idA}",\n    "secret": "${secret}"\n  },\n  "other": {\n    "id": "${idB}"\n  }\n}`,
      ["A"],
    ],
    [
      "YAML, indented",
      `ozzie:\n  prod:\n    client_id: ${idA}\n    client_secret: ${secret}\n  staging:\n    client_id: ${idB}\n`,
      ["A"],
    ],
    [
      "YAML of Kubernetes",
      `env:\n  - name: OZZIE_CLIENT_ID\n    value: ${idA}\n  - name: OZZIE_CLIENT_SECRET\n    value: ${secret}\n`,
      ["A"],
    ],
    ["a call", `new Ozzie("${idA}", "${secret}");`, ["A"]],
    [
      "a call over lines",
      `const ozzie = new Ozzie({\n  id: "${idA}",\n  secret: "${secret}",\n});\nconst other = new Ozzie({ id: "${idB}" });`,
      ["A"],
    ],
    [
      "a variable's braces do not count",
      `OZZIE_URL=\${HOST}/x\nOZZIE_CLIENT_ID=${idA}\nOZZIE_CLIENT_SECRET=${secret}\n`,
      ["A"],
    ],
    ["thirteen lines away", `OZZIE_CLIENT_ID=${idA}\n${"OZZIE_X=1\n".repeat(13)}OZZIE_CLIENT_SECRET=${secret}\n`, []],
  ])("%s", (_, text, want) => expect(pairsIn(text)).toEqual([want]));

  test("one decoded string", () => {
    expect(pairsIn(`config: ${b64(`OZZIE_CLIENT_ID=${idA}\nOZZIE_CLIENT_SECRET=${secret}\n`)}`)).toEqual([["A"]]);
  });

  test("not two decoded strings, nor one and the text around it", () => {
    const [id, key] = [b64(`OZZIE_CLIENT_ID=${idA} and some more`), b64(`OZZIE_CLIENT_SECRET=${secret}`)];
    expect(pairsIn(`a: ${id}\nb: ${key}\n`)).toEqual([[]]);
    expect(pairsIn(`OZZIE_CLIENT_ID=${idA}\nb: ${key}\n`)).toEqual([[]]);
  });
});

test("each place gives a subject, and only of what is wanted", () => {
  const text = `OZZIE_CLIENT_ID=${idA}\nOZZIE_CLIENT_SECRET=${secret}\n\nOZZIE_CLIENT_ID=${idB}\nOZZIE_CLIENT_SECRET=${secret}\n`;
  expect(pairsIn(text)).toEqual([["A"], ["B"]]);
  expect(
    subjectsOf(
      [matchesIn(text)],
      (id) => byId.get(id),
      () => false,
    ).size,
  ).toBe(0);
});

test("two scans of one scanner never share a block", () => {
  const contents = [`OZZIE_CLIENT_ID=${idA}\n`, `OZZIE_CLIENT_SECRET=${secret}\n`].map((text) => matchesIn(text));
  const [subjects] = subjectsOf(
    [contents.flat()],
    (id) => byId.get(id),
    () => true,
  ).values();
  expect(subjects?.map(({ pairs }) => pairs)).toEqual([[]]);
});

test("a scan without values says nothing of places", () => {
  const plain = matchesIn(`OZZIE_CLIENT_ID=${idA}\nOZZIE_CLIENT_SECRET=${secret}\n`, scannerOf(false));
  expect(plain.length).toBeGreaterThan(0);
  expect(plain.every((match) => match.home === undefined)).toBe(true);
});
