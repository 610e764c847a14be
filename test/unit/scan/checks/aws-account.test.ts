// What a key id says of its account, as a scan reports it.

import { expect, test } from "vitest";
import { builtInScanner } from "../../../helpers/scan-text.ts";

const scanner = builtInScanner("re2");

function factsOf(text: string): string[] {
  const bytes = Buffer.from(text, "utf8");
  scanner.room(bytes.length).set(bytes);
  const { matches } = scanner.scan({ length: bytes.length });
  return matches
    .filter(({ rule }) => rule === "aws.exposed-access-key-id" || rule === "aws.key-pair")
    .flatMap(({ rule, facts }) => facts.map(({ name, value }) => `${rule} ${name} ${value}`));
}

// In parts, so that no key id stands here; the first is of an account of a maker of canary tokens.
const canary = ["AKIA", "SP2TPHJS", "QH3FJRUX"].join("");
const plain = ["AKIA", "SP2TPHQS", "QH3FJRUX"].join("");
const old = ["AKIA", "J2TPHJSX", "QH3FJRUX"].join("");
const secret = ["k7Qw2ZxP9LmT4RbV", "8NcY1HsD6GfJ3KaE", "5UoXwB0q"].join("");

test.each([
  [
    `aws_access_key_id = ${canary}`,
    [
      "aws.exposed-access-key-id account 171436882533",
      "aws.exposed-access-key-id canary account of a maker of canary tokens",
    ],
  ],
  [`aws_access_key_id = ${plain}`, ["aws.exposed-access-key-id account 171436882981"]],
  [`aws_access_key_id = ${old}`, []],
  [
    `new Credentials("${plain}", "${secret}")`,
    ["aws.exposed-access-key-id account 171436882981", "aws.key-pair account 171436882981"],
  ],
])("%#", (text, want) => {
  expect(factsOf(text).toSorted()).toEqual(want);
});
