import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { traceOrigins } from "../../src/findings/origin.ts";
import type { Files, HistoryModel, ModelCommit, Named } from "../helpers/history-model.ts";
import { buildHistory, treeKey } from "../helpers/history-model.ts";
import type { ModelSecret } from "../helpers/history-oracle.ts";
import { Oracle } from "../helpers/history-oracle.ts";

const paths = ["a", "b", "d/a", "d/b", "d/e/a", "f/a"];
const contents = ["w", "x", "y", "z", "dull", "plain"];

type Edit =
  | { readonly set: string; readonly to: string }
  | { readonly drop: string }
  | { readonly rename: string; readonly to: string }
  | { readonly clear: boolean };

const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ set: fc.constantFrom(...paths), to: fc.constantFrom(...contents) }) },
  { weight: 3, arbitrary: fc.record({ drop: fc.constantFrom(...paths) }) },
  { weight: 1, arbitrary: fc.record({ rename: fc.constantFrom("d", "f"), to: fc.constantFrom("d", "f", "g") }) },
  { weight: 1, arbitrary: fc.constant({ clear: true }) },
);

interface Draft {
  readonly parents: readonly number[];
  readonly edits: readonly Edit[];
  readonly union: boolean;
  readonly time: number;
}

const draft: fc.Arbitrary<Draft> = fc.record({
  /** How far back each parent is; 0 is a parent that is not here. */
  parents: fc.oneof(
    { weight: 6, arbitrary: fc.constant<number[]>([1]) },
    { weight: 4, arbitrary: fc.array(fc.nat(7), { maxLength: 3 }) },
  ),
  edits: fc.array(edit, { maxLength: 3 }),
  union: fc.boolean(),
  time: fc.nat(6),
});

function applyEdits(files: Record<string, string>, edits: readonly Edit[]): Files {
  for (const one of edits) {
    if ("set" in one) files[one.set] = one.to;
    else if ("drop" in one) delete files[one.drop];
    else if ("clear" in one) for (const path of Object.keys(files)) delete files[path];
    else {
      for (const [path, blob] of Object.entries(files)) {
        if (!path.startsWith(`${one.rename}/`)) continue;
        delete files[path];
        files[`${one.to}${path.slice(1)}`] = blob;
      }
    }
  }
  return files;
}

/** Drafts → commits: each starts from its first parent's files, or from all of its parents'. */
function commitsOf(drafts: readonly Draft[]): readonly ModelCommit[] {
  const commits: ModelCommit[] = [];
  for (const { parents, edits, union, time } of drafts) {
    const here = commits.length;
    const chosen = parents
      .map((back) => (back === 0 ? undefined : here - back))
      .filter((at) => at === undefined || at >= 0);
    const sources = chosen.flatMap((at) => (at === undefined ? [] : [commits[at]?.files ?? {}]));
    const files = Object.assign({}, ...(union ? sources : sources.slice(0, 1))) as Record<string, string>;
    commits.push({ parents: chosen, files: applyEdits(files, edits), time });
  }
  return commits;
}

const refName = fc.constantFrom(
  "HEAD",
  "ORIG_HEAD",
  "refs/stash",
  "refs/heads/main",
  "refs/heads/next",
  "refs/remotes/origin/main",
  "refs/remotes/origin/HEAD",
  "refs/tags/v1",
  "refs/tags/v2",
  "refs/notes/commits",
  "refs/pull/1/head",
);

const named: fc.Arbitrary<Named> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ commit: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.record({ blob: fc.constantFrom(...contents) }) },
  {
    weight: 1,
    arbitrary: fc.record({ files: fc.dictionary(fc.constantFrom(...paths), fc.constantFrom(...contents)) }),
  },
  { weight: 2, arbitrary: fc.record({ tag: fc.constantFrom("t1", "t2") }) },
);

const secret = fc.record({
  blobs: fc.subarray(contents.slice(0, 4)),
  commits: fc.oneof(
    { weight: 3, arbitrary: fc.constant<number[]>([]) },
    { weight: 1, arbitrary: fc.array(fc.nat(12), { maxLength: 2 }) },
  ),
  tags: fc.oneof(
    { weight: 4, arbitrary: fc.constant<string[]>([]) },
    { weight: 1, arbitrary: fc.subarray(["t1", "t2"]) },
  ),
});

const drawn = fc.record({
  drafts: fc.array(draft, { minLength: 1, maxLength: 14 }),
  refs: fc.uniqueArray(fc.tuple(refName, named), { maxLength: 5, selector: ([name]) => name }),
  tags: fc.tuple(named, named),
  reflogs: fc.array(fc.record({ ref: fc.constantFrom("HEAD", "refs/stash"), commit: fc.nat(30) }), { maxLength: 2 }),
  index: fc.array(fc.record({ blob: fc.constantFrom(...contents), path: fc.constantFrom(...paths) }), { maxLength: 1 }),
  strayTrees: fc.array(fc.dictionary(fc.constantFrom(...paths), fc.constantFrom(...contents)), { maxLength: 1 }),
  missing: fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.integer({ min: 2, max: 9 }) }),
  secrets: fc.array(secret, { minLength: 1, maxLength: 40 }),
  seed: fc.nat(1000),
});
type Drawn = typeof drawn extends fc.Arbitrary<infer Value> ? Value : never;

/** A number that depends on a tree's files only. */
function sumOf(files: Files): number {
  return [...treeKey(files)].reduce((sum, unit) => (sum * 31 + (unit.codePointAt(0) as number)) % 1_000_003, 7);
}

function modelOf({ drafts, refs, tags, reflogs, index, strayTrees, missing }: Drawn): HistoryModel {
  const commits = commitsOf(drafts);
  const settle = (one: Named): Named => ("commit" in one ? { commit: one.commit % commits.length } : one);
  // The first tag names no tag, so there is no circle.
  const [first, second] = tags;
  return {
    commits,
    refs: refs.map(([name, one]) => {
      const isTag = name.startsWith("refs/tags/");
      return { ...(isTag || "commit" in one ? settle(one) : { commit: 0 }), name };
    }),
    tags: { t1: "tag" in first ? { commit: 0 } : settle(first), t2: "tag" in second ? { tag: "t1" } : settle(second) },
    reflogs: reflogs.map(({ ref, commit }) => ({ ref, commit: commit % commits.length })),
    index,
    strayTrees,
    isMissing: (files) => missing > 0 && sumOf(files) % missing === 0,
  };
}

function compareWithOracle(given: Drawn, names: boolean): void {
  const model = modelOf(given);
  const built = buildHistory(model, { names, seed: given.seed });
  const oracle = new Oracle(model, built);
  const secrets = given.secrets.map((one): ModelSecret => ({
    ...one,
    commits: one.commits.filter((commit) => commit < model.commits.length),
  }));
  const traced = traceOrigins(
    built.graph,
    secrets.map(({ blobs, commits, tags }) => ({
      blobs: blobs.map(built.blob),
      messages: [...commits.map(built.commitObject), ...tags.map(built.tag)],
    })),
  );
  for (const [place, one] of secrets.entries()) expect(traced.secrets[place]).toEqual(oracle.origin(one));
  for (const blob of new Set(secrets.flatMap(({ blobs }) => blobs))) {
    const places = oracle
      .places(blob)
      ?.map(({ path, introduced }) =>
        introduced === undefined ? { path } : { path, introduced: built.commitNumber(introduced) },
      );
    const found = traced.places.get(built.blob(blob)) ?? [];
    if (places !== undefined) expect(found).toEqual(places);
    else expect(found.every(({ introduced }) => introduced === undefined)).toBe(true);
  }
  expect(traced.cut.size).toBe(0);
  expect(new Set(built.asked.commits).size).toBe(built.asked.commits.length);
}

describe("traceOrigins says what the long way says", () => {
  test.each([
    ["with keys for names", true],
    ["without", false],
  ])("%s", (_, names) => {
    fc.assert(
      fc.property(drawn, (given) => compareWithOracle(given, names)),
      { numRuns: 300 },
    );
  });
});
