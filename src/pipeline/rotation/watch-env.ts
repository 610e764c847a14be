// Names of environment variables in, keyed fingerprints of their values out; the values go no further than this file.

import { compareText } from "../../base/compare-text.ts";
import { defined } from "../../base/defined.ts";
import { nearest } from "../../base/nearest.ts";
import type { Settings } from "../../config/settings.ts";
import { UsageError } from "../../errors.ts";
import { createFingerprinter } from "../../findings/fingerprint.ts";
import type { FingerprintKey } from "../../findings/key.ts";
import type { DeclaredCredential, Instant, Inventory, Observation } from "../../model/rotation.ts";
import { canonicalText } from "../../scan/canonical.ts";
import { stdinSource } from "../../sources/stdin.ts";
import { collectFindings } from "../collect-findings.ts";

/** What is watched. */
export interface WatchRequest {
  /** Names of variables. */
  readonly names: readonly string[];
  /** Which of several credentials of the same variable this machine has. */
  readonly environment?: string | undefined;
  readonly env: NodeJS.ProcessEnv;
  readonly inventory: Inventory;
  readonly settings: Settings;
  readonly key: FingerprintKey;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly at: Instant;
}

/** The credential that the inventory keeps in a variable. */
function declaredIn(name: string, { inventory, environment }: WatchRequest): DeclaredCredential {
  const kept = inventory.credentials.filter(({ keptIn }) => keptIn.env === name);
  const fitting = environment === undefined ? kept : kept.filter((one) => one.environment === environment);
  const [first, second] = fitting;
  if (second !== undefined) throw ambiguous(name, fitting.length, environment);
  if (first !== undefined) return first;
  const meant = nearest(
    name,
    inventory.credentials.flatMap(({ keptIn }) => keptIn.env ?? []),
  );
  const where = environment === undefined ? "" : ` of the environment ${environment}`;
  throw new UsageError(`no credential${where} in .keywarden/rotation.yml is kept in ${name}`, {
    hint: meant === undefined || meant === name ? `Declare one with kept: { env: ${name} }.` : `Did you mean ${meant}?`,
  });
}

/** A value that could be several credentials' would be noted for none. */
function ambiguous(name: string, count: number, environment: string | undefined): UsageError {
  return new UsageError(`${count} credentials in .keywarden/rotation.yml are kept in ${name}`, {
    hint:
      environment === undefined
        ? "Give each of them an environment there, and say which: --environment NAME."
        : "Give each of them an environment of its own there.",
  });
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text, "utf8");
}

/** The fingerprint of a value in its provider's canonical form; where no rule knows the form, of the value as it is. */
async function fingerprintOf(
  value: string,
  { keptIn: { env: name = "" }, provider }: DeclaredCredential,
  { settings, key, now }: WatchRequest,
): Promise<string> {
  const { grouped } = await collectFindings({
    sources: [stdinSource(once(`${name}=${value}\n`), name)],
    settings: { ...settings, jobs: 1, timings: false },
    key,
    now,
    keepValues: false,
  });
  const own = grouped.findings.filter((finding) => finding.provider === provider);
  const [only] = own;
  if (own.length === 1 && only !== undefined) return only.fingerprint;
  return createFingerprinter(key)(provider, canonicalText(value.trim()));
}

/** Whoever writes a variable's value in the place of its name must not find it in a log. */
function isKnownName(name: string, { env, inventory }: WatchRequest): boolean {
  return Object.hasOwn(env, name) || inventory.credentials.some(({ keptIn }) => keptIn.env === name);
}

/**
 * Observes the values of variables. Throws UsageError for a name that is not set, or that the inventory keeps no
 * credential in; no message holds a value.
 */
export async function watchVariables(request: WatchRequest): Promise<readonly Observation[]> {
  const observations: Observation[] = [];
  for (const name of [...new Set(request.names)].toSorted(compareText)) {
    // Node's own environment inherits from Object.
    const value = Object.hasOwn(request.env, name) ? (request.env[name] ?? "") : "";
    if (value.trim() === "" && !isKnownName(name, request)) {
      const place = request.names.indexOf(name) + 1;
      throw new UsageError(`name ${place} of --env is neither set here nor kept in .keywarden/rotation.yml`, {
        hint: "Write the name of the variable, without a $: its value would be read by others. It is not repeated here.",
      });
    }
    if (value.trim() === "") {
      throw new UsageError(`${name} is not set, so its value cannot be watched`, {
        hint: "In a workflow, hand it over: env: { NAME: ${{ secrets.NAME }} }.",
      });
    }
    const fingerprint = await fingerprintOf(value, declaredIn(name, request), request);
    const { environment, at } = request;
    observations.push({ kind: "watch", env: name, ...defined({ environment }), fingerprint, at });
  }
  return observations;
}
