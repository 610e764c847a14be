// What was typed, the user's own settings and the environment in, how this run verifies out; refusals are told here.

import { readFileSync, statSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { EntryStore } from "../base/entry-store.ts";
import { nearest } from "../base/nearest.ts";
import { userFolders } from "../base/user-folders.ts";
import type { UserFolders } from "../base/user-folders.ts";
import { parseUserVerify } from "../config/user-verify.ts";
import type { UserVerify } from "../config/user-verify.ts";
import { UsageError } from "../errors.ts";
import { refusalOf } from "../verify/consent.ts";
import { parseEndpoint, parseProxy, splitEndpoint } from "../verify/endpoint.ts";
import { chooseRules } from "./choose-rules.ts";
import { readSideFile } from "./side-files.ts";
import { isInside, trustOf } from "./trusted-rules.ts";
import type { VerificationUse } from "./verify-findings.ts";

/** What was asked for, on the command line or by a library call. */
export interface VerificationWish {
  readonly planOnly?: boolean;
  readonly budget?: number;
  /** `PROVIDER=URL` each. */
  readonly endpoints?: readonly string[];
  readonly providers?: readonly string[];
  readonly proxy?: string;
  /** False: nothing is remembered, and nothing that was is used. */
  readonly cache?: boolean;
}

/** Where it is asked for. */
export interface VerificationPlace {
  /** The scanned root: nothing in it has a say. */
  readonly root: string;
  /** Rule files of the user's that take part. */
  readonly rules: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly onPlan: (words: string) => void;
  readonly onNote: (words: string) => void;
  readonly signal?: AbortSignal | undefined;
}

const usualBudget = 25;
const maxEventBytes = 8 * 1024 * 1024;

/** The user's folders on this machine. */
export function foldersOf(env: NodeJS.ProcessEnv): UserFolders {
  return userFolders("keywarden", { env, home: homedir(), platform: process.platform });
}

/** The event that started a workflow; what cannot be read is no event, which counts as foreign. */
function eventOf(env: NodeJS.ProcessEnv): unknown {
  const file = env["GITHUB_EVENT_PATH"] ?? "";
  try {
    if (file === "" || statSync(file).size > maxEventBytes) return undefined;
    return JSON.parse(readFileSync(file, "utf8")) as unknown;
  } catch {
    return undefined;
  }
}

/** The user's own settings. Of a file inside of what is scanned, which may be anybody's, only what forbids counts. */
function readUserVerify(folders: UserFolders, { root, onNote }: VerificationPlace): UserVerify {
  const file = path.join(folders.config, "verify.yml");
  const text = readSideFile(file, file);
  if (text === undefined) return {};
  const { endpoints, proxy, ...forbids } = parseUserVerify(text, file);
  if (!isInside(file, root)) return { endpoints, proxy, ...forbids };
  if (endpoints !== undefined || proxy !== undefined)
    onNote("verify.yml stands inside of what is scanned: its endpoints and its proxy do not count.\n");
  return { ...forbids, budget: Math.min(forbids.budget ?? usualBudget, usualBudget) };
}

function knownProvider(name: string, known: ReadonlySet<string>): string {
  if (known.has(name)) return name;
  const meant = nearest(name, known);
  throw new UsageError(`no provider called ${name} can be verified`, {
    hint: meant === undefined ? "docs/verification-providers.md lists those that can." : `Did you mean ${meant}?`,
  });
}

async function verifiableProviders(paths: readonly string[]): Promise<ReadonlySet<string>> {
  const { rules } = (await chooseRules({ rules: paths, only: [], except: [], minSeverity: "info" })).ruleSet;
  return new Set(rules.filter((rule) => rule.verify !== undefined).map((rule) => rule.provider));
}

/** Both lists where there are two: neither may widen what the other allows. */
function narrowed(
  user: readonly string[] | undefined,
  typed: readonly string[] | undefined,
): readonly string[] | undefined {
  if (user === undefined || typed === undefined) return typed ?? user;
  return typed.filter((name) => user.includes(name));
}

/**
 * Settles how a run verifies. Throws UsageError where verification is refused (a git hook, TLS switched off, forbidden)
 * or a wish cannot be met; for a pull request from a fork the run goes on, and asks nobody.
 */
export async function openVerification(wish: VerificationWish, place: VerificationPlace): Promise<VerificationUse> {
  const { env, root } = place;
  const refusal = refusalOf(env, eventOf(env));
  if (refusal?.kind === "mistake") throw new UsageError(refusal.message, { hint: refusal.hint });
  if (refusal !== undefined) place.onNote(`${refusal.message}.\n`);
  const folders = foldersOf(env);
  const user = readUserVerify(folders, place);
  if (user.enabled === false) {
    throw new UsageError("verification is switched off in verify.yml", {
      hint: `Set enabled: true in ${folders.config}.`,
    });
  }
  const known = await verifiableProviders(place.rules);
  const typed = wish.providers?.map((name) => knownProvider(name, known));
  const endpoints = new Map<string, URL>();
  const given = [...Object.entries(user.endpoints ?? {}), ...(wish.endpoints ?? []).map(splitEndpoint)];
  for (const [provider, address] of given) endpoints.set(provider, parseEndpoint(provider, address, known));
  const proxy = wish.proxy ?? user.proxy;
  const store = { folder: path.join(folders.cache, "verify"), maxEntries: 5000, maxEntryBytes: 16 * 1024 };
  return {
    providers: narrowed(user.providers, typed),
    budget: wish.budget ?? user.budget ?? usualBudget,
    endpoints,
    ...(proxy === undefined ? {} : { proxy: parseProxy(proxy) }),
    ...(wish.cache === false ? {} : { store: new EntryStore(store) }),
    isTrusted: trustOf(folders.config, root),
    refused: refusal !== undefined,
    planOnly: wish.planOnly === true,
    onPlan: place.onPlan,
    signal: place.signal,
  };
}
