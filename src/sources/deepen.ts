// Commits that a clone may lack, and a server that has them, in; the same clone with as much history as they need out.

import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { networkVariables } from "../base/git/environment.ts";
import type { GitPlace } from "../base/git/environment.ts";
import { GitError } from "../base/git/git-error.ts";
import { runGit } from "../base/git/run.ts";
import { SourceError } from "../errors.ts";
import { parseRepositoryUrl } from "./repository-url.ts";

/** Where commits can be had, and the token that opens it. */
export interface Remote {
  /** https, or http on the loopback interface; without user and password. */
  readonly url: string;
  readonly token?: string | undefined;
}

/** What of the history a scan needs. */
export interface NeededHistory {
  /** Hex ids; all must be there, with what lies between them. */
  readonly commits: readonly string[];
  /** `BASE..HEAD`, none of whose commits may stand at a shallow clone's end; absent: all history of all branches. */
  readonly range?: { readonly base: string; readonly head: string } | undefined;
}

/** How it went: what is missing is told by whoever reads the history; `failure` says why it could not be fetched. */
export interface Deepened {
  readonly fetched: boolean;
  readonly failure?: string;
}

/** Most pull requests branched off within so many commits. */
const firstDepth = 100;

/** Nothing is asked, run, followed, tidied or fetched on the side; nobody's credential helper is used. */
const settings = [
  "core.askPass=",
  "credential.helper=",
  "http.followRedirects=initial",
  "transfer.bundleURI=false",
  "submodule.recurse=false",
  "fetch.recurseSubmodules=false",
  "fetch.writeCommitGraph=false",
  "gc.auto=0",
  "maintenance.auto=false",
];

/** The token as GitHub takes it from git, in the environment alone; headers that a checkout left are put aside. */
function authorization({ url, token = "" }: Remote): Record<string, string> {
  if (token === "") return {};
  const key = `http.${new URL(url).origin}/.extraheader`;
  const basic = Buffer.from(`x-access-token:${token}`, "utf8").toString("base64");
  return {
    GIT_CONFIG_COUNT: "2",
    GIT_CONFIG_KEY_0: key,
    GIT_CONFIG_VALUE_0: "",
    GIT_CONFIG_KEY_1: key,
    GIT_CONFIG_VALUE_1: `Authorization: Basic ${basic}`,
  };
}

/** Runs a git command that talks to the server. */
async function talk(place: GitPlace, remote: Remote, args: readonly string[], signal?: AbortSignal): Promise<Buffer> {
  const { protocol } = parseRepositoryUrl(remote.url);
  const variables = { ...networkVariables(place.env), GIT_ALLOW_PROTOCOL: protocol, ...authorization(remote) };
  return runGit(place, args, { signal, settings, variables, ownSession: true });
}

/** The id of a branch's tip at the server, or undefined where there is none, or it cannot be asked. */
export async function remoteTip(
  place: GitPlace,
  remote: Remote,
  ref: string,
  signal?: AbortSignal,
): Promise<string | undefined> {
  try {
    const answer = await talk(place, remote, ["ls-remote", "--quiet", "--", remote.url, ref], signal);
    // It answers for every ref that ends so: refs/heads/x/refs/heads/main is another branch than refs/heads/main.
    const lines = answer.toString("utf8").split("\n");
    const [, id] =
      lines.map((line) => /^([0-9a-f]{40,64})\t(.*)$/.exec(line)).find((found) => found?.[2] === ref) ?? [];
    return id;
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}

async function answers(place: GitPlace, args: readonly string[]): Promise<string | undefined> {
  try {
    return (await runGit(place, args)).toString("utf8").trim();
  } catch (error) {
    if (error instanceof GitError && error.kind !== "no-git" && error.kind !== "unsafe-repository") return undefined;
    throw error;
  }
}

/** Whether a commit is in the clone. */
async function hasCommit(place: GitPlace, id: string): Promise<boolean> {
  return (await answers(place, ["rev-parse", "--verify", "--quiet", "--end-of-options", `${id}^{commit}`])) === id;
}

/** Commits at which the clone's history ends although it goes on at the server. */
async function shallowEnds(place: GitPlace): Promise<ReadonlySet<string>> {
  const name = await answers(place, ["rev-parse", "--git-path", "shallow"]);
  const file = name === undefined ? undefined : resolve(place.cwd, name);
  if (file === undefined || !existsSync(file)) return new Set();
  return new Set(readFileSync(file, "latin1").split("\n").filter(Boolean));
}

async function isEnough(place: GitPlace, { commits, range }: NeededHistory): Promise<boolean> {
  for (const id of commits) if (!(await hasCommit(place, id))) return false;
  const ends = await shallowEnds(place);
  if (ends.size === 0) return true;
  if (range === undefined) return false;
  if (!(await answers(place, ["merge-base", range.base, range.head]))) return false;
  const listed = await answers(place, ["rev-list", `${range.base}..${range.head}`]);
  return listed?.split("\n").every((id) => !ends.has(id)) === true;
}

/** What is fetched: the named commits, or every branch and tag. No ref of the clone is moved for single commits. */
function wishOf({ commits, range }: NeededHistory): readonly string[] {
  return range === undefined ? ["+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"] : commits;
}

/**
 * Fetches what is missing, in at most two steps: a hundred commits more, then everything. Does nothing where all is
 * there. Failing to fetch is no error here. The token stands in no argument and in no message.
 * @throws {SourceError} where there is no usable repository.
 */
export async function deepen(
  place: GitPlace,
  needed: NeededHistory,
  remote: Remote | undefined,
  signal?: AbortSignal,
): Promise<Deepened> {
  if (await isEnough(place, needed)) return { fetched: false };
  if (remote === undefined) return { fetched: false, failure: "there is no server to ask" };
  const args = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules"];
  const isShallow = (await shallowEnds(place)).size > 0;
  const all = isShallow ? [["--unshallow"]] : [[]];
  const steps = isShallow && needed.range !== undefined ? [[`--deepen=${firstDepth}`], ...all] : all;
  for (const step of steps) {
    try {
      await talk(place, remote, [...args, ...step, "--", remote.url, ...wishOf(needed)], signal);
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      if (signal?.aborted === true) throw new SourceError("fetching history was interrupted");
      return { fetched: false, failure: reasonOf(error, remote) };
    }
    if (await isEnough(place, needed)) return { fetched: true };
  }
  return { fetched: true };
}

/** git's own words, with nothing of the token in them. */
function reasonOf(error: GitError, { token = "" }: Remote): string {
  const reason = error.message.replace(/^git fetch ended with [^:]*: (?:fatal: )?/, "");
  return token === "" ? reason : reason.replaceAll(token, "…");
}
