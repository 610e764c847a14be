// The two ends of a change that is not accepted yet in; what holds the run to what its base allows, and what it adds, out.

import type { GitPlace } from "../../base/git/environment.ts";
import type { Settings } from "../../config/settings.ts";
import type { Grouped } from "../../findings/group.ts";
import type { FingerprintKey } from "../../findings/key.ts";
import type { AddedComment, Additions } from "../../model/additions.ts";
import { acceptAllows, allowedInline } from "../../policy/accepted-allows.ts";
import type { InlineAllow } from "../../policy/allow.ts";
import { changedPaths, mergeBase } from "../../sources/changed-paths.ts";
import type { ChangedPath } from "../../sources/changed-paths.ts";
import { reportedSource } from "../../sources/reported.ts";
import { collectFindings } from "../collect-findings.ts";
import type { Inline } from "../conclude.ts";

/** What a guard needs to know. */
export interface GuardPlace {
  readonly place: GitPlace;
  /** The commit whose word counts; absent: nothing was accepted yet. */
  readonly base?: string | undefined;
  readonly head: string;
  readonly settings: Settings;
  /** Files that decide on findings: see base-settings.ts. */
  readonly deciding: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly signal?: AbortSignal | undefined;
}

/** A change that moves more files than this is asked about at their present paths only. */
const maxMoved = 5000;

/** Holds one run; ask for the additions when it is over. */
export class ChangeGuard {
  readonly #given: GuardPlace;
  readonly #changed: readonly ChangedPath[];
  #comments: readonly AddedComment[] = [];

  private constructor(given: GuardPlace, changed: readonly ChangedPath[]) {
    this.#given = given;
    this.#changed = changed;
  }

  /** Compares both ends. Throws SourceError where git cannot. */
  static async open(given: GuardPlace): Promise<ChangeGuard> {
    const { place, base, head } = given;
    if (base === undefined) return new ChangeGuard(given, []);
    const from = (await mergeBase(place, base, head)) ?? base;
    return new ChangeGuard(given, await changedPaths(place, from, head));
  }

  /** Inline comments count for secrets that a comment allows at the base, too: in the same file, or in one that moved. */
  async inlineOf(grouped: Grouped<InlineAllow>, key: FingerprintKey): Promise<Inline> {
    const { findings, allowed } = grouped;
    if (allowedInline(findings, allowed).size === 0) return allowed;
    const accepted = await this.#acceptedAt(
      [...allowed.keys()].map(({ path }) => path),
      key,
    );
    const { inline, added } = acceptAllows(findings, allowed, accepted);
    this.#comments = added;
    return inline;
  }

  async #acceptedAt(paths: readonly string[], key: FingerprintKey): Promise<ReadonlySet<string>> {
    const { base, place, settings, now, signal } = this.#given;
    if (base === undefined) return new Set();
    const before = this.#changed.filter(({ change }) => change !== "added").map(({ path }) => path);
    const asked = new Set([...paths, ...(before.length > maxMoved ? [] : before)]);
    const places = [...asked].map((path) => ({ path, part: "file" as const, commit: base }));
    const source = reportedSource(places, place.cwd);
    const { grouped } = await collectFindings({ sources: [source], settings, key, now, keepValues: false, signal });
    return allowedInline(grouped.findings, grouped.allowed);
  }

  /** What the change adds to what allows or decides. */
  get additions(): Additions {
    const { deciding } = this.#given;
    const decides = (path: string): boolean =>
      path.startsWith(".keywarden/") || deciding.some((one) => path === one || path.startsWith(`${one}/`));
    return { comments: this.#comments, files: this.#changed.filter(({ path }) => decides(path)) };
  }
}
