// Values of findings, read again: by object where git holds them, and nothing where they are gone.

import { afterAll, expect, test } from "vitest";
import { chooseKey } from "../../../src/findings/key.ts";
import type { ScannedBlob } from "../../../src/pipeline/content-scanner.ts";
import { ContentScanner } from "../../../src/pipeline/content-scanner.ts";
import { readSubjects } from "../../../src/pipeline/read-subjects.ts";
import { builtInRules, kernelModule, tablesFor } from "../../../src/pipeline/scan-setup.ts";
import type { ScanSetup } from "../../../src/pipeline/scan-setup.ts";
import { tokenOf } from "../../helpers/cli-tokens.ts";
import { GitRepo, gitTestEnv, removeTemporary, temporaryFolder } from "../../helpers/git-repo.ts";

afterAll(removeTemporary);

const ruleSet = builtInRules();
const setup: ScanSetup = {
  rules: ruleSet.rules,
  enabled: new Set(ruleSet.rules.map(({ id }) => id)),
  tables: tablesFor(ruleSet),
  wasm: kernelModule(),
  key: chooseKey({}),
  now: Date.UTC(2026, 0, 1),
  maxDecodeDepth: 3,
  keepValues: false,
  timings: false,
};
const scanner = new ContentScanner(setup);
const [key, other] = ["read again", "not wanted"].map((seed) => tokenOf("sendgrid.api-key", seed)) as [string, string];
const text = `A=${key}\nB=${other}\n`;
const scanned = scanner.scanBytes(Buffer.from(text));
const wanted = new Set(scanned.matches.slice(0, 1).map(({ fingerprint }) => fingerprint));

function repoWith(stored: string): { readonly repo: GitRepo; readonly object: string } {
  const repo = GitRepo.create();
  return { repo, object: repo.run(["hash-object", "-w", "--stdin"], { input: stored }) };
}

async function valuesOf(blobs: readonly ScannedBlob[], cwd: string): Promise<string[]> {
  const repository = { cwd, repository: "discover", env: gitTestEnv } as const;
  const subjects = await readSubjects(blobs, wanted, { setup, repository });
  return [...subjects.values()].flat().map(({ secret }) => secret.reveal());
}

const held = (object: string): ScannedBlob => ({ provenance: [], scanned, held: { object, part: "file" } });

test("an object, once, and only what is wanted", async () => {
  const { repo, object } = repoWith(text);
  expect(scanned.matches.map(({ secret }) => secret.reveal())).toEqual(["", ""]);
  expect(await valuesOf([held(object), held(object)], repo.dir)).toEqual([key]);
});

test("an object of other content gives nothing", async () => {
  const { repo, object } = repoWith("nothing here\n");
  expect(await valuesOf([held(object)], repo.dir)).toEqual([]);
});

test("one that is gone does not keep the next from being read", async () => {
  const { repo, object } = repoWith(text);
  expect(await valuesOf([held("0".repeat(40)), held(object)], repo.dir)).toEqual([key]);
});

test("a repository that is gone is no error", async () => {
  expect(await valuesOf([held("0".repeat(40))], temporaryFolder())).toEqual([]);
});

test("one that is too large to be held at once is read as a stream", async () => {
  const { repo, object } = repoWith(`${"nothing to see in this line\n".repeat(2_600_000)}${text}`);
  expect(await valuesOf([held(object)], repo.dir)).toEqual([key]);
});
