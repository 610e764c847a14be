// One credential of a run in, its next entry in the ledger and everything that its reminder is made from out.

import { defined } from "../base/defined.ts";
import { dayOfInstant } from "../base/days.ts";
import type {
  DeclaredCredential,
  Exemption,
  Instant,
  Inventory,
  KnownFingerprint,
  Ledger,
  LedgerCredential,
  Observation,
} from "../model/rotation.ts";
import type { Severity } from "../model/rule.ts";
import { ageOf } from "./age.ts";
import type { Assignment } from "./assign.ts";
import { beginsAnew, hearCloses, type EarlyCloses } from "./cycle.ts";
import { observe, type Knowledge } from "./observe.ts";
import { policyOf } from "./policy.ts";
import type { Decided } from "./remind.ts";
import { ruleOf, worse, type RuleIndex } from "./rules.ts";
import { uniteValues } from "./sight.ts";
import { stateOf, type Standing } from "./state.ts";
import { isClosing, isOpen, stepOf } from "./steps.ts";
import { currentOf, sortValues, type Values } from "./values.ts";

/** What all credentials of a run are settled from. */
interface RunInput {
  readonly inventory: Inventory;
  readonly ledger: Ledger;
  readonly assignment: Assignment;
  readonly rules: RuleIndex;
  readonly now: Instant;
}

/** A run's input, by credential. */
export interface Run extends RunInput {
  readonly ids: ReadonlySet<string>;
  readonly entries: ReadonlyMap<string, LedgerCredential>;
  readonly declared: ReadonlyMap<string, DeclaredCredential>;
  /** The one that ends last, where a credential has several. */
  readonly exemptions: ReadonlyMap<string, Exemption>;
  /** Values as they belong now, after those of found credentials went to the declared ones that list them. */
  readonly values: ReadonlyMap<string, Values>;
  /** Found credentials that lost their last value to a declared one. */
  readonly movedTo: ReadonlyMap<string, string>;
}

interface Moved {
  readonly values: ReadonlyMap<string, Values>;
  readonly movedTo: ReadonlyMap<string, string>;
}

function moveValues({ ledger, assignment }: RunInput, declared: Run["declared"]): Moved {
  const values = new Map<string, Map<string, KnownFingerprint>>();
  const movedTo = new Map<string, string>();
  const put = (id: string, value: KnownFingerprint): void => {
    const known = values.get(id) ?? new Map<string, KnownFingerprint>();
    const same = known.get(value.fingerprint);
    values.set(id, known.set(value.fingerprint, same === undefined ? value : uniteValues(same, value)));
  };
  for (const { id, fingerprints } of ledger.credentials) {
    let target: string | undefined;
    for (const value of fingerprints) {
      const claim = declared.has(id) ? undefined : assignment.claims.get(value.fingerprint);
      put(claim ?? id, value);
      target = claim;
    }
    if (target !== undefined && !values.has(id)) movedTo.set(id, target);
  }
  return { values, movedTo };
}

/** Sorts a run's input by credential, so that each is settled in time that does not depend on the others. */
export function prepare(input: RunInput): Run {
  const { inventory, ledger, assignment } = input;
  const declared = new Map(inventory.credentials.map((credential) => [credential.id, credential]));
  const entries = new Map(ledger.credentials.map((entry) => [entry.id, entry]));
  const exemptions = new Map<string, Exemption>();
  for (const exemption of inventory.exemptions) {
    const other = exemptions.get(exemption.credential);
    if (other === undefined || other.until < exemption.until) exemptions.set(exemption.credential, exemption);
  }
  const ids = new Set([...declared.keys(), ...entries.keys(), ...assignment.found.keys()]);
  return { ...input, ids, entries, declared, exemptions, ...moveValues(input, declared) };
}

/** What its findings say of a credential, the first rule and the worst severity, and what was known before. */
function identify(
  { assignment, declared, entries }: Run,
  id: string,
  observations: readonly Observation[],
): Pick<LedgerCredential, "provider" | "rule" | "severity"> {
  const before = entries.get(id);
  const findings = observations.filter((one) => one.kind === "finding");
  const severity = findings.reduce<Severity | undefined>((worst, one) => worse(worst, one.severity), before?.severity);
  return {
    provider: declared.get(id)?.provider ?? before?.provider ?? assignment.found.get(id) ?? "",
    ...defined({ rule: before?.rule ?? findings[0]?.rule, severity }),
  };
}

interface Cycle extends EarlyCloses {
  readonly cycle: number;
  readonly begun: Instant;
}

/**
 * A new cycle begins with news, when something is due again after its reminder was closed, and when an open one has
 * another deadline: its steps count anew, and a step that was told of the old deadline is to be told again.
 */
function cycleOf(run: Run, before: LedgerCredential | undefined, news: boolean, { state, due }: Standing): Cycle {
  if (before === undefined) return { cycle: 1, begun: run.now };
  const wasTold = isOpen(state) && before.step !== undefined;
  const returns = wasTold && isClosing(before.step);
  const moves = wasTold && isOpen(before.state) && before.due !== due;
  if (news || returns || moves) return { cycle: before.cycle + 1, begun: run.now };
  const { cycle, begun, closedAt, snoozedUntil, closedEarly } = before;
  return { cycle, begun, ...defined({ closedAt, snoozedUntil, closedEarly }) };
}

/** The step that the ledger remembers: while a close is respected the old one; none where nobody was ever reminded. */
function rememberedStep(
  before: string | undefined,
  step: string,
  { state }: Standing,
  isSnoozed: boolean,
): string | undefined {
  if (isSnoozed) return before;
  return isOpen(state) || before !== undefined ? step : undefined;
}

interface Judged {
  readonly decided: Omit<Decided, "entry" | "step">;
  readonly knowledge: Knowledge;
  readonly news: boolean;
  readonly base: Pick<LedgerCredential, "provider" | "rule" | "severity" | "age">;
}

function judge(run: Run, id: string): Judged {
  const { inventory, now, rules } = run;
  const before = run.entries.get(id);
  const declared = run.declared.get(id);
  const observations = run.assignment.observations.get(id) ?? [];
  const values: Values = run.values.get(id) ?? new Map();
  const knowledge = observe(before, values, observations, declared !== undefined);
  const known: Values = new Map(before?.fingerprints.map((value) => [value.fingerprint, value]));
  const news = before !== undefined && beginsAnew(known, knowledge.values);
  const named = identify(run, id, observations);
  const rule = ruleOf(rules, named.provider, named.rule);
  const severity = declared?.severity ?? named.severity ?? rule?.severity ?? "medium";
  const paths = [...knowledge.values.values()].flatMap(({ places = [] }) => places.map(({ path }) => path));
  const subject = {
    provider: named.provider,
    severity,
    environment: declared?.environment,
    policy: declared?.policy,
    paths,
  };
  const policy = policyOf(subject, inventory.policies, rule);
  const age = ageOf({ declared, knowledge, remembered: before?.age, today: dayOfInstant(now) });
  const standing = stateOf({
    declared: declared !== undefined,
    moved: takenOverBy(run, id, knowledge) !== undefined,
    knowledge,
    age,
    policy,
    exemption: run.exemptions.get(id),
    before: news ? undefined : before,
    now,
  });
  return { decided: { standing, declared, policy, rule, severity }, knowledge, news, base: { ...named, age } };
}

function takenOverBy(run: Run, id: string, { values }: Knowledge): string | undefined {
  if (run.declared.has(id) || values.size > 0) return undefined;
  return run.movedTo.get(id) ?? run.entries.get(id)?.movedTo;
}

/** Decides one credential: where it stands, in which cycle, at which step. */
export function settle(run: Run, id: string): Decided {
  const { now } = run;
  const before = run.entries.get(id);
  const { decided, knowledge, news, base } = judge(run, id);
  const { standing, policy } = decided;
  const { state, due } = standing;
  const open = isOpen(state);
  const { cycle, begun, ...early } = cycleOf(run, before, news, standing);
  const closes = open ? hearCloses(early, knowledge.closes, { begun, now }) : early;
  const { closedEarly = 0, snoozedUntil } = closes;
  const isSnoozed = open && snoozedUntil !== undefined && now < snoozedUntil;
  const step = stepOf(standing, { policy, closedEarly, now });
  const isSame = before?.state === state && before.cycle === cycle;
  const { attestation, rotatedAt, storedAt, issue, values } = knowledge;
  // One copy without what is absent: spreading several parts takes a third of a run's time.
  const entry: LedgerCredential = defined({
    id,
    provider: base.provider,
    rule: base.rule,
    severity: base.severity,
    declared: decided.declared !== undefined,
    state,
    since: isSame ? before.since : now,
    cycle,
    begun,
    due,
    age: base.age,
    current: currentOf(values)?.fingerprint,
    fingerprints: sortValues(values),
    step: rememberedStep(before?.step, step, standing, isSnoozed),
    closedAt: closes.closedAt,
    snoozedUntil,
    closedEarly: closes.closedEarly,
    issue,
    attestation,
    rotatedAt,
    storedAt,
    movedTo: takenOverBy(run, id, knowledge),
  });
  return { ...decided, entry, step: isSnoozed ? (before?.step ?? step) : entry.step === undefined ? state : step };
}
