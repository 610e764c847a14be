// A plan, day by day → the truth about each credential, and what a run at a moment would observe of it.

import { addDays } from "../../src/base/days.ts";
import type { DeclaredCredential, Exemption, Inventory, Observation } from "../../src/model/rotation.ts";
import { emptyInventory, fp } from "./rotation-rig.ts";
import type { Happening, PlannedCredential } from "./rotation-plan.ts";

interface TrueValue {
  readonly name: string;
  alive: boolean;
  readonly paths: string[];
}

/** One credential as it really is. */
export class TrueCredential {
  readonly id: string;
  readonly kind: PlannedCredential["kind"];
  readonly values: TrueValue[] = [];
  rotated: string | undefined;
  exemptUntil: string | undefined;
  isMuted = false;
  /** What people do at the command line; done again the next day if that run died. */
  readonly pending = new Set<"attest" | "check">();
  readonly #name: string;

  constructor(index: number, kind: PlannedCredential["kind"]) {
    this.kind = kind;
    this.#name = [...index.toString(26).padStart(4, "0")].map((digit) => letterOf(digit)).join("");
    this.#add();
    // Eight characters are the whole of what tells these fingerprints apart.
    this.id = kind === "found" ? `bolt-${this.value.name.slice(0, 8)}` : `c-${this.#name}`;
    if (kind === "found") this.value.paths.push("p");
  }

  /** The one in use. */
  get value(): TrueValue {
    return this.values.at(-1) as TrueValue;
  }

  #add(): void {
    const number = [...this.values.length.toString(26).padStart(4, "0")].map((digit) => letterOf(digit)).join("");
    this.values.push({ name: `${this.#name}${number}`, alive: true, paths: [] });
  }

  /** Values that keywarden can know: of a dated one, only that which its entry lists. */
  get visible(): readonly TrueValue[] {
    return this.kind === "dated" ? this.values.slice(0, 1) : this.values;
  }

  happen({ what, much }: Happening, today: string): void {
    const one = this.values[much % this.values.length] as TrueValue;
    const leaked = this.visible.filter(({ paths }) => paths.length > 0);
    if (what === "rotate" && this.kind !== "found") {
      this.#add();
      if (this.kind === "dated") this.rotated = today;
    }
    if (what === "kill") for (const value of this.values.slice(0, -1)) value.alive = false;
    if (what === "kill-all") for (const value of this.values) value.alive = false;
    if (what === "leak" && this.kind !== "found")
      (this.kind === "dated" ? this.values[0]! : this.value).paths.push("p");
    if (what === "spread") leaked[much % leaked.length]?.paths.push(`p${much}`);
    if (what === "revive") one.alive = true;
    if (what === "mute") this.isMuted = !this.isMuted;
    if (what === "exempt" && this.kind !== "found") this.exemptUntil = addDays(today, much);
    if (what === "attest" || what === "check") this.pending.add(what);
  }

  declared(created: string): DeclaredCredential | undefined {
    if (this.kind === "found") return undefined;
    const common = { id: this.id, provider: "bolt", fingerprints: [fp(this.values[0]!.name)] };
    if (this.kind === "watched") return { ...common, keptIn: { env: this.id }, fingerprints: [] };
    return { ...common, keptIn: {}, created, ...(this.rotated === undefined ? {} : { rotated: this.rotated }) };
  }

  /** What a run sees of its variable. */
  watch(at: string): readonly Observation[] {
    return this.kind === "watched" ? [{ kind: "watch", env: this.id, fingerprint: fp(this.value.name), at }] : [];
  }

  /** What an audit sees of it: where it stands in code, and what the provider says of what stands there. */
  audit(at: { readonly scan: string; readonly verify: string }): readonly Observation[] {
    const seen: Observation[] = [];
    for (const value of this.visible) {
      if (value.paths.length === 0) continue;
      const fingerprint = fp(value.name);
      const places = value.paths.map((path) => ({ path, line: 1 }));
      const rest = { provider: "bolt", rule: "bolt.key", severity: "high", mayBeOlder: true } as const;
      seen.push({ kind: "finding", fingerprint, places, ...rest, at: at.scan });
      seen.push({ kind: "verification", fingerprint, status: this.#status(value), at: at.verify });
    }
    return seen;
  }

  #status({ alive }: TrueValue): "unknown" | "active" | "inactive" {
    if (this.isMuted) return "unknown";
    return alive ? "active" : "inactive";
  }

  /** What somebody who asks the provider about the replaced values hears. */
  check(at: string): readonly Observation[] {
    const old = this.kind === "watched" ? this.values.slice(0, -1) : [];
    return old.map((value) => ({
      kind: "verification",
      fingerprint: fp(value.name),
      status: this.#status(value),
      at,
    }));
  }
}

/** Digits are no letters of a fingerprint. */
function letterOf(digit: string): string {
  return /\d/.test(digit) ? ("qrstuvwxyz"[Number(digit)] as string) : digit;
}

/** What people have written down by now. */
export function inventoryOf(credentials: readonly TrueCredential[], created: string): Inventory {
  const declared = credentials.map((one) => one.declared(created)).filter((one) => one !== undefined);
  const exemptions: Exemption[] = credentials.flatMap(({ id, exemptUntil }) =>
    exemptUntil === undefined ? [] : [{ credential: id, reason: "sunset", until: exemptUntil }],
  );
  return { ...emptyInventory, credentials: declared, exemptions };
}
