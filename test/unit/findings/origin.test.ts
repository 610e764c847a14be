import { describe, expect, test } from "vitest";
import type { GraphRef, HistoryGraph } from "../../../src/findings/history-graph.ts";
import { NONE } from "../../../src/findings/history-graph.ts";
import { traceOrigins } from "../../../src/findings/origin.ts";
import type { Origin } from "../../../src/model/history.ts";
import type { HistoryModel, ModelCommit } from "../../helpers/history-model.ts";
import { buildHistory } from "../../helpers/history-model.ts";

const key = { ".env": "key" };
const none = { readme: "text" };
const main = { name: "refs/heads/main" };

/** Commits one after another; `parents` only where it is not the one before. */
function line(...commits: (Partial<ModelCommit> & Pick<ModelCommit, "files">)[]): ModelCommit[] {
  return commits.map((commit, place) => ({ parents: place === 0 ? [] : [place - 1], time: place, ...commit }));
}

function trace(model: HistoryModel, commits: readonly number[] = [], tags: readonly string[] = []) {
  const built = buildHistory(model, { names: true, seed: 3 });
  const messages = [...commits.map(built.commitObject), ...tags.map(built.tag)];
  const traced = traceOrigins(built.graph, [{ blobs: [built.blob("key"), built.blob("key 2")], messages }]);
  const places = (blob: string): string[] =>
    (traced.places.get(built.blob(blob)) ?? []).map(({ path, introduced }) => {
      const commit = model.commits.findIndex((_, place) => built.commitNumber(place) === introduced);
      return commit < 0 ? path : `${path} c${commit}`;
    });
  return { origin: traced.secrets[0] as Origin, places };
}

function ranges({ presence }: Origin): string[] {
  return presence.map(({ from, until }) => `${from.commit}..${until.map(({ commit }) => commit).join("+")}`);
}

const exposures: readonly { name: string; model: HistoryModel; want: Partial<Origin>; ranges: string[] }[] = [
  {
    name: "added, then deleted",
    model: { commits: line({ files: none }, { files: key }, { files: none }), refs: [{ ...main, commit: 2 }] },
    want: { introduced: { commit: "c1", path: ".env", merge: false }, mayBeOlder: false, exposure: "history" },
    ranges: ["c1..c2"],
  },
  {
    name: "a rename and an edit that keeps the secret are no new introduction",
    model: {
      commits: line({ files: key }, { files: { "b/.env": "key 2" } }, { files: { "b/.env": "key 2", ...none } }),
      refs: [{ ...main, commit: 2 }],
    },
    want: { introduced: { commit: "c0", path: ".env", merge: false }, exposure: "tip" },
    ranges: ["c0.."],
  },
  {
    name: "born in a merge",
    model: {
      commits: line({ files: none }, { files: none, parents: [0] }, { files: key, parents: [0, 1] }),
      refs: [{ ...main, commit: 2 }],
    },
    want: { introduced: { commit: "c2", path: ".env", merge: true }, exposure: "tip" },
    ranges: ["c2.."],
  },
  {
    name: "taken out by a merge",
    model: {
      commits: line({ files: key }, { files: key, parents: [0] }, { files: none, parents: [0, 1] }),
      refs: [{ ...main, commit: 2 }],
    },
    want: { exposure: "history" },
    ranges: ["c0..c2"],
  },
  {
    name: "a merge of a branch that still has it removes nothing",
    model: {
      commits: line({ files: key }, { files: none }, { files: key, parents: [0] }, { files: none, parents: [1, 2] }),
      refs: [{ ...main, commit: 3 }],
    },
    want: { exposure: "history" },
    ranges: ["c0..c1"],
  },
  {
    name: "a branch that brought it and was merged without it",
    model: {
      commits: line({ files: none }, { files: key }, { files: none, parents: [0] }, { files: none, parents: [2, 1] }),
      refs: [{ ...main, commit: 3 }],
    },
    want: { exposure: "history" },
    ranges: ["c1..c3"],
  },
  {
    name: "added again",
    model: {
      commits: line({ files: key }, { files: none }, { files: { other: "key" } }),
      refs: [{ name: "refs/remotes/origin/main", commit: 2 }],
    },
    want: { introduced: { commit: "c0", path: ".env", merge: false }, exposure: "tip" },
    ranges: ["c0..c1", "c2.."],
  },
  {
    name: "a stash entry is no merge",
    model: {
      commits: line({ files: none }, { files: none }, { files: key, parents: [0, 1] }),
      refs: [
        { ...main, commit: 0 },
        { name: "refs/stash", commit: 2 },
      ],
    },
    want: {
      introduced: { commit: "c2", path: ".env", merge: false },
      exposure: "stash",
      refs: [{ kind: "stash", count: 1, examples: ["refs/stash"] }],
    },
    ranges: ["c2.."],
  },
  {
    name: "an older stash entry, which only the stash's reflog names",
    model: {
      commits: line({ files: none }, { files: none }, { files: key, parents: [0, 1] }),
      refs: [{ ...main, commit: 0 }],
      reflogs: [{ ref: "refs/stash", commit: 2 }],
    },
    want: { introduced: { commit: "c2", path: ".env", merge: false }, exposure: "stash", refs: [] },
    ranges: ["c2.."],
  },
  {
    name: "amended away: the living commit is named, not the older one that is gone",
    model: {
      commits: line({ files: none }, { files: key }, { files: key, parents: [0] }),
      refs: [{ ...main, commit: 2 }],
      reflogs: [{ ref: "HEAD", commit: 1 }],
    },
    want: { introduced: { commit: "c2", path: ".env", merge: false }, exposure: "tip" },
    ranges: ["c2.."],
  },
  {
    name: "amended away with the secret",
    model: {
      commits: line({ files: none }, { files: key }, { files: none, parents: [0] }),
      refs: [{ ...main, commit: 2 }],
      reflogs: [{ ref: "HEAD", commit: 1 }],
    },
    want: { introduced: { commit: "c1", path: ".env", merge: false }, exposure: "reflog", refs: [] },
    ranges: ["c1.."],
  },
  {
    name: "a commit that nothing names",
    model: { commits: line({ files: none }, { files: key }), refs: [{ ...main, commit: 0 }] },
    want: { introduced: { commit: "c1", path: ".env", merge: false }, exposure: "dangling", refs: [] },
    ranges: ["c1.."],
  },
  {
    name: "a blob that nothing names",
    model: { commits: line({ files: none }), refs: [{ ...main, commit: 0 }] },
    want: { exposure: "dangling", mayBeOlder: false, refs: [] },
    ranges: [],
  },
  {
    name: "staged only",
    model: { commits: line({ files: none }), refs: [{ ...main, commit: 0 }], index: [{ blob: "key", path: ".env" }] },
    want: { exposure: "index", refs: [] },
    ranges: [],
  },
  {
    name: "the first commit of a shallow clone",
    model: {
      commits: line({ files: key, parents: [undefined] }, { files: none }),
      refs: [{ ...main, commit: 1 }],
    },
    want: { introduced: { commit: "c0", path: ".env", merge: false }, mayBeOlder: true },
    ranges: ["c0..c1"],
  },
  {
    name: "added after the edge of a shallow clone",
    model: { commits: line({ files: none, parents: [undefined] }, { files: key }), refs: [{ ...main, commit: 1 }] },
    want: { introduced: { commit: "c1", path: ".env", merge: false }, mayBeOlder: false },
    ranges: ["c1.."],
  },
  {
    name: "the tree before is missing",
    model: {
      commits: line({ files: none }, { files: { lost: "x" } }, { files: key }),
      refs: [{ ...main, commit: 2 }],
      isMissing: (files) => "lost" in files,
    },
    want: { introduced: { commit: "c2", path: ".env", merge: false }, mayBeOlder: true },
    ranges: ["c2.."],
  },
  {
    name: "a missing tree in between removes nothing",
    model: {
      commits: line({ files: key }, { files: { lost: "x" } }, { files: key }),
      refs: [{ ...main, commit: 2 }],
      isMissing: (files) => "lost" in files,
    },
    want: { introduced: { commit: "c0", path: ".env", merge: false }, mayBeOlder: false },
    ranges: ["c0.."],
  },
  {
    name: "a tag of a tag of a blob",
    model: {
      commits: line({ files: none }),
      refs: [{ name: "refs/tags/v1", tag: "outer" }],
      tags: { outer: { tag: "inner" }, inner: { blob: "key" } },
    },
    want: { exposure: "history", refs: [{ kind: "tag", count: 1, examples: ["v1"] }] },
    ranges: [],
  },
  {
    name: "notes, a pull request's ref and a detached HEAD",
    model: {
      commits: line({ files: key }, { files: none }),
      refs: ["refs/notes/commits", "refs/pull/1/head", "worktrees/w/HEAD"].map((name) => ({ name, commit: 1 })),
    },
    want: {
      exposure: "history",
      refs: [
        { kind: "notes", count: 1, examples: ["commits"] },
        { kind: "other", count: 2, examples: ["refs/pull/1/head", "worktrees/w/HEAD"] },
      ],
    },
    ranges: ["c0..c1"],
  },
  {
    name: "HEAD goes without saying where a branch is",
    model: {
      commits: line({ files: key }),
      refs: [
        { name: "HEAD", commit: 0 },
        { ...main, commit: 0 },
      ],
    },
    want: {
      exposure: "tip",
      tips: [{ kind: "branch", count: 1, examples: ["main"] }],
      refs: [{ kind: "branch", count: 1, examples: ["main"] }],
    },
    ranges: ["c0.."],
  },
  {
    name: "what git left behind counts like a reflog",
    model: { commits: line({ files: key }), refs: [{ name: "ORIG_HEAD", commit: 0 }] },
    want: { exposure: "reflog", refs: [{ kind: "other", count: 1, examples: ["ORIG_HEAD"] }] },
    ranges: ["c0.."],
  },
];

describe("traceOrigins, by example", () => {
  test.each(exposures)("$name", ({ model, want, ranges: wanted }) => {
    const { origin } = trace(model);
    expect(origin).toMatchObject(want);
    expect(origin.introduced === undefined).toBe(wanted.length === 0);
    expect(ranges(origin)).toEqual(wanted);
  });

  test("a commit's message is in history, and at the tip only where the commit is", () => {
    const commits = line({ files: none }, { files: none }, { files: none });
    const at = (commit: number): Origin => trace({ commits, refs: [{ ...main, commit: 2 }] }, [commit]).origin;
    expect(at(1)).toMatchObject({
      introduced: { commit: "c1", path: "COMMIT_MSG", merge: false },
      exposure: "history",
    });
    expect(ranges(at(1))).toEqual(["c1.."]);
    expect(at(2).exposure).toBe("tip");
  });

  test("a tag's message is as exposed as the tag, and no commit brought it", () => {
    const model = { commits: line({ files: none }), tags: { t: { commit: 0 } } };
    const tagged = trace({ ...model, refs: [{ name: "refs/tags/v1", tag: "t" }] }, [], ["t"]).origin;
    expect(tagged).toEqual({
      exposure: "history",
      mayBeOlder: false,
      tips: [],
      presence: [],
      refs: [{ kind: "tag", count: 1, examples: ["v1"] }],
    });
    expect(trace({ ...model, refs: [] }, [], ["t"]).origin).toMatchObject({ exposure: "dangling", refs: [] });
  });

  test("each path has the first commit that put the blob there", () => {
    const commits = line(
      { files: key },
      { files: { "a/b/.env": "key" } },
      { files: { "a/b/.env": "key", copy: "key", other: "key 2" } },
      { files: key },
    );
    const { places } = trace({ commits, refs: [{ ...main, commit: 3 }], index: [{ blob: "key", path: "staged" }] });
    expect(places("key")).toEqual([".env c0", "a/b/.env c1", "copy c2", "staged"]);
    expect(places("key 2")).toEqual(["other c2"]);
  });

  test("a blob in a tree that no commit has stands at the path from there, unless it has a better one", () => {
    const strayTrees = [{ "d/stray": "key", "d/both": "key 2" }];
    const commits = line({ files: { here: "key 2" } });
    const { places, origin } = trace({ commits, refs: [{ ...main, commit: 0 }], strayTrees });
    expect(places("key")).toEqual(["d/stray"]);
    expect(places("key 2")).toEqual(["here c0"]);
    expect(origin.exposure).toBe("tip");
  });

  test("counts what it does not list", () => {
    const flips = Array.from({ length: 60 }, (_, place) => ({ files: place % 2 === 0 ? key : none }));
    const refs = Array.from({ length: 30 }, (_, place) => ({ name: `refs/heads/b${place}`, commit: 59 - place }));
    const { origin } = trace({ commits: line(...flips), refs });
    expect([origin.presence.length, origin.morePresence]).toEqual([20, 10]);
    expect(origin.refs).toEqual([{ kind: "branch", count: 30, examples: ["b0", "b1", "b10", "b11", "b12"] }]);
    const ends = Array.from({ length: 25 }, () => ({ files: none, parents: [0] }));
    const fan = ends.map((_, place) => ({ name: `refs/heads/b${place}`, commit: place + 1 }));
    const [stretch] = trace({ commits: line({ files: key }, ...ends), refs: fan }).origin.presence;
    expect([stretch?.until.length, stretch?.moreUntil]).toEqual([20, 5]);
  });

  test("says nothing of nothing", () => {
    const built = buildHistory({ commits: [], refs: [] }, { names: true, seed: 0 });
    expect(traceOrigins(built.graph, [])).toEqual({ secrets: [], places: new Map(), cut: new Set() });
    expect(traceOrigins(built.graph, [{ blobs: [], messages: [] }]).secrets).toEqual([
      { mayBeOlder: false, exposure: "dangling", tips: [], presence: [], refs: [] },
    ]);
  });
});

/** One commit of the last tree; blob 0 stands in tree 0; tree i has the given children; objects: blob, trees, commit. */
function oneCommit(children: readonly (readonly number[])[], named: boolean): HistoryGraph {
  const count = children.length;
  const starts = [0];
  for (const list of children) starts.push((starts.at(-1) as number) + list.length);
  const refs: GraphRef[] = [{ name: "refs/heads/main", commit: 0, object: count + 1 }];
  const place = children.flatMap((list) => [...list.keys()]);
  return {
    commits: {
      count: 1,
      objects: Uint32Array.of(count + 1),
      trees: Uint32Array.of(count),
      times: Float64Array.of(0),
      parentStarts: Uint32Array.of(0, 0),
      parents: new Uint32Array(0),
    },
    trees: {
      count,
      objects: Uint32Array.from({ length: count }, (_, tree) => tree + 1),
      childStarts: Uint32Array.from(starts),
      children: Uint32Array.from(children.flat()),
      ...(named ? { names: Uint32Array.from(place) } : {}),
    },
    holds: { trees: Uint32Array.of(0), blobs: Uint32Array.of(0), ...(named ? { names: Uint32Array.of(77) } : {}) },
    entriesOf: (tree) => [
      ...(children[tree] ?? []).map((child, at) => ({ name: `d${at}`, object: child + 1, isTree: true, key: at })),
      ...(tree === 0 ? [{ name: "f", object: 0, isTree: false, key: 77 }] : []),
    ],
    describe: (commit) => ({ commit: `c${commit}` }),
    refs,
    reflogs: [],
    index: [],
  };
}

describe("traceOrigins, made-up repositories", () => {
  test.each([true, false])("a tree with more paths than atoms (names: %s)", (named) => {
    // Each folder holds the one below ten times: 10^40 paths to one file.
    const children = Array.from({ length: 41 }, (_, tree) => (tree === 0 ? [] : Array<number>(10).fill(tree - 1)));
    const { secrets, places, cut } = traceOrigins(oneCommit(children, named), [{ blobs: [0], messages: [] }]);
    expect(places.get(0)).toHaveLength(1000);
    expect([...cut]).toEqual([0]);
    expect(secrets[0]).toMatchObject({ introduced: { commit: "c0" }, exposure: "tip" });
  });

  test.each([
    [4000, 1],
    [100_000, 0],
  ])("folders %d deep are walked, and paths end at some depth", (depth, count) => {
    const children = Array.from({ length: depth }, (_, tree) => (tree === 0 ? [] : [tree - 1]));
    const { secrets, places, cut } = traceOrigins(oneCommit(children, true), [{ blobs: [0], messages: [] }]);
    expect(places.get(0)).toHaveLength(count);
    expect(cut.size).toBe(1 - count);
    expect(secrets[0]?.exposure).toBe("tip");
  });

  test("numbers that lie: circles of commits and of trees, parents and trees that are not there", () => {
    const graph = oneCommit([[1], [0]], true);
    const commits = {
      count: 4,
      objects: Uint32Array.of(3, 4, 5, 6),
      trees: Uint32Array.of(2, 2, 999, NONE),
      times: Float64Array.of(0, 1, 2, Number.NaN),
      parentStarts: Uint32Array.of(0, 1, 2, 4, 4),
      parents: Uint32Array.of(1, 0, 77, 3),
    };
    const refs = [{ name: "refs/heads/main", commit: 99, object: 99 }];
    const reflogs = [{ ref: "HEAD", commit: 99 }];
    const holds = { trees: Uint32Array.of(0, 99), blobs: Uint32Array.of(0, 0), names: Uint32Array.of(77, 77) };
    const tags = [{ object: 99, target: 99 }];
    const { secrets } = traceOrigins({ ...graph, commits, refs, reflogs, holds, tags }, [
      { blobs: [0], messages: [3] },
    ]);
    expect(secrets[0]?.exposure).toBe("dangling");
  });
});
