// Trust in a rule file: it goes to the words that were read, not to the name that they were read from.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { reviewRules, trustFile } from "../../../src/pipeline/run-trust.ts";
import { trustOf } from "../../../src/pipeline/trusted-rules.ts";
import { loadRules } from "../../../src/rules/load.ts";
import { removeTemporary, temporaryFolder } from "../../helpers/git-repo.ts";
import { privateHome } from "../../helpers/verify-rig.ts";

afterAll(removeTemporary);

const rule = (host: string): string => `provider: acme
name: Acme
rules:
  - id: acme.key
    name: Acme key
    what: A made-up key for tests of trust.
    risk: None at all, because nobody has ever issued one.
    severity: high
    confidence: high
    keywords: [acme_]
    pattern: (?P<secret> acme_ [0-9a-z]{24} )
    verify:
      request: { method: GET, url: "https://${host}/v1/me", headers: { x-acme-key: "{{secret}}" } }
      answers:
        - { row: ok, status: 200, media: json, means: active }
        - { row: bad, status: 401, media: json, means: inactive }
      control: "acme_{{alnum-lower:24}}"
      docs: https://acme.example/docs
    examples:
      match: ["acme_{{alnum-lower:24}}", "key: acme_{{alnum-lower:24}}"]
      skip: [{text: "acme_{{alnum-lower:23}}", why: short, near-miss: true}, {text: nothing, why: nothing}]
`;

let file: string;
let home: ReturnType<typeof privateHome>;
beforeEach(() => {
  file = join(temporaryFolder(), "acme.yml");
  home = privateHome();
});

function isTrusted(loaded = loadRules({ paths: [file] })): boolean {
  return loaded.rules.every(trustOf(home.config, temporaryFolder()));
}

test("a file that is changed while its review is read is not trusted", () => {
  writeFileSync(file, rule("api.acme.example"));
  const review = reviewRules(file);
  expect(review.words).toContain("api.acme.example");
  writeFileSync(file, rule("api.mallory.example"));
  trustFile(file, home.env, review.digest);
  expect(isTrusted()).toBe(false);
  writeFileSync(file, rule("api.acme.example"));
  expect(isTrusted()).toBe(true);
});

test("rules that were read while the file was another one are not trusted, though it is the trusted one again", () => {
  writeFileSync(file, rule("api.acme.example"));
  trustFile(file, home.env, reviewRules(file).digest);
  writeFileSync(file, rule("api.mallory.example"));
  const loaded = loadRules({ paths: [file] });
  writeFileSync(file, rule("api.acme.example"));
  expect(isTrusted(loaded)).toBe(false);
  expect(isTrusted()).toBe(true);
});

test("what the rules say is the same whatever surrounds them in the file", () => {
  writeFileSync(file, rule("api.acme.example"));
  const { hash } = loadRules({ paths: [file] });
  writeFileSync(file, `# a word\n${rule("api.acme.example")}`);
  expect(loadRules({ paths: [file] }).hash).toBe(hash);
});
