// The corridor of rotation: what a run observed in, the ledger brought up to date, channels told, an overview out.

import { instantOf } from "../base/days.ts";
import { overviewOf } from "../channels/overview.ts";
import type { Overview } from "../channels/overview.ts";
import type { Settings } from "../config/settings.ts";
import type { Channel, Delivery } from "../model/channel.ts";
import type { Inventory, Ledger, Observation } from "../model/rotation.ts";
import type { Rule } from "../model/rule.ts";
import { decide } from "../rotation/decide.ts";
import type { Decision } from "../rotation/decide.ts";
import type { InventoryContext } from "../rotation/inventory.ts";
import { chooseRules, withEveryRule } from "./choose-rules.ts";
import { writeChannels } from "./rotation/channel-files.ts";
import type { FileChannel } from "./rotation/channel-files.ts";
import { attempt, together } from "./rotation/deliveries.ts";
import { readInventory } from "./rotation/inventory-file.ts";
import { readLedger, updateLedger } from "./rotation/ledger-file.ts";

/** Where a run stands, and when. */
export interface RotationRequest {
  /** Absolute; the files of `.keywarden/` are below it. */
  readonly root: string;
  readonly settings: Settings;
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** What people declare, and the rules that know their providers. */
export interface Rotation {
  readonly request: RotationRequest;
  readonly inventory: Inventory;
  readonly rules: readonly Rule[];
  /** What the inventory was judged by. */
  readonly context: InventoryContext;
}

/** Reads what people declare. Throws ConfigError for an inventory that is wrong. */
export async function openRotation(request: RotationRequest): Promise<Rotation> {
  const { rules } = (await chooseRules(withEveryRule(request.settings))).ruleSet;
  const providers = [...new Set(rules.map(({ provider }) => provider))];
  const context = { now: new Date(request.now), providers };
  return { request, inventory: readInventory(request.root, context), rules, context };
}

function decideAt(rotation: Rotation, ledger: Ledger, observations: readonly Observation[]): Decision {
  const { inventory, rules, request } = rotation;
  return decide({ inventory, ledger, observations, rules, now: new Date(request.now) });
}

function overviewAt({ ledger, overview }: Decision, { now }: RotationRequest): Overview {
  return overviewOf(ledger, overview, ledger.seenAt ?? instantOf(now));
}

/** Decides as of now and writes nothing. */
export function lookAhead(rotation: Rotation): Overview {
  const { request } = rotation;
  return overviewAt(decideAt(rotation, readLedger(request.root, request.env), []), request);
}

/** Brings the ledger up to date with what was observed; other runs wait for their turn. */
export function record(rotation: Rotation, observations: readonly Observation[]): Promise<Decision> {
  const { root, env } = rotation.request;
  return updateLedger(root, env, (ledger) => {
    const decision = decideAt(rotation, ledger, observations);
    return { ledger: decision.ledger, result: decision };
  });
}

/** What a run of reminders came to. */
export interface RemindOutcome extends Delivery {
  readonly overview: Overview;
}

/** Who is told: channels that answer, then files, which show the last state. */
export interface Audience {
  readonly channels: readonly Channel[];
  readonly files: readonly FileChannel[];
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reminds: the ledger is written before anybody is told, so that a run that dies is made up for by the next, and again
 * with what channels answered. What one channel could not do stops no other.
 */
export async function runReminders(
  rotation: Rotation,
  observations: readonly Observation[],
  { channels, files, signal }: Audience,
): Promise<RemindOutcome> {
  const first = await record(rotation, observations);
  const deliveries: Delivery[] = [];
  for (const channel of channels) deliveries.push(await attempt(() => channel.deliver(first.actions, signal)));
  const told = together(deliveries);
  const last = told.observations.length === 0 ? first : await record(rotation, told.observations);
  const { request } = rotation;
  const overview = overviewAt(last, request);
  return { overview, ...together([told, await writeChannels(files, overview, request.root)]) };
}
