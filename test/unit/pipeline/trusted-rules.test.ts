// Trust in a rule file: it goes to the words that were read, not to the name that they were read from.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { reviewRules, trustFile } from "../../../src/pipeline/run-trust.ts";
import { trustOf } from "../../../src/pipeline/trusted-rules.ts";
import { loadRules } from "../../../src/rules/load.ts";
import { acmeRule } from "../../helpers/acme-rule.ts";
import { removeTemporary, temporaryFolder } from "../../helpers/git-repo.ts";
import { privateHome } from "../../helpers/verify-rig.ts";

afterAll(removeTemporary);

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
  writeFileSync(file, acmeRule());
  const review = reviewRules(file);
  expect(review.words).toContain("api.acme.example");
  writeFileSync(file, acmeRule("api.mallory.example"));
  trustFile(file, home.env, review.digest);
  expect(isTrusted()).toBe(false);
  writeFileSync(file, acmeRule());
  expect(isTrusted()).toBe(true);
});

test("rules that were read while the file was another one are not trusted, though it is the trusted one again", () => {
  writeFileSync(file, acmeRule());
  trustFile(file, home.env, reviewRules(file).digest);
  writeFileSync(file, acmeRule("api.mallory.example"));
  const loaded = loadRules({ paths: [file] });
  writeFileSync(file, acmeRule());
  expect(isTrusted(loaded)).toBe(false);
  expect(isTrusted()).toBe(true);
});

test("what the rules say is the same whatever surrounds them in the file", () => {
  writeFileSync(file, acmeRule());
  const { hash } = loadRules({ paths: [file] });
  writeFileSync(file, `# a word\n${acmeRule()}`);
  expect(loadRules({ paths: [file] }).hash).toBe(hash);
});
