// A history as plain data → the origin of a secret, the long way: every file of every commit, every ref by itself.

import type { Exposure, Origin } from "../../src/model/history.ts";
import type { BlobPlace } from "../../src/findings/history-graph.ts";
import type { BuiltHistory, Files, HistoryModel, ModelCommit } from "./history-model.ts";
import { openFolder, peel } from "./history-model.ts";

/** A secret in the model: names of contents, numbers of commits, names of tags. */
export interface ModelSecret {
  readonly blobs: readonly string[];
  readonly commits: readonly number[];
  readonly tags: readonly string[];
}

interface Seen {
  readonly files: Files;
  readonly complete: boolean;
}

const holders = ["refs", "stash", "reflog", "nothing"] as const;

/** Answers all questions about one model. */
export class Oracle {
  readonly #model: HistoryModel;
  readonly #seen: readonly Seen[];
  readonly #ancestors: readonly ReadonlySet<number>[];
  readonly #holders: readonly number[];
  /** Commits of the model, in the order of history. */
  readonly order: readonly number[];

  constructor(model: HistoryModel, built: BuiltHistory) {
    this.#model = model;
    this.#seen = model.commits.map(({ files }) => this.#look(files));
    this.#ancestors = model.commits.map((_, commit) => this.#climb(commit));
    this.#holders = model.commits.map((_, commit) => this.#holderOf(commit));
    this.order = this.#sort(built);
  }

  /** What can be seen of a tree. */
  #look(files: Files): Seen {
    if (this.#model.isMissing?.(files)) return { files: {}, complete: false };
    const { blobs, folders } = openFolder(files);
    const found: Record<string, string> = { ...blobs };
    let complete = true;
    for (const [name, inner] of Object.entries(folders)) {
      const seen = this.#look(inner);
      complete &&= seen.complete;
      for (const [path, blob] of Object.entries(seen.files)) found[`${name}/${path}`] = blob;
    }
    return { files: found, complete };
  }

  #parents(commit: number): readonly number[] {
    return (this.#model.commits[commit] as ModelCommit).parents.filter((parent) => parent !== undefined);
  }

  #climb(commit: number): ReadonlySet<number> {
    const met = new Set([commit]);
    for (const at of met) for (const parent of this.#parents(at)) met.add(parent);
    return met;
  }

  #tipsOf(holder: (typeof holders)[number]): readonly number[] {
    const holderOf = (name: string): string => {
      if (name === "refs/stash") return "stash";
      return name === "HEAD" || name.startsWith("refs/") ? "refs" : "reflog";
    };
    const refs = this.#model.refs.filter(({ name }) => holderOf(name) === holder).map((ref) => peel(this.#model, ref));
    const logs = (this.#model.reflogs ?? []).filter(
      ({ ref }) => (ref === "refs/stash" ? "stash" : "reflog") === holder,
    );
    return [...refs.flatMap((named) => ("commit" in named ? [named.commit] : [])), ...logs.map(({ commit }) => commit)];
  }

  #holderOf(commit: number): number {
    const holder = holders.findIndex((name) => this.#tipsOf(name).some((tip) => this.#ancestors[tip]?.has(commit)));
    return holder < 0 ? holders.length - 1 : holder;
  }

  #sort(built: BuiltHistory): readonly number[] {
    const left = new Set(this.#model.commits.keys());
    const order: number[] = [];
    while (left.size > 0) {
      const ready = [...left].filter((commit) => !this.#parents(commit).some((parent) => left.has(parent)));
      const time = (commit: number): number => (this.#model.commits[commit] as ModelCommit).time;
      ready.sort(
        (a, b) =>
          (this.#holders[a] as number) - (this.#holders[b] as number) ||
          time(a) - time(b) ||
          built.commitObject(a) - built.commitObject(b),
      );
      order.push(ready[0] as number);
      left.delete(ready[0] as number);
    }
    return order;
  }

  #isSeen(commit: number, secret: ModelSecret): boolean {
    return Object.values((this.#seen[commit] as Seen).files).some((blob) => secret.blobs.includes(blob));
  }

  #holds(commit: number, secret: ModelSecret): boolean {
    if (this.#isSeen(commit, secret)) return true;
    if ((this.#seen[commit] as Seen).complete) return false;
    return this.#parents(commit).some((parent) => this.#holds(parent, secret));
  }

  /** The origin, commits named as the built graph names them. */
  origin(secret: ModelSecret): Origin {
    const has = (commit: number): boolean => this.#holds(commit, secret) || secret.commits.includes(commit);
    const first = this.order.find(has);
    const told = this.order.filter(
      (commit) => first !== undefined && (this.#holders[commit] as number) <= (this.#holders[first] as number),
    );
    const begun = told.filter(
      (commit) => this.#holds(commit, secret) && !this.#parents(commit).some((parent) => this.#holds(parent, secret)),
    );
    const isAtEdge = (commit: number): boolean =>
      (this.#model.commits[commit] as ModelCommit).parents.some(
        (parent) => parent === undefined || !(this.#seen[parent] as Seen).complete,
      );
    const hasGaps = this.#seen.some(({ complete }) => !complete);
    return {
      ...(first === undefined ? {} : { introduced: this.#introduce(first, secret) }),
      mayBeOlder: first === undefined ? hasGaps && secret.blobs.length > 0 : begun.some(isAtEdge),
      exposure: this.#exposure(secret),
      tips: this.#tips(secret),
      presence: this.#stretches(told, begun, secret),
      refs: this.#listRefs((ref) => this.#reaches(ref, secret)),
    };
  }

  #introduce(commit: number, secret: ModelSecret) {
    const { parents } = this.#model.commits[commit] as ModelCommit;
    const paths = Object.entries((this.#seen[commit] as Seen).files)
      .filter(([, blob]) => secret.blobs.includes(blob))
      .map(([path]) => path)
      .sort();
    const isStash = this.#tipsOf("stash").includes(commit);
    return {
      commit: `c${commit}`,
      path: paths[0] ?? "COMMIT_MSG",
      merge: parents.length > 1 && paths.length > 0 && !isStash,
    };
  }

  #stretches(told: readonly number[], begun: readonly number[], secret: ModelSecret): Origin["presence"] {
    const holding = told.filter((commit) => this.#holds(commit, secret));
    const met = new Set<number>();
    const found: { from: number; until: readonly number[] }[] = [];
    for (const from of begun) {
      if (met.has(from)) continue;
      const stretch = new Set([from]);
      for (const at of stretch)
        for (const other of holding)
          if (this.#parents(at).includes(other) || this.#parents(other).includes(at)) stretch.add(other);
      for (const commit of stretch) met.add(commit);
      const without = told.filter(
        (commit) => !this.#holds(commit, secret) && this.#parents(commit).some((parent) => stretch.has(parent)),
      );
      const tookOut = without.filter(
        (commit) => !this.#parents(commit).some((parent) => this.#hadLost(parent, secret)),
      );
      found.push({ from, until: tookOut.length > 0 ? tookOut : without });
    }
    for (const commit of told)
      if (secret.commits.includes(commit) && !begun.includes(commit)) found.push({ from: commit, until: [] });
    return found
      .sort((a, b) => this.order.indexOf(a.from) - this.order.indexOf(b.from))
      .map(({ from, until }) => ({
        from: { commit: `c${from}` },
        until: until.map((commit) => ({ commit: `c${commit}` })),
      }));
  }

  /** Is it gone, though a commit before had it? */
  #hadLost(commit: number, secret: ModelSecret): boolean {
    return (
      !this.#holds(commit, secret) &&
      [...(this.#ancestors[commit] as ReadonlySet<number>)].some((before) => this.#holds(before, secret))
    );
  }

  /** What a ref reaches of the secret: through its commit, or through the objects it names. */
  #reaches(ref: HistoryModel["refs"][number], secret: ModelSecret): boolean {
    for (let at: object = ref; "tag" in at; at = this.#model.tags?.[at.tag as string] as object)
      if (secret.tags.includes(at.tag as string)) return true;
    const last = peel(this.#model, ref);
    if ("blob" in last) return secret.blobs.includes(last.blob);
    if ("files" in last) return Object.values(this.#look(last.files).files).some((blob) => secret.blobs.includes(blob));
    if (!("commit" in last)) return false;
    return [...(this.#ancestors[last.commit] as ReadonlySet<number>)].some(
      (commit) => this.#isSeen(commit, secret) || secret.commits.includes(commit),
    );
  }

  #exposure(secret: ModelSecret): Exposure {
    const isTip = (name: string): boolean => /^(?:refs\/heads\/|refs\/remotes\/|HEAD$)/.test(name);
    const tips = this.#model.refs.filter(({ name }) => isTip(name)).map((ref) => peel(this.#model, ref));
    const has = (commit: number): boolean => this.#isSeen(commit, secret) || secret.commits.includes(commit);
    if (tips.some((named) => "commit" in named && has(named.commit))) return "tip";
    if ((this.#model.index ?? []).some(({ blob }) => secret.blobs.includes(blob))) return "index";
    const reaching = this.#model.refs.filter((ref) => this.#reaches(ref, secret)).map(({ name }) => name);
    if (reaching.some((name) => name === "HEAD" || (name.startsWith("refs/") && name !== "refs/stash")))
      return "history";
    const isReached = (tip: number): boolean => [...(this.#ancestors[tip] as ReadonlySet<number>)].some(has);
    if (reaching.includes("refs/stash") || this.#tipsOf("stash").some(isReached)) return "stash";
    return reaching.length > 0 || this.#tipsOf("reflog").some(isReached) ? "reflog" : "dangling";
  }

  #tips(secret: ModelSecret): Origin["refs"] {
    return this.#listRefs((ref) => {
      if (!/^(?:refs\/heads\/|refs\/remotes\/|HEAD$)/.test(ref.name) || !("commit" in ref)) return false;
      return this.#isSeen(ref.commit, secret) || secret.commits.includes(ref.commit);
    });
  }

  #listRefs(isWanted: (ref: HistoryModel["refs"][number]) => boolean): Origin["refs"] {
    const prefixes = { branch: "refs/heads/", remote: "refs/remotes/", tag: "refs/tags/", notes: "refs/notes/" };
    const isHead = (name: string): boolean => name === "HEAD" || name === "refs/remotes/origin/HEAD";
    const branches = this.#model.refs.filter(({ name }) => /^refs\/(?:heads|remotes)\//.test(name) && !isHead(name));
    const listed = this.#model.refs.filter(
      (ref) =>
        isWanted(ref) &&
        !(isHead(ref.name) && "commit" in ref && branches.some((b) => "commit" in b && b.commit === ref.commit)),
    );
    const left = new Set(listed.map(({ name }) => name));
    const groups = Object.entries(prefixes).map(([kind, prefix]) => {
      const names = [...left].filter((name) => name.startsWith(prefix));
      for (const name of names) left.delete(name);
      return { kind: kind as "branch", names: names.map((name) => name.slice(prefix.length)) };
    });
    const stash = left.delete("refs/stash") ? ["refs/stash"] : [];
    const all = [...groups, { kind: "stash" as const, names: stash }, { kind: "other" as const, names: [...left] }];
    return all
      .filter(({ names }) => names.length > 0)
      .map(({ kind, names }) => ({ kind, count: names.length, examples: names.sort().slice(0, 5) }));
  }

  /** The places of a content, with commits as numbers of the model; undefined where it stands in stray trees only. */
  places(blob: string): readonly BlobPlace[] | undefined {
    const places = new Map<string, BlobPlace>();
    const add = (files: Files, commit?: number): void => {
      for (const [path, at] of Object.entries(files))
        if (at === blob && !places.has(path))
          places.set(path, commit === undefined ? { path } : { path, introduced: commit });
    };
    for (const commit of this.order) add((this.#seen[commit] as Seen).files, commit);
    for (const ref of this.#model.refs) {
      const last = peel(this.#model, ref);
      if ("files" in last) add(this.#look(last.files).files);
    }
    for (const { path, blob: at } of this.#model.index ?? [])
      if (at === blob && !places.has(path)) places.set(path, { path });
    return places.size === 0 ? undefined : [...places.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  }
}
