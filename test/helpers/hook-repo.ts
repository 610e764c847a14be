// A way of having hooks run in, a real repository in which it is set up by its own client, and commits to try, out.

import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

import { cliEnv, executable } from "./cli-run.ts";
import { GitRepo } from "./git-repo.ts";
import { lefthookPackages } from "./lefthook.ts";

/** What one commit or push answered. */
export interface Tried {
  readonly code: number | null;
  /** Both streams. */
  readonly output: string;
  readonly milliseconds: number;
}

const ownPackages = join(import.meta.dirname, "../../node_modules");

/** A client that runs hooks, and how it is set up; `keywarden hook install` comes after that. */
export type Client = "git" | "husky" | "lefthook" | "simple-git-hooks";

const all: readonly Client[] = ["git", "husky", "lefthook", "simple-git-hooks"];

/** Those that can be tried here. */
export function clientsHere(): readonly Client[] {
  return all.filter((client) => client !== "lefthook" || lefthookPackages() !== undefined);
}

/** A repository with keywarden installed as npm would, and hooks run by one client. */
export class HookRepo extends GitRepo {
  /** With the packages' own programs in front, as in an npm script. */
  readonly #env: NodeJS.ProcessEnv;

  constructor(dir: string, env: NodeJS.ProcessEnv = {}) {
    super(dir, cliEnv({ HUSKY: undefined, LEFTHOOK: undefined, CI: undefined, ...env }));
    this.#env = this.env;
  }

  /** A new repository with a first commit in which the client's files stand. */
  static for(client: Client, manifest: Readonly<Record<string, unknown>> = {}): HookRepo {
    const repo = new HookRepo(GitRepo.create().dir);
    const isManaged = client !== "git";
    repo.write(
      "package.json",
      `${JSON.stringify({ name: "tried", devDependencies: { keywarden: "*", ...(isManaged ? { [client]: "*" } : {}) }, ...manifest }, undefined, 2)}\n`,
    );
    repo.write(".gitignore", "node_modules\n");
    repo.installPackages(client);
    return repo;
  }

  /** What `npm install` puts there: links to the packages of this project, and to the built keywarden. */
  installPackages(client: Client): void {
    const bin = join(this.dir, "node_modules/.bin");
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, "keywarden"), `#!/bin/sh\nexec '${process.execPath}' '${executable}' "$@"\n`);
    chmodSync(join(bin, "keywarden"), 0o755);
    if (client === "git") return;
    const packages = (client === "lefthook" ? lefthookPackages() : undefined) ?? ownPackages;
    for (const name of readdirSync(packages).filter((one) => one === client || one.startsWith("lefthook-")))
      symlinkSync(join(packages, name), join(this.dir, "node_modules", name));
    const program = {
      husky: "husky/bin.js",
      lefthook: "lefthook/bin/index.js",
      "simple-git-hooks": "simple-git-hooks/cli.js",
    }[client];
    writeFileSync(join(bin, client), `#!/bin/sh\nexec '${process.execPath}' '${join(packages, program)}' "$@"\n`);
    chmodSync(join(bin, client), 0o755);
  }

  /** Runs a program of node_modules/.bin; throws when it fails. */
  npx(name: string, ...args: readonly string[]): string {
    return execFileSync(join(this.dir, "node_modules/.bin", name), args, {
      cwd: this.dir,
      env: this.#env,
      encoding: "utf8",
    });
  }

  /** Runs keywarden in the repository, whatever comes of it. */
  keywarden(
    args: readonly string[],
    options: { readonly cwd?: string; readonly input?: string; readonly env?: NodeJS.ProcessEnv } = {},
  ): Tried {
    return this.#try(process.execPath, [executable, ...args], options);
  }

  /** Runs git with its hooks, whatever comes of it. */
  try(args: readonly string[], options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {}): Tried {
    return this.#try("git", args, options);
  }

  #try(
    program: string,
    args: readonly string[],
    options: { readonly cwd?: string; readonly input?: string; readonly env?: NodeJS.ProcessEnv },
  ): Tried {
    const started = performance.now();
    const { status, stdout, stderr } = spawnSync(program, args, {
      cwd: options.cwd ?? this.dir,
      env: { ...this.#env, ...options.env },
      input: options.input ?? "",
      encoding: "utf8",
      timeout: 120_000,
    });
    return { code: status, output: `${stdout}${stderr}`, milliseconds: performance.now() - started };
  }

  /** Writes and stages a file, then commits with hooks. */
  tryCommit(file: string, text: string): Tried {
    this.write(file, text);
    this.git("add", "--", file);
    return this.try(["commit", "-m", `adds ${file}`]);
  }

  get head(): string {
    return this.git("rev-parse", "HEAD");
  }

  /** Every file that has to do with hooks, with its mode, as text: equal texts are equal bytes. */
  picture(): Record<string, string> {
    const found: Record<string, string> = {};
    const look = (path: string): void => {
      const native = join(this.dir, path);
      const entry = lstatSync(native, { throwIfNoEntry: false });
      if (entry === undefined) return;
      if (entry.isDirectory()) for (const name of readdirSync(native)) look(`${path}/${name}`);
      else found[path] = `${(entry.mode & 0o777).toString(8)} ${readFileSync(native).toString("latin1")}`;
    };
    for (const path of [".git/hooks", ".husky", ".githooks", "lefthook.yml", "package.json", ".simple-git-hooks.json"])
      look(path);
    return found;
  }

  /** A hook of somebody else's, in the folder that git looks in. */
  writeHook(file: string, text: string | Buffer, mode = 0o755): void {
    mkdirSync(dirname(join(this.dir, file)), { recursive: true });
    writeFileSync(join(this.dir, file), text);
    chmodSync(join(this.dir, file), mode);
  }

  has(path: string): boolean {
    return existsSync(join(this.dir, path));
  }
}
