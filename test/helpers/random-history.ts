// Numbers in, a repository with branches, merges, renames, tags and packs of every kind out, built by real git.

import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expandTemplate } from "../../src/rules/samples.ts";
import { builtInRules } from "../../src/pipeline/scan-setup.ts";
import { textPlans, versionsOf } from "./edited-text.ts";
import type { TextPlan } from "./edited-text.ts";
import { contentOf } from "./git-delta.ts";
import type { GitRepo } from "./git-repo.ts";

interface CommitPlan {
  readonly branch: number;
  readonly kind: number;
  readonly file: number;
  readonly version: number;
  readonly to: number;
  readonly words: number;
}

/** A history and how it is packed. */
export interface HistoryPlan {
  readonly files: readonly TextPlan[];
  readonly commits: readonly CommitPlan[];
  readonly tags: readonly number[];
  readonly packing: number;
  readonly batches: number;
}

/** Plans of histories with up to `commits` commits. */
export function historyPlans(commits: number): fc.Arbitrary<HistoryPlan> {
  const commit = fc.record({
    branch: fc.nat(3),
    kind: fc.nat(9),
    file: fc.nat(20),
    version: fc.nat(20),
    to: fc.nat(20),
    words: fc.nat(10_000),
  });
  return fc.record({
    files: fc.array(textPlans(8), { minLength: 1, maxLength: 4, size: "max" }),
    commits: fc.array(commit, { minLength: 1, maxLength: commits, size: "max" }),
    tags: fc.array(fc.nat(10_000), { maxLength: 3 }),
    packing: fc.nat(6),
    batches: fc.integer({ min: 1, max: 3 }),
  });
}

/** An example of a rule, with or without a word before it; every third number is plain words. */
function words(number: number): string {
  if (number % 3 === 0) return `change ${number}\n\nnothing of interest in ${number}`;
  const { rules } = builtInRules();
  const { examples } = rules[number % rules.length] as (typeof rules)[number];
  const texts = [...examples.match, ...examples.skip.map(({ text }) => text)];
  const text = expandTemplate(texts[number % texts.length] as string, String(number % 5));
  if (number % 5 === 1) return Buffer.from(`said ${text} and more`).toString("base64");
  return number % 5 === 2 ? encodeURIComponent(text) : `change ${number}\n\n${text}\n`;
}

/** Names of files have no line breaks, slashes or quotes here. */
function fileName(number: number): string {
  if (number % 4 > 0) return `folder${number % 3}/file${number % 7}.txt`;
  return `folder/${words(number)
    .replaceAll(/[\n"/\0\\]/g, "-")
    .slice(0, 200)}`;
}

function contents(plan: TextPlan): Buffer[] {
  const all: Buffer[] = [];
  for (const version of versionsOf(plan, () => true))
    all.push("root" in version ? version.root : contentOf(all[version.base] as Buffer, version.pieces));
  return all;
}

function data(bytes: Buffer | string): Buffer {
  const body = Buffer.from(bytes as string);
  return Buffer.concat([Buffer.from(`data ${body.length}\n`), body, Buffer.from("\n")]);
}

function person(number: number): string {
  const name =
    number % 6 === 1
      ? words(number)
          .replaceAll(/[\n<>\0]/g, " ")
          .slice(0, 300)
      : "Ann";
  return `${name} <ann${number % 3}@example.com> ${1_700_000_000 + number} +0000`;
}

/** Keeps books of what each branch holds, since `git fast-import` refuses what is not there. */
class Stream {
  readonly #parts: Buffer[] = [];
  readonly #contents: readonly (readonly Buffer[])[];
  readonly #branches = new Map<number, Set<string>>();
  /** Branches that this stream has written to; git names those of earlier ones in another way. */
  readonly #touched = new Set<number>();

  constructor(files: readonly TextPlan[]) {
    this.#contents = files.map(contents);
  }

  #tip(branch: number): string {
    return `refs/heads/b${branch}${this.#touched.has(branch) ? "" : "^0"}`;
  }

  commit(plan: CommitPlan, mark: number): void {
    const second = (plan.branch + plan.to) % 4;
    const held = this.#branches.get(plan.branch);
    const other = this.#branches.get(second);
    const paths = new Set(held ?? other);
    const say = (line: string) => this.#parts.push(Buffer.from(`${line}\n`));
    say(`commit refs/heads/b${plan.branch}`);
    say(`mark :${mark}`);
    say(`author ${person(plan.words)}`);
    say(`committer ${person(plan.words + 1)}`);
    this.#parts.push(data(words(plan.words)));
    if (held === undefined && other !== undefined) say(`from ${this.#tip(second)}`);
    if (held !== undefined && !this.#touched.has(plan.branch)) say(`from ${this.#tip(plan.branch)}`);
    if (held !== undefined && other !== undefined && other !== held && plan.kind === 0)
      say(`merge ${this.#tip(second)}`);
    this.#touched.add(plan.branch);
    const path = fileName(plan.file);
    const target = fileName(plan.to);
    if (plan.kind === 1 && paths.has(path)) {
      say(`D ${path}`);
      paths.delete(path);
    } else if (plan.kind === 2 && paths.has(path) && !paths.has(target)) {
      say(`R "${path}" "${target}"`);
      paths.delete(path);
      paths.add(target);
    } else {
      const versions = this.#contents[plan.file % this.#contents.length] as readonly Buffer[];
      say(`M 100644 inline ${path}`);
      this.#parts.push(data(versions[plan.version % versions.length] as Buffer));
      paths.add(path);
    }
    say("");
    this.#branches.set(plan.branch, paths);
  }

  tag(number: number, branch: number, index: number): void {
    this.#parts.push(
      Buffer.from(`tag t${index}\nfrom ${this.#tip(branch)}\ntagger ${person(number)}\n`),
      data(words(number)),
    );
  }

  take(): Buffer {
    this.#touched.clear();
    return Buffer.concat(this.#parts.splice(0));
  }
}

/** Puts every object in a file of its own. */
function unpackAll(repo: GitRepo): void {
  repo.git("repack", "-q", "-adf", "--depth=20");
  const folder = join(repo.dir, ".git/objects/pack");
  for (const name of readdirSync(folder).filter((each) => each.endsWith(".pack"))) {
    const input = readFileSync(join(folder, name));
    for (const each of readdirSync(folder).filter((other) => other.startsWith(name.slice(0, -5))))
      rmSync(join(folder, each), { force: true });
    repo.run(["unpack-objects", "-q"], { input });
  }
}

/** How the objects end up: as fast-import leaves them, in long chains, in many packs, loose, or twice. */
const packings: readonly ((repo: GitRepo) => void)[] = [
  () => undefined,
  (repo) => repo.git("repack", "-q", "-adf", "--depth=50", "--window=50"),
  (repo) => repo.git("repack", "-q", "-adf", "--depth=4095", "--window=250"),
  (repo) => repo.git("-c", "repack.writeBitmaps=false", "repack", "-q", "-adf", "--max-pack-size=1m", "--depth=200"),
  (repo) => {
    repo.run(["pack-objects", "-q", "--all", "--reflog", "--window=30", ".git/objects/pack/pack"]);
  },
  unpackAll,
  (repo) => repo.git("-c", "pack.indexVersion=1", "repack", "-q", "-adF", "--depth=50", "--window=50"),
];

/** A commit with headers that no porcelain lets one write: the tag that was merged, and a signature. */
function writeSignedMerge(repo: GitRepo, { branch, words: number }: CommitPlan): void {
  const commit = repo.git("rev-parse", `refs/heads/b${branch}`);
  const tree = repo.git("rev-parse", `${commit}^{tree}`);
  const indented = (text: string) => text.replaceAll("\n", "\n ");
  const tag = `object ${commit}\ntype commit\ntag v1\ntagger ${person(number + 2)}\n\n${words(number + 3)}\n`;
  const lines = [
    `tree ${tree}`,
    `parent ${commit}`,
    `author ${person(number + 4)}`,
    `committer ${person(number + 5)}`,
    `mergetag ${indented(tag.trimEnd())}`,
    `gpgsig ${indented(words(number + 6))}`,
    `note ${indented(words(number + 7))}`,
    "",
    words(number + 8),
  ];
  repo.run(["hash-object", "-t", "commit", "-w", "--literally", "--stdin"], { input: lines.join("\n") });
}

/** Makes the history in an empty repository. */
export function buildHistory(repo: GitRepo, plan: HistoryPlan): void {
  const stream = new Stream(plan.files);
  const branches = [...new Set(plan.commits.map(({ branch }) => branch))];
  const each = Math.ceil(plan.commits.length / plan.batches);
  for (let batch = 0; batch < plan.batches; batch++) {
    const commits = plan.commits.slice(batch * each, (batch + 1) * each);
    if (commits.length === 0) break;
    for (const [index, commit] of commits.entries()) stream.commit(commit, batch * each + index + 1);
    if ((batch + 1) * each >= plan.commits.length)
      plan.tags.forEach((number, index) => stream.tag(number, branches[index % branches.length] as number, index));
    const unpackLimit = `fastimport.unpackLimit=${plan.packing === 5 && batch === 0 ? 10_000 : 1}`;
    repo.run(["-c", unpackLimit, "fast-import", "--quiet", "--depth=60"], { input: stream.take() });
  }
  // Nothing refers to this one.
  const [dangling] = plan.files;
  if (dangling !== undefined)
    repo.run(["hash-object", "-w", "--stdin"], { input: (contents(dangling).at(-1) as Buffer) ?? Buffer.alloc(0) });
  const [first] = plan.commits;
  if (first !== undefined) writeSignedMerge(repo, first);
  (packings[plan.packing % packings.length] as (typeof packings)[number])(repo);
}
