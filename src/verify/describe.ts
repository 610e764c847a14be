// A plan in, the words that tell a person who would be asked about what out; addresses stay templates, secrets out of it.

import { counted } from "../base/counted.ts";
import { controlName } from "./plan.ts";
import type { Ask, Plan } from "./plan.ts";

/** One place that would be asked, and how often. */
export interface PlannedPlace {
  readonly provider: string;
  readonly method: string;
  /** `https://api.example.com/v1/me`; where a secret stands in the path, its placeholder. */
  readonly address: string;
  readonly headers: readonly string[];
  readonly secrets: number;
  readonly controls: number;
}

function addressOf(ask: Ask, index: number, origin: string, path: string): string {
  const request = ask.recipe.requests[index];
  if (request?.secretInPath !== true) return `${origin}${path}`;
  return `${origin}${request.url.replace(/^https:\/\/[^/]*/, "")}`;
}

/** The places that a plan asks, in the order of its secrets. Sites that are asked only after a refusal are listed, too. */
function plannedPlaces(plan: Plan, isControlled: (name: string) => boolean): readonly PlannedPlace[] {
  const places = new Map<string, { -readonly [Key in keyof PlannedPlace]: PlannedPlace[Key] }>();
  const controlled = new Set<string>();
  for (const ask of plan.asks) {
    for (const { method, origin, path, headers, index } of ask.requests) {
      const address = addressOf(ask, index, origin, path);
      const names = Object.keys(headers);
      const key = JSON.stringify([ask.rule.provider, method, address, names]);
      const place = places.get(key) ?? {
        provider: ask.rule.providerName,
        method,
        address,
        headers: names,
        secrets: 0,
        controls: 0,
      };
      place.secrets++;
      const control = controlName(ask, origin);
      if (ask.controls.has(origin) && !controlled.has(control) && !isControlled(control)) {
        controlled.add(control);
        place.controls++;
      }
      places.set(key, place);
    }
  }
  return [...places.values()];
}

const consequences = [
  "Asking tells the provider, and a proxy on the way, that you hold these keys. It may raise an alarm there, and shows in",
  "its log with your address. Nothing is changed and nothing of the answers is kept but their meaning.",
];

/** Whether the plan is about to be carried out, and which controls were passed within the last day. */
export interface DescribeOptions {
  readonly sending: boolean;
  readonly isControlled: (name: string) => boolean;
}

/** The plan in words, each line ended. */
export function describePlan(plan: Plan, { sending, isControlled }: DescribeOptions): string {
  const places = plannedPlaces(plan, isControlled);
  if (places.length === 0) return "verification: nobody needs to be asked.\n";
  const head = `verification: ${counted(plan.asks.length, "secret")} at ${counted(places.length, "place")}${sending ? "" : " would be asked about"}`;
  const lines = places.map(({ provider, method, address, headers, secrets, controls }) => {
    const what = `${counted(secrets, "secret")}${controls > 0 ? " after an impossible key" : ""}`;
    return `  ${provider}: ${method} ${address}, headers ${headers.join(", ") || "none"}: ${what}`;
  });
  return `${[head, ...lines, ...consequences].join("\n")}\n`;
}
