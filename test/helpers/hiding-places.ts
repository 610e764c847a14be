// Nothing in, a repository with one token in each hiding place that git has out, and what is to be said of each.

import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Told } from "./audit-rig.ts";
import { tokenOf } from "./cli-tokens.ts";
import { GitRepo } from "./git-repo.ts";

/** A repository with tokens, the names of its commits, and what an audit is to tell of each token. */
export interface HidingPlaces {
  readonly repo: GitRepo;
  /** By place. */
  readonly tokens: Readonly<Record<string, string>>;
  readonly wants: Readonly<Record<string, Partial<Told>>>;
  readonly nameOf: (commit: string) => string;
}

/** Lines without a token, so that git sees renames and deltas. */
const prose = Array.from({ length: 40 }, (_, line) => `line ${line}: nothing here\n`).join("");

class Builder {
  readonly repo = GitRepo.create();
  readonly tokens: Record<string, string> = {};
  readonly wants: Record<string, Partial<Told>> = {};
  readonly names = new Map<string, string>();
  #minute = 0;

  /** A token for a place, and what is to be said of it. */
  token(place: string, want: Partial<Told>): string {
    this.wants[place] = want;
    return (this.tokens[place] = tokenOf("ofself.access-token", `hidden ${place}`));
  }

  /** Commits what is staged and in the work tree; a minute later each time. */
  commit(name: string, message = name): string {
    this.repo.git("add", "-A");
    this.git("commit", "-q", "--allow-empty", "--cleanup=verbatim", "-m", message);
    return this.name(name);
  }

  /** git at a time of its own. */
  git(...args: string[]): string {
    const date = new Date(Date.UTC(2026, 0, 2, 3, this.#minute++)).toISOString();
    return this.repo.run(args, { env: { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date } });
  }

  name(name: string, rev = "HEAD"): string {
    const id = this.repo.git("rev-parse", rev);
    this.names.set(id, name);
    return id;
  }

  /** Stores an object as it is given. */
  store(type: string, text: string): string {
    return this.repo.run(["hash-object", "-t", type, "-w", "--stdin", "--literally"], { input: text });
  }
}

const inHistory = ["branch:2:feature,main", "remote:1:origin/main", "tag:1:v1"];

function plainHistory(at: Builder): void {
  const { repo } = at;
  at.commit("first");
  const deleted = at.token("deleted", {
    exposure: "history",
    introduced: "add del.txt",
    presence: ["add..delete"],
    refs: inHistory,
    tips: [],
    places: ["del.txt (file) add"],
  });
  const renamed = at.token("rename and edit", {
    exposure: "history",
    introduced: "rename new.txt",
    presence: ["rename..clean"],
    places: ["new.txt (file) rename"],
  });
  const typed = at.token("type change", {
    exposure: "history",
    introduced: "type link",
    presence: ["type..clean"],
    places: ["link (file) type"],
  });
  const linked = at.token("target of a symbolic link", {
    exposure: "history",
    introduced: "add link",
    presence: ["add..type"],
    places: ["link (file) add"],
  });
  repo.write("del.txt", `T=${deleted}\n`);
  repo.write("old.txt", prose);
  symlinkSync(`store/${linked}`, join(repo.dir, "link"));
  at.commit("add");
  rmSync(join(repo.dir, "del.txt"));
  at.commit("delete");
  repo.git("mv", "old.txt", "new.txt");
  repo.write("new.txt", `${prose}T=${renamed}\n`);
  at.commit("rename");
  rmSync(join(repo.dir, "link"));
  repo.write("link", `T=${typed}\n`);
  at.commit("type");
  repo.write("new.txt", prose);
  repo.write("link", "clean\n");
  at.commit("clean");
}

function words(at: Builder): void {
  const { repo } = at;
  const message = at.token("commit message", {
    exposure: "history",
    introduced: "message COMMIT_MSG",
    presence: ["message.."],
    refs: inHistory,
    places: ["COMMIT_MSG (message) message"],
  });
  const author = at.token("author name", { exposure: "history", places: [" (author) author"] });
  const name = at.token("file name", { exposure: "history", presence: ["name..unname"] });
  const folder = at.token("folder name", { exposure: "history", presence: ["name..unname"] });
  at.commit("message", `words\n\nT=${message}\n`);
  repo.write("author.txt", "x\n");
  repo.git("add", "-A");
  at.git("commit", "-q", "-m", "author", `--author=${author} <a@example.com>`);
  at.name("author");
  repo.write(`deep/${name}.txt`, "named\n");
  repo.write(`deep/${folder}/inner/x.txt`, "named too\n");
  at.commit("name");
  rmSync(join(repo.dir, "deep"), { recursive: true });
  at.commit("unname");
}

function merges(at: Builder): void {
  const { repo } = at;
  const evil = at.token("evil merge", {
    exposure: "tip",
    introduced: "merge evil.txt merge",
    presence: ["merge.."],
    refs: ["branch:1:main", "remote:1:origin/main", "tag:1:v1"],
    tips: ["branch:1:main", "remote:1:origin/main"],
    places: ["evil.txt (file) merge"],
  });
  const feature = at.token("branch tip", {
    exposure: "tip",
    introduced: "feature feature.txt",
    presence: ["feature..merge"],
    refs: inHistory,
    tips: ["branch:1:feature"],
    places: ["feature.txt (file) feature"],
  });
  repo.git("checkout", "-q", "-b", "feature");
  repo.write("feature.txt", `T=${feature}\n`);
  at.commit("feature");
  repo.git("checkout", "-q", "main");
  repo.write("main.txt", "x\n");
  at.commit("main");
  at.git("merge", "-q", "--no-ff", "--no-commit", "feature");
  repo.write("evil.txt", `T=${evil}\n`);
  rmSync(join(repo.dir, "feature.txt"));
  at.commit("merge");
}

function refs(at: Builder): void {
  const { repo } = at;
  const tag = at.token("tag message", {
    exposure: "history",
    presence: [],
    refs: ["tag:1:v1"],
    places: [" (tag)"],
  });
  const note = at.token("note", { exposure: "history", refs: ["notes:1:commits"] });
  const tagged = at.token("tagged blob", {
    exposure: "history",
    presence: [],
    refs: ["tag:1:blob"],
    places: [" (file)"],
  });
  const pulled = at.token("pull request", {
    exposure: "history",
    introduced: "pull pull.txt",
    refs: ["other:1:refs/pull/1/head"],
  });
  repo.git("update-ref", "refs/remotes/origin/main", "HEAD");
  at.git("tag", "-a", "v1", "-m", `release\n\nT=${tag}`);
  at.git("notes", "add", "-m", `T=${note}`, "HEAD");
  at.name("notes", "refs/notes/commits");
  repo.git("tag", "blob", at.store("blob", `T=${tagged}\n`));
  repo.git("checkout", "-q", "--detach");
  repo.write("pull.txt", `T=${pulled}\n`);
  repo.git("update-ref", "refs/pull/1/head", at.commit("pull"));
  repo.git("checkout", "-q", "main");
}

function forgotten(at: Builder): void {
  const { repo } = at;
  const amended = at.token("amended", {
    exposure: "reflog",
    introduced: "amended amended.txt",
    presence: ["amended.."],
    refs: [],
    places: ["amended.txt (file) amended"],
  });
  const gone = at.token("deleted branch", { exposure: "reflog", introduced: "gone gone.txt", refs: [] });
  const lost = at.token("dangling commit", {
    exposure: "dangling",
    introduced: "lost deep/lost.txt",
    refs: [],
    places: ["deep/lost.txt (file) lost"],
  });
  const blob = at.token("dangling blob", { exposure: "dangling", presence: [], refs: [], places: [" (file)"] });
  const tree = at.token("dangling tree", { exposure: "dangling", presence: [], refs: [], places: ["in.txt (file)"] });
  const signed = at.token("mergetag", { exposure: "history", places: ["COMMIT_MSG (message) signed"] });
  repo.write("amended.txt", `T=${amended}\n`);
  at.commit("amended");
  rmSync(join(repo.dir, "amended.txt"));
  repo.git("add", "-A");
  at.git("commit", "-q", "--amend", "--allow-empty", "-m", "amend");
  repo.git("checkout", "-q", "-b", "gone");
  repo.write("gone.txt", `T=${gone}\n`);
  at.commit("gone");
  repo.git("checkout", "-q", "main");
  repo.git("branch", "-q", "-D", "gone");
  repo.write("blob.txt", `T=${blob}\n`);
  repo.git("add", "blob.txt");
  repo.git("reset", "-q", "--hard");
  const put = (text: string) => at.store("blob", `T=${text}\n`);
  const treeOf = (id: string, name: string) => repo.run(["mktree"], { input: `100644 blob ${id}\t${name}\n` });
  treeOf(put(tree), "in.txt");
  const inner = treeOf(put(lost), "lost.txt");
  const outer = repo.run(["mktree"], { input: `040000 tree ${inner}\tdeep\n` });
  at.names.set(at.git("commit-tree", outer, "-m", "lost"), "lost");
  const head = repo.git("rev-parse", "HEAD");
  const text = [
    `tree ${repo.git("rev-parse", "HEAD^{tree}")}`,
    `parent ${head}`,
    `parent ${repo.git("rev-parse", "feature")}`,
    "author Ann <ann@example.com> 1767400000 +0000",
    "committer Ann <ann@example.com> 1767400000 +0000",
    `mergetag object ${head}`,
    " type commit",
    " tag v9",
    " tagger Ann <ann@example.com> 1767400000 +0000",
    " ",
    ` T=${signed}`,
    "",
    "merged a tag",
    "",
  ].join("\n");
  const id = at.store("commit", text);
  at.names.set(id, "signed");
  repo.git("update-ref", "refs/pull/2/head", id);
}

function stashes(at: Builder): void {
  const { repo } = at;
  const want = { exposure: "stash", refs: ["stash:1:refs/stash"] };
  const older = at.token("older stash", { exposure: "stash", refs: [], places: ["main.txt (file) older"] });
  const staged = at.token("stash, staged part", { ...want, introduced: "staged main.txt" });
  const unstaged = at.token("stash, unstaged part", { ...want, introduced: "stash author.txt" });
  const untracked = at.token("stash, untracked part", { ...want, introduced: "untracked new file.txt" });
  repo.write("main.txt", `T=${older}\n`);
  at.git("stash", "push", "-q");
  at.name("older", "refs/stash");
  repo.write("main.txt", `T=${staged}\n`);
  repo.git("add", "main.txt");
  repo.write("main.txt", "x\n");
  repo.write("author.txt", `T=${unstaged}\n`);
  repo.write("new file.txt", `T=${untracked}\n`);
  at.git("stash", "push", "-q", "--include-untracked");
  at.name("stash", "refs/stash");
  at.name("staged", "refs/stash^2");
  at.name("untracked", "refs/stash^3");
}

function beside(at: Builder): void {
  const { repo } = at;
  const staged = at.token("staged only", {
    exposure: "index",
    presence: [],
    refs: [],
    places: ["staged.txt (file)"],
  });
  const loose = at.token("work tree only", { exposure: "none", places: ["loose.txt (file)"] });
  repo.write("staged.txt", `T=${staged}\n`);
  repo.git("add", "staged.txt");
  rmSync(join(repo.dir, "staged.txt"));
  writeFileSync(join(repo.dir, "loose.txt"), `T=${loose}\n`);
}

/** Builds it all. */
export function buildHidingPlaces(): HidingPlaces {
  const at = new Builder();
  at.repo.git("config", "core.logAllRefUpdates", "true");
  for (const settings of ["gc.reflogExpire", "gc.reflogExpireUnreachable", "gc.pruneExpire"])
    at.repo.git("config", settings, "never");
  plainHistory(at);
  words(at);
  merges(at);
  refs(at);
  forgotten(at);
  stashes(at);
  beside(at);
  return {
    repo: at.repo,
    tokens: at.tokens,
    wants: at.wants,
    nameOf: (commit) => at.names.get(commit) ?? commit,
  };
}
