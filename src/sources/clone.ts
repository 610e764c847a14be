// A repository's URL in, a bare mirror of it in a private temporary folder out, which goes away when the work is done.

import { chmodSync, existsSync, lstatSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { networkVariables } from "../base/git/environment.ts";
import { GitError } from "../base/git/git-error.ts";
import { runGit } from "../base/git/run.ts";
import { SourceError } from "../errors.ts";
import { errorCode, sourceError } from "./problems.ts";
import type { RepositoryUrl } from "./repository-url.ts";

/** A mirror on this machine. */
export interface Clone {
  /** Absolute path of the bare repository. */
  readonly gitDir: string;
  /** Removes it; harmless when it is gone. */
  release(): void;
}

/** How a clone is made. */
export interface CloneOptions {
  /** Ends it early: the folder is removed, and SourceError thrown. */
  readonly signal?: AbortSignal | undefined;
  /** Where the folder is made. Default: the system's temporary folder. */
  readonly temporary?: string;
  /** Instead of `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
  /** Milliseconds since 1970. */
  readonly now: number;
}

const prefix = "keywarden-clone-";
/** A folder that a killed run left behind may be removed after so long. */
const staleMs = 24 * 3600 * 1000;
/** Within this time a signal that was sent to a whole process group has reached us. */
const signalMs = 10;
/** How often, and how far apart, the removal of a folder is tried: two seconds in all. */
const removalTries = 80;
const removalPauseMs = 25;
/** A folder that is gone at so many looks in a row stays away. */
const goneLooks = 5;

/** What is said to git beside its safe settings: nothing is asked, run, followed, tidied or fetched on the side. */
const settings = [
  "core.askPass=",
  "http.followRedirects=initial",
  "transfer.bundleURI=false",
  "submodule.recurse=false",
  "fetch.recurseSubmodules=false",
  "gc.auto=0",
  "maintenance.auto=false",
];

/** Answers git from the environment of its own process: a password on a command line could be read by everybody. */
const helper =
  '!f() { if test "$1" = get; then printf "username=%s\\npassword=%s\\n" "$KEYWARDEN_CLONE_USER" "$KEYWARDEN_CLONE_PASSWORD"; fi; }; f';

/** One way to tell the server who asks. */
interface Attempt {
  readonly settings: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * The URL's own credentials and nobody else's helper, so that none stores them. A user alone may have its password in
 * the caller's helpers (asked first), or be a token.
 */
function attemptsFor({ url, user, password }: RepositoryUrl): readonly Attempt[] {
  if (user === undefined) return [{ settings: [], variables: {} }];
  const origin = new URL(url).origin;
  const own: Attempt = {
    settings: ["credential.helper=", `credential.${origin}.helper=`, `credential.${origin}.helper=${helper}`],
    variables: { KEYWARDEN_CLONE_USER: user, KEYWARDEN_CLONE_PASSWORD: password ?? "" },
  };
  if (password !== undefined) return [own];
  const asked: Attempt = {
    settings: [],
    variables: {
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: `credential.${origin}.username`,
      GIT_CONFIG_VALUE_0: user,
    },
  };
  return [asked, own];
}

/** git's words without the credentials, should a server or a library repeat them. */
function withoutSecrets(text: string, { user = "", password = "" }: RepositoryUrl): string {
  // A user of three letters is no token, and would tear holes into every sentence.
  const secrets = [password, user.length > 3 ? user : ""].filter((secret) => secret !== "");
  const forms = secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]);
  return forms.reduce((shown, form) => shown.replaceAll(form, "…"), text);
}

const hints: readonly (readonly [RegExp, string])[] = [
  [
    /Authentication failed|could not read (?:Username|Password)|Permission denied|returned error: 40[13]/,
    "The server wants to know who asks: set up a git credential helper, or an ssh key, for it.",
  ],
  [/not found|does not exist|not a git repository|returned error: 404/i, "Check the URL, and that you may read it."],
  [/resolve host|Failed to connect|timed out|Network is unreachable/i, "Check the URL and the network."],
];

function failure(error: unknown, from: RepositoryUrl): unknown {
  if (!(error instanceof GitError) || error.kind === "no-git") return sourceError(error, from.shown);
  const reason = withoutSecrets(error.message.replace(/^git clone ended with [^:]*: (?:fatal: )?/, ""), from);
  const hint = hints.find(([pattern]) => pattern.test(error.stderr))?.[1];
  return new SourceError(`cannot clone ${from.shown}: ${reason}`, {
    hint: hint ?? "Clone it yourself with git clone --mirror, then audit the folder.",
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Removes what runs that were killed left in `temporary`: ours, old, and nobody's any more. */
function removeStale(temporary: string, now: number): void {
  for (const name of readdirSync(temporary)) {
    const maker = new RegExp(`^${prefix}(\\d{1,10})-`).exec(name)?.[1];
    if (maker === undefined || isAlive(Number(maker))) continue;
    const folder = join(temporary, name);
    const found = lstatSync(folder, { throwIfNoEntry: false });
    if (found?.isDirectory() !== true || now - found.mtimeMs < staleMs) continue;
    if (process.getuid === undefined || found.uid === process.getuid()) remove(folder);
  }
}

/**
 * Tries again while a dying git still writes into it. Waits by itself: Node's own retries round a wait of under a second
 * down to none in some releases, and an exit handler cannot await one.
 */
function remove(folder: string): void {
  const pause = new Int32Array(new SharedArrayBuffer(4));
  let gone = 0;
  for (let left = removalTries; left > 0 && gone < goneLooks; left--) {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      if (left === 1) throw error;
    }
    // A git that has not noticed its end yet makes missing parent folders anew, so one look is not enough.
    gone = existsSync(folder) ? 0 : gone + 1;
    if (gone < goneLooks) Atomics.wait(pause, 0, 0, removalPauseMs);
  }
}

/** A clone that is being made. */
interface Making extends Clone {
  readonly folder: string;
  /** Aborted when the folder is let go, so that no git writes into it any more. */
  readonly ending: AbortSignal;
}

function makeFolder({ temporary = tmpdir(), now }: CloneOptions): Making {
  try {
    removeStale(temporary, now);
  } catch {
    // What cannot be tidied up now is left for another run: it stops nobody from working.
  }
  let folder: string;
  try {
    folder = mkdtempSync(join(temporary, `${prefix}${process.pid}-`));
  } catch (error) {
    throw new SourceError(
      `cannot make a folder for the clone in ${temporary} (${errorCode(error) || "unknown error"})`,
      {
        hint: "Let TMPDIR name a folder that you may write to, with room for the repository.",
      },
    );
  }
  chmodSync(folder, 0o700);
  const ending = new AbortController();
  const release = (): void => {
    process.off("exit", release);
    ending.abort();
    remove(folder);
  };
  // A second Ctrl-C, or a hangup, ends the process without a way back to the caller.
  process.on("exit", release);
  return { folder, ending: ending.signal, gitDir: join(folder, "repository.git"), release };
}

/**
 * Clones everything a repository shows: all refs, no hooks, no submodules, no working tree, nothing but the URL's own
 * protocol, nothing asked. Credentials reach git through its environment and stand in no argument, file or message.
 * @throws {SourceError} when git cannot; the folder is gone then.
 */
export async function cloneRepository(from: RepositoryUrl, options: CloneOptions): Promise<Clone> {
  const { folder, ending, gitDir, release } = makeFolder(options);
  const { env, temporary = tmpdir() } = options;
  const signal = options.signal === undefined ? ending : AbortSignal.any([options.signal, ending]);
  const place = { cwd: folder, repository: "discover" as const, ...(env === undefined ? {} : { env }) };
  const args = ["clone", "--mirror", "--quiet", "--template=", "--no-recurse-submodules", "--", from.url, gitDir];
  try {
    let failed: unknown;
    for (const attempt of attemptsFor(from)) {
      const variables = {
        ...networkVariables(env),
        GIT_ALLOW_PROTOCOL: from.protocol,
        GIT_CEILING_DIRECTORIES: temporary,
        ...attempt.variables,
      };
      try {
        const said = [...settings, ...attempt.settings];
        await runGit(place, args, { signal, settings: said, variables, ownSession: true });
        failed = undefined;
      } catch (error) {
        failed = error;
        remove(gitDir);
        await new Promise((next) => setTimeout(next, signalMs));
      }
      if (signal.aborted) throw new SourceError(`cloning ${from.shown} was interrupted: nothing was read`);
      if (failed === undefined) return { gitDir, release };
    }
    throw failure(failed, from);
  } catch (error) {
    release();
    throw error;
  }
}
