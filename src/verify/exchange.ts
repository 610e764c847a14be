// A rendered request in, its judged answer out: in its turn, with one more try where the law allows it.

import type { Recipe } from "../model/recipe.ts";
import type { VerificationReason } from "../model/verification.ts";
import { entryName } from "./cache.ts";
import type { VerificationCache } from "./cache.ts";
import type { Outcome } from "./client.ts";
import { judgeAnswer, needsBody } from "./judge.ts";
import type { Answer, JudgeContext, Judgement } from "./judge.ts";
import type { Pace } from "./pace.ts";
import type { RenderedRequest } from "./recipe.ts";
import { resetTime } from "./reset-time.ts";

/** What sends: the client, or in tests something that answers like one. */
export interface Sender {
  send(request: RenderedRequest, wantsBody: (head: Answer) => boolean, signal?: AbortSignal): Promise<Outcome>;
}

/** What an exchange works with. */
export interface ExchangeTools {
  readonly sender: Sender;
  readonly pace: Pace;
  readonly cache: VerificationCache;
  readonly now: () => number;
  readonly signal?: AbortSignal | undefined;
}

/** A row, or why there is none. */
export type Exchanged =
  | Extract<Judgement, { kind: "row" }>
  | { readonly kind: "fault"; readonly reason: VerificationReason };

const againOn: ReadonlySet<number> = new Set([502, 503, 504]);

function isServerTrouble(outcome: Outcome): boolean {
  return outcome.kind === "answer" ? outcome.answer.status >= 500 : true;
}

function mayAgain(outcome: Outcome, { method }: RenderedRequest): boolean {
  if (method === "POST") return false;
  return outcome.kind === "answer" ? againOn.has(outcome.answer.status) : outcome.why === "reset";
}

/** Does the host ask to be left alone? */
function isStop(judged: Judgement): boolean {
  return judged.kind === "row" ? judged.row.means === "stop" : judged.why === "rate-limited";
}

/** Sends requests one at a time for each caller. */
export class Exchange {
  readonly #tools: ExchangeTools;

  constructor(tools: ExchangeTools) {
    this.#tools = tools;
  }

  /** Sends and judges. A host that is left alone is not asked; one that asks for it is left alone from then on. */
  async ask(recipe: Recipe, request: RenderedRequest, context: JudgeContext): Promise<Exchanged> {
    const first = await this.#try(recipe, request, context);
    const outcome =
      first !== undefined && mayAgain(first, request) ? ((await this.#try(recipe, request, context)) ?? first) : first;
    if (outcome === undefined) {
      return { kind: "fault", reason: this.#tools.signal?.aborted === true ? "interrupted" : "host-paused" };
    }
    if (outcome.kind === "failed")
      return { kind: "fault", reason: outcome.why === "reset" ? "connection" : outcome.why };
    const judged = judgeAnswer(recipe, outcome.answer, context);
    if (judged.kind === "none") return { kind: "fault", reason: judged.why };
    if (!isStop(judged)) return judged;
    return { kind: "fault", reason: outcome.answer.status === 429 ? "rate-limited" : "locked-out" };
  }

  /** One request in its turn; undefined where the host is left alone. */
  async #try(recipe: Recipe, request: RenderedRequest, context: JudgeContext): Promise<Outcome | undefined> {
    const { sender, pace, signal, cache, now } = this.#tools;
    const { origin } = request;
    const until = cache.pausedUntil(entryName("pause", [origin]));
    if (until !== undefined && until > now()) pace.pause(origin, until);
    const end = await pace.turn(origin, signal);
    if (end === undefined) return undefined;
    try {
      const outcome = await sender.send(request, (head) => needsBody(recipe, head), signal);
      if (isServerTrouble(outcome)) pace.failed(origin);
      else pace.answered(origin);
      // Before the turn ends: whoever waits for it must not slip through.
      if (outcome.kind === "answer" && isStop(judgeAnswer(recipe, outcome.answer, context)))
        this.#pause(origin, outcome.answer);
      return outcome;
    } finally {
      end();
    }
  }

  /** For the rest of the run; and in later ones until the time that the host named. */
  #pause(origin: string, answer: Answer): void {
    const { pace, cache, now } = this.#tools;
    pace.pause(origin);
    const until = resetTime(answer.headers, now());
    if (until !== undefined) cache.keepPause(entryName("pause", [origin]), until);
  }
}
