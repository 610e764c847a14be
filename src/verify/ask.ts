// A plan in, one verification for each of its secrets out: control first, then the secret, a verdict only from a row.

import type { Verification, VerificationReason, VerificationStatus } from "../model/verification.ts";
import { verdictMs } from "./cache.ts";
import type { VerificationCache } from "./cache.ts";
import { Exchange } from "./exchange.ts";
import type { Exchanged, ExchangeTools } from "./exchange.ts";
import { controlName } from "./plan.ts";
import type { Ask, Plan } from "./plan.ts";
import { mentions } from "./recipe.ts";
import type { Filling, RenderedRequest } from "./recipe.ts";

/** Secrets that are asked about at once, over all hosts. */
const maxAtOnce = 16;

/** Everything that asking needs. */
export interface AskTools extends ExchangeTools {
  readonly cache: VerificationCache;
}

/** What is said of one secret. */
type Said = Pick<Verification, "status" | "reason" | "row" | "facts">;

function unknown(reason: VerificationReason): Said {
  return { status: "unknown", reason, facts: [] };
}

/** Asks about the secrets of one plan. */
class Asker {
  readonly #tools: AskTools;
  readonly #exchange: Exchange;
  /** Why an endpoint is not believed, by recipe and origin; undefined where its control was answered as it should. */
  readonly #controls = new Map<string, Promise<VerificationReason | undefined>>();

  readonly #fillings: readonly Filling[];

  constructor(tools: AskTools, fillings: readonly Filling[]) {
    this.#tools = tools;
    this.#fillings = fillings;
    this.#exchange = new Exchange(tools);
  }

  async verify(ask: Ask): Promise<Verification> {
    const said = await this.#ask(ask).catch(() => unknown("bad-answer"));
    const now = this.#tools.now();
    const lasting = said.status as keyof typeof verdictMs;
    const lifetime = Object.hasOwn(verdictMs, lasting) ? verdictMs[lasting] : undefined;
    const verification: Verification = {
      fingerprint: ask.fingerprint,
      status: said.status,
      reason: said.reason,
      ...(said.row === undefined ? {} : { row: said.row }),
      checkedAt: new Date(now).toISOString(),
      ...(lifetime === undefined ? {} : { until: new Date(now + lifetime).toISOString() }),
      // What an answer says must not say a secret: neither this one nor another that was sent in this run.
      facts: [...ask.facts.filter(({ name }) => !said.facts.some((fact) => fact.name === name)), ...said.facts].filter(
        ({ value }) => !this.#fillings.some((filling) => mentions(value, filling)),
      ),
    };
    this.#tools.cache.keepVerdict(ask.entry, verification);
    return verification;
  }

  /** The sites in turn: inactive only after all of them, any other answer at once. */
  async #ask(ask: Ask): Promise<Said> {
    let dead: Said | undefined;
    for (const request of ask.requests) {
      const distrust = await this.#distrust(ask, request);
      if (distrust !== undefined) return unknown(distrust);
      const controlled = !("none" in ask.recipe.control);
      const answered = await this.#exchange.ask(ask.recipe, request, { parts: ask.parts, controlled });
      const said = saidOf(answered);
      if (said.status !== "inactive") return said;
      dead = said;
    }
    return dead ?? unknown("no-row");
  }

  /** Why the endpoint of a request is not believed; undefined where it is, or where the recipe has no control. */
  #distrust(ask: Ask, { origin }: RenderedRequest): Promise<VerificationReason | undefined> {
    if ("none" in ask.recipe.control) return Promise.resolve(undefined);
    const name = controlName(ask, origin);
    const known = this.#controls.get(name);
    if (known !== undefined) return known;
    const asked = this.#control(ask, origin, name);
    this.#controls.set(name, asked);
    return asked;
  }

  async #control(ask: Ask, origin: string, name: string): Promise<VerificationReason | undefined> {
    const { control } = ask.recipe;
    if (this.#tools.cache.controlPassed(name)) return undefined;
    const prepared = ask.controls.get(origin);
    if (prepared === undefined || "none" in control) return "control-failed";
    const { request, parts } = prepared;
    const answered = await this.#exchange.ask(ask.recipe, request, { parts, controlled: false });
    if (answered.kind === "fault") return answered.reason === "no-row" ? "control-failed" : answered.reason;
    const { row, means } = answered.row;
    const passed = control.rows === undefined ? means === "inactive" : control.rows.includes(row);
    if (!passed) return "control-failed";
    this.#tools.cache.keepControl(name);
    return undefined;
  }
}

const statusOf: Readonly<Record<string, VerificationStatus>> = {
  active: "active",
  inactive: "inactive",
  revoked: "revoked",
};

function saidOf(answered: Exchanged): Said {
  if (answered.kind === "fault") return unknown(answered.reason);
  const { row, facts } = answered;
  return { status: statusOf[row.means] ?? "unknown", reason: "answer", row: row.row, facts };
}

/** Carries a plan out. Answers come in the plan's order, one for each of its secrets; it never throws. */
export async function askProviders(plan: Plan, tools: AskTools): Promise<readonly Verification[]> {
  const asker = new Asker(
    tools,
    plan.asks.map(({ filling }) => filling),
  );
  const verifications: Verification[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < plan.asks.length; index = next++) {
      verifications[index] = await asker.verify(plan.asks[index] as Ask);
    }
  };
  await Promise.all(Array.from({ length: Math.min(maxAtOnce, plan.asks.length) }, work));
  tools.cache.close();
  return [...plan.settled, ...verifications];
}
