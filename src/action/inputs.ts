// The INPUT_* variables of a step, as action.yml declares them, in; what the user wants out, or what is wrong with it.

import { posix } from "node:path";
import { staysInside } from "../config/parse.ts";
import type { PartialSettings } from "../config/settings.ts";
import { settings } from "../config/settings.ts";
import { nearest } from "../base/nearest.ts";
import { UsageError } from "../errors.ts";

const scopes = ["auto", "changes", "full"] as const;
const verifications = ["false", "true", "require"] as const;
const sarifUses = ["file", "upload", "false"] as const;
const rotations = ["off", "status", "remind"] as const;
const switches = ["true", "false"] as const;
type FailOnRow = Extract<(typeof settings)[number], { key: "fail-on" }>;
const failOnWords = settings.find((row): row is FailOnRow => row.key === "fail-on")?.value.of ?? ["medium"];

/** What `scope` takes. */
export type Scope = (typeof scopes)[number];
/** What `rotation` takes. */
export type Rotation = (typeof rotations)[number];

/** The inputs of one step. */
export interface Inputs {
  readonly scope: Scope;
  readonly verify: (typeof verifications)[number];
  readonly sarif: (typeof sarifUses)[number];
  readonly comment: boolean;
  readonly summary: boolean;
  readonly rotation: Rotation;
  /** Empty where there is none. */
  readonly token: string;
  /** From the top of the tree; absent for the usual file. */
  readonly config?: string;
  /** What stands in place of the settings of the file. */
  readonly typed: PartialSettings;
}

/** The value of an input as the runner hands it over (actions/toolkit, getInput); empty where it is not set. */
function valueOf(env: NodeJS.ProcessEnv, name: string): string {
  return (env[`INPUT_${name.toUpperCase()}`] ?? "").trim();
}

function choiceOf<Word extends string>(env: NodeJS.ProcessEnv, name: string, words: readonly [Word, ...Word[]]): Word {
  const value = valueOf(env, name);
  if (value === "") return words[0];
  const found = words.find((word) => word === value);
  if (found !== undefined) return found;
  const meant = nearest(value, words);
  const hint = meant === undefined ? {} : { hint: `Did you mean ${meant}?` };
  throw new UsageError(`input ${name}: expected one of ${words.join(", ")}`, hint);
}

function pathOf(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = valueOf(env, name);
  if (value === "") return undefined;
  if (staysInside("/", value) && !value.startsWith("/") && !value.split("/").includes("..")) {
    // As git names it: ./a.yml is a.yml.
    return posix.normalize(value);
  }
  throw new UsageError(`input ${name}: expected a file of the repository, from its top`, {
    hint: "For example security/keywarden.yml. The file is read from git, not from the working tree.",
  });
}

function typedOf(env: NodeJS.ProcessEnv): PartialSettings {
  const failOn = valueOf(env, "fail-on") === "" ? undefined : choiceOf(env, "fail-on", failOnWords);
  const baseline = valueOf(env, "baseline") === "false" ? false : pathOf(env, "baseline");
  return {
    ...(failOn === undefined ? {} : { failOn }),
    ...(baseline === undefined ? {} : { baseline }),
  };
}

/** Refuses to run as another version than the one that was asked for: `1.4.2`, or the beginning of it. */
function checkVersion(env: NodeJS.ProcessEnv, version: string): void {
  const wanted = valueOf(env, "version").replace(/^v/, "");
  if (wanted === "" || version === wanted || version.startsWith(`${wanted}.`)) return;
  throw new UsageError(`this is keywarden ${version}, and not the version that the input version asks for`, {
    hint: "Pin the action itself: uses: …@<commit>, or let the input go.",
  });
}

/** Throws UsageError where nothing could ever fail the step, whether an input or the settings file wishes so. */
export function checkFailOn({ verify }: Inputs, { failOn }: Pick<PartialSettings, "failOn">): void {
  if (failOn !== "active" || verify !== "false") return;
  throw new UsageError("fail-on: active needs verify", {
    hint: "Set the input verify: without it nothing is proven to work, and nothing could fail the step.",
  });
}

/**
 * Reads all inputs. `version` is the one that runs. Throws UsageError for the first that is wrong; messages never repeat
 * a value.
 */
export function readInputs(env: NodeJS.ProcessEnv, version: string): Inputs {
  checkVersion(env, version);
  const config = pathOf(env, "config");
  const typed = typedOf(env);
  const inputs = {
    scope: choiceOf(env, "scope", scopes),
    verify: choiceOf(env, "verify", verifications),
    sarif: choiceOf(env, "sarif", sarifUses),
    comment: choiceOf(env, "comment", switches) === "true",
    summary: choiceOf(env, "summary", switches) === "true",
    rotation: choiceOf(env, "rotation", rotations),
    token: valueOf(env, "github-token"),
    ...(config === undefined ? {} : { config }),
    typed,
  };
  checkFailOn(inputs, typed);
  return inputs;
}
