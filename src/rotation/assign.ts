// What a run observed, the inventory and the ledger in, the observations of each credential, in order, out.

import { compareText } from "../base/compare-text.ts";
import { instantOf, msOf } from "../base/days.ts";
import type { DeclaredCredential, Inventory, Ledger, Observation } from "../model/rotation.ts";
import type { Clock } from "./clock.ts";
import { foundId } from "./found-id.ts";

/** Who is meant by what was observed. */
export interface Assignment {
  /** By credential; each list in an order that does not depend on the order of the input. */
  readonly observations: ReadonlyMap<string, readonly Observation[]>;
  /** Providers of credentials that were found in this run and that nobody knew, by their new names. */
  readonly found: ReadonlyMap<string, string>;
  /** Values that the ledger has under a name that is not declared and that belong to a declared one: by fingerprint. */
  readonly claims: ReadonlyMap<string, string>;
}

/** At one and the same moment: what is seen, then what ends it, then what brings it back. */
const ranks: Readonly<Record<Observation["kind"], number>> = {
  filed: 0,
  store: 1,
  watch: 2,
  finding: 3,
  attestation: 4,
  verification: 5,
  "closed-by-person": 6,
};

function rankOf(observation: Observation): number {
  // The safe side: what is said to be dead and alive at the same moment is alive.
  return observation.kind === "verification" && observation.status !== "active" ? 3.5 : ranks[observation.kind];
}

/** What an observation is about, as far as it says. */
function subjectOf(one: Observation): string {
  if (one.kind === "finding" || one.kind === "verification" || one.kind === "watch") return one.fingerprint;
  return one.kind === "store" ? one.ciSecret : one.credential;
}

function compareObservations(a: Observation, b: Observation): number {
  return (
    compareText(a.at, b.at) ||
    rankOf(a) - rankOf(b) ||
    compareText(subjectOf(a), subjectOf(b)) ||
    // Rare: the same thing told twice, in two ways.
    compareText(JSON.stringify(a), JSON.stringify(b))
  );
}

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** The clock of a channel is not ours: when people closed something is kept in the channel's words. */
function timed(observation: Observation, clock: Clock): readonly Observation[] {
  if (observation.kind !== "closed-by-person") {
    const at = clock.read(observation.at) ?? clock.now;
    return [at === observation.at ? observation : { ...observation, at }];
  }
  const closedAt = msOf(observation.at);
  // Without a moment nobody could tell whether it was heard before.
  return closedAt === undefined ? [] : [{ ...observation, at: instantOf(closedAt) }];
}

/** Which declared credentials watch a variable, and which of them are meant. */
class Watchers {
  readonly #byEnv = new Map<string, DeclaredCredential[]>();
  readonly #bySecret = new Map<string, DeclaredCredential[]>();
  readonly #claims: ReadonlyMap<string, string>;

  constructor(inventory: Inventory, claims: ReadonlyMap<string, string>) {
    this.#claims = claims;
    for (const credential of inventory.credentials) {
      const { env, ciSecret } = credential.keptIn;
      if (env !== undefined) push(this.#byEnv, env, credential);
      if (ciSecret !== undefined) push(this.#bySecret, ciSecret, credential);
    }
  }

  ofSecret(name: string): readonly string[] {
    const all = this.#bySecret.get(name) ?? [];
    // One date for several credentials would make all of them young.
    return all.length === 1 ? all.map(({ id }) => id) : [];
  }

  ofWatch({ env, environment, fingerprint }: Extract<Observation, { kind: "watch" }>): readonly string[] {
    const all = this.#byEnv.get(env) ?? [];
    const meant = environment === undefined ? all : all.filter((one) => one.environment === environment);
    const [only] = meant;
    if (only !== undefined && meant.length === 1) return [only.id];
    const known = this.#claims.get(fingerprint);
    return meant.some(({ id }) => id === known) ? [known as string] : [];
  }
}

function claimValues(inventory: Inventory, ledger: Ledger): Map<string, string> {
  const claims = new Map<string, string>();
  const claim = (fingerprint: string, id: string): void => {
    if (!claims.has(fingerprint)) claims.set(fingerprint, id);
  };
  const declared = new Set(inventory.credentials.map(({ id }) => id));
  for (const { id, fingerprints } of inventory.credentials) for (const one of fingerprints) claim(one, id);
  for (const { id, fingerprints } of ledger.credentials)
    if (declared.has(id)) for (const { fingerprint } of fingerprints) claim(fingerprint, id);
  return claims;
}

/**
 * Shares out what was observed. A fingerprint belongs to the declared credential that lists it, has it in the ledger or
 * is seen to hold it in its variable; else to the found one that has it in the ledger; else to a new one, named by
 * `foundId`. What is about a credential that nobody knows is dropped: a verification alone makes none.
 */
export function assign(
  { inventory, ledger }: { readonly inventory: Inventory; readonly ledger: Ledger },
  observations: readonly Observation[],
  clock: Clock,
): Assignment {
  const claims = claimValues(inventory, ledger);
  const watchers = new Watchers(inventory, new Map(claims));
  const sorted = observations.flatMap((observation) => timed(observation, clock)).sort(compareObservations);
  for (const one of sorted)
    if (one.kind === "watch")
      for (const id of watchers.ofWatch(one)) if (!claims.has(one.fingerprint)) claims.set(one.fingerprint, id);

  const taken = new Set([...inventory.credentials, ...ledger.credentials].map(({ id }) => id));
  const homes = new Map(claims);
  for (const { id, fingerprints } of ledger.credentials)
    for (const { fingerprint } of fingerprints) if (!homes.has(fingerprint)) homes.set(fingerprint, id);
  const found = new Map<string, string>();
  const isNew = (one: Observation): one is Extract<Observation, { kind: "finding" }> =>
    one.kind === "finding" && !homes.has(one.fingerprint);
  for (const { fingerprint, provider } of sorted
    .filter(isNew)
    .sort((a, b) => compareText(a.fingerprint, b.fingerprint))) {
    if (homes.has(fingerprint)) continue;
    const id = foundId(provider, fingerprint, taken);
    taken.add(id);
    homes.set(fingerprint, id);
    found.set(id, provider);
  }

  const byCredential = new Map<string, Observation[]>();
  for (const one of sorted)
    for (const id of namesOf(one, homes, watchers)) if (taken.has(id)) push(byCredential, id, one);
  return { observations: byCredential, found, claims };
}

function namesOf(one: Observation, homes: ReadonlyMap<string, string>, watchers: Watchers): readonly string[] {
  if (one.kind === "watch") return watchers.ofWatch(one);
  if (one.kind === "store") return watchers.ofSecret(one.ciSecret);
  if (one.kind !== "finding" && one.kind !== "verification") return [one.credential];
  const home = homes.get(one.fingerprint);
  return home === undefined ? [] : [home];
}
