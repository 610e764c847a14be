import { describe, expect, test } from "vitest";
import { loadRegexEngine } from "../../../src/base/regex/engine.ts";
import type { EntryStore } from "../../../src/base/entry-store.ts";
import type { Finding } from "../../../src/model/finding.ts";
import type { Recipe } from "../../../src/model/recipe.ts";
import type { Rule } from "../../../src/model/rule.ts";
import { Secret } from "../../../src/model/secret.ts";
import type { Subject } from "../../../src/model/subject.ts";
import type { Verification } from "../../../src/model/verification.ts";
import { askProviders } from "../../../src/verify/ask.ts";
import { VerificationCache } from "../../../src/verify/cache.ts";
import type { Outcome } from "../../../src/verify/client.ts";
import { describePlan } from "../../../src/verify/describe.ts";
import { Pace, usualPace } from "../../../src/verify/pace.ts";
import { planVerification } from "../../../src/verify/plan.ts";
import type { Plan, PlanOptions } from "../../../src/verify/plan.ts";
import type { RenderedRequest } from "../../../src/verify/recipe.ts";
import { findingOf, fingerprintOf, occurrenceAt, ruleOf } from "../../helpers/matches.ts";

const control = "control-0000";
const acme: Recipe = {
  requests: [{ method: "GET", url: "https://api.acme.example/v1/me", headers: { "x-api-key": "{{secret}}" } }],
  answers: [
    { row: "ok", status: [200], media: "json", means: "active" },
    { row: "gone", status: [403], json: [{ path: "error", equals: "revoked" }], means: "revoked" },
    { row: "bad", status: [401], media: "json", means: "inactive" },
    { row: "locked", status: [423], media: "json", means: "stop" },
    { row: "settles-nothing", status: [409], media: "json", means: "unknown" },
  ],
  control: { secret: control },
  reveals: [{ fact: "scope", header: "x-scope", as: "words" }],
  docs: "https://acme.example/docs",
};

const acmeRule = ruleOf("acme.live-key", { verify: acme });

function answer(status: number, body: unknown = {}, headers: Record<string, string> = {}): Outcome {
  const bytes = Buffer.from(JSON.stringify(body));
  return {
    kind: "answer",
    answer: { status, headers: { "content-type": "application/json", ...headers }, body: bytes },
  };
}

/** Cache entries in memory. */
function memoryStore(): EntryStore {
  const entries = new Map<string, string>();
  return {
    read: (name: string) => entries.get(name),
    write: (name: string, text: string) => entries.set(name, text) !== undefined,
    prune: () => undefined,
  } as unknown as EntryStore;
}

interface Asked {
  readonly secret: string;
  readonly request: RenderedRequest;
  readonly at: number;
}

/** A run over some secrets, on a clock that only moves when somebody waits. */
function rig(rule: Rule = acmeRule, store?: EntryStore) {
  let now = 0;
  const asked: Asked[] = [];
  const sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  /** When nothing else happens, the clock goes on to whoever wakes next. */
  const tick = (): void => {
    sleepers.sort((a, b) => a.at - b.at);
    const next = sleepers.shift();
    now = Math.max(now, next?.at ?? now);
    next?.wake();
  };
  const cache = new VerificationCache(store, () => now);
  const options: PlanOptions = {
    budget: 25,
    isTrusted: () => true,
    endpoints: new Map(),
    controlOf: (_, { secret, pair }) => ({
      secret: new Secret(secret, "control"),
      ...(pair === undefined ? {} : { pair }),
    }),
    key: "default",
    engine: loadRegexEngine(),
    now: 0,
  };
  const plan = (secrets: readonly string[], more: Partial<PlanOptions> = {}, pairs: readonly string[] = []): Plan => {
    const findings = secrets.map((secret) =>
      findingOf(secret.replaceAll(/[^a-z2-7]/g, "x"), [occurrenceAt("a", 1)], {
        rule: rule.id,
        provider: rule.provider,
      }),
    );
    const subjects = findings.map(({ fingerprint }, index): [string, Subject[]] => [
      fingerprint,
      [{ fingerprint, rule, secret: new Secret(secrets[index] as string, "m"), pairs }],
    ]);
    return planVerification(findings, new Map(subjects), { ...options, ...more }, cache);
  };
  const ask = (given: Plan, behave: (secret: string, times: number) => Outcome, signal?: AbortSignal) => {
    const pace = new Pace({
      ...usualPace,
      intervalOf: () => 1000,
      now: () => now,
      sleep: (ms) =>
        new Promise((wake) => {
          sleepers.push({ at: now + ms, wake });
          setImmediate(() => setImmediate(tick));
        }),
    });
    const send = async (request: RenderedRequest): Promise<Outcome> => {
      const secret = Object.values(request.headers)[0] ?? "";
      const times = asked.filter((one) => one.secret === secret).length;
      asked.push({ secret, request, at: now });
      await new Promise((next) => setImmediate(next));
      return behave(secret, times);
    };
    return askProviders(given, { sender: { send }, pace, cache, now: () => now, signal });
  };
  return { plan, ask, asked, pass: (ms: number) => (now += ms) };
}

const short = (all: readonly Verification[]): string[] =>
  all.map(({ status, reason, row }) => [status, reason, row ?? ""].join(" ").trim());
const refusing = (others: (secret: string, times: number) => Outcome) => (secret: string, times: number) =>
  secret === control ? answer(401) : others(secret, times);

describe("one secret", () => {
  test.each<[string, Outcome, string]>([
    ["a row that says active", answer(200), "active answer ok"],
    ["a row that says inactive", answer(401), "inactive answer bad"],
    ["a row that says revoked", answer(403, { error: "revoked" }), "revoked answer gone"],
    ["a row that settles nothing", answer(409), "unknown answer settles-nothing"],
    ["no row", answer(403, { error: "forbidden" }), "unknown no-row"],
    ["a redirect", answer(302, {}, { location: "https://evil.example" }), "unknown redirected"],
    ["a rate limit without a row", answer(429), "unknown rate-limited"],
    ["a lock-out", answer(423), "unknown locked-out"],
    ["a server in trouble", answer(500), "unknown server-error"],
    ["a time-out", { kind: "failed", why: "timeout" }, "unknown timeout"],
    ["an unknown name", { kind: "failed", why: "dns" }, "unknown dns"],
    ["an address that is refused", { kind: "failed", why: "address-refused" }, "unknown address-refused"],
    ["a certificate that does not hold", { kind: "failed", why: "tls" }, "unknown tls"],
    ["a proxy that refuses", { kind: "failed", why: "proxy" }, "unknown proxy"],
    ["a reset, twice", { kind: "failed", why: "reset" }, "unknown connection"],
  ])("%s", async (_, outcome, want) => {
    const { plan, ask } = rig();
    expect(
      short(
        await ask(
          plan(["abcdefgh"]),
          refusing(() => outcome),
        ),
      ),
    ).toEqual([want]);
  });

  test("dates and facts come with the verdict, and a fact that holds the secret does not", async () => {
    const { plan, ask } = rig();
    const scope = (secret: string) => answer(200, {}, { "x-scope": secret === "abcdefgh" ? "read abcdefgh" : "read" });
    const said = await ask(plan(["abcdefgh", "ijklmnop"]), refusing(scope));
    expect(said.map(({ facts }) => facts)).toEqual([[], [{ name: "scope", value: "read" }]]);
    const [first] = said;
    expect(Date.parse(first?.until ?? "") - Date.parse(first?.checkedAt ?? "")).toBe(24 * 3_600_000);
  });
});

describe("the control", () => {
  test("is sent first, once, however many secrets wait for it", async () => {
    const { plan, ask, asked } = rig();
    await ask(
      plan(["abcdefgh", "bcdefghi", "cdefghij"]),
      refusing(() => answer(200)),
    );
    expect(asked.map(({ secret }) => secret)).toEqual([control, "abcdefgh", "bcdefghi", "cdefghij"]);
  });

  test.each<[string, Outcome, string]>([
    ["is accepted", answer(200), "unknown control-failed"],
    ["is answered with another row", answer(409), "unknown control-failed"],
    ["is answered with no row", answer(404), "unknown control-failed"],
    ["is redirected", answer(301), "unknown redirected"],
    ["gets no answer", { kind: "failed", why: "timeout" }, "unknown timeout"],
    ["meets a rate limit", answer(429), "unknown rate-limited"],
  ])("that %s: no secret is sent", async (_, outcome, want) => {
    const { plan, ask, asked } = rig();
    const said = await ask(plan(["abcdefgh", "bcdefghi"]), () => outcome);
    expect(new Set(short(said))).toEqual(new Set([want]));
    expect(asked.every(({ secret }) => secret === control)).toBe(true);
  });

  test("counts for a day, and is sent anew after it", async () => {
    const store = memoryStore();
    for (const [hours, want] of [
      [0, 1],
      [23, 0],
    ] as const) {
      const { plan, ask, asked, pass } = rig(acmeRule, store);
      pass(hours * 3_600_000);
      await ask(
        plan([`abcdef${hours}x`]),
        refusing(() => answer(200)),
      );
      expect([hours, asked.filter(({ secret }) => secret === control).length]).toEqual([hours, want]);
    }
    const { plan, ask, asked, pass } = rig(acmeRule, store);
    pass(25 * 3_600_000);
    await ask(
      plan(["zzzzzzzz"]),
      refusing(() => answer(200)),
    );
    expect(asked[0]?.secret).toBe(control);
  });

  test("is not sent where a failed try counts towards a lock-out; rows that need one never count then", async () => {
    const recipe: Recipe = {
      ...acme,
      control: { none: "three wrong keys lock the account" },
      answers: [{ row: "weak", status: [404], needsControl: true, means: "active" }, ...acme.answers],
    };
    const { plan, ask, asked } = rig(ruleOf("acme.live-key", { verify: recipe }));
    const said = await ask(plan(["abcdefgh", "bcdefghi"]), (secret) => answer(secret === "abcdefgh" ? 404 : 200));
    expect(short(said)).toEqual(["unknown no-row", "active answer ok"]);
    expect(asked).toHaveLength(2);
  });

  test("must be refused by the rows that the recipe names", async () => {
    const recipe: Recipe = { ...acme, control: { secret: control, rows: ["other"] } };
    const { plan, ask } = rig(ruleOf("acme.live-key", { verify: recipe }));
    expect(
      short(
        await ask(
          plan(["abcdefgh"]),
          refusing(() => answer(200)),
        ),
      ),
    ).toEqual(["unknown control-failed"]);
  });
});

describe("tries", () => {
  test.each<[string, Outcome]>([
    ["a reset", { kind: "failed", why: "reset" }],
    ["502", answer(502)],
    ["503", answer(503)],
    ["504", answer(504)],
  ])("one more after %s", async (_, outcome) => {
    const { plan, ask, asked } = rig();
    const said = await ask(
      plan(["abcdefgh"]),
      refusing((__, times) => (times === 0 ? outcome : answer(200))),
    );
    expect([short(said), asked.length]).toEqual([["active answer ok"], 3]);
  });

  test.each<[string, Outcome]>([
    ["500", answer(500)],
    ["a time-out", { kind: "failed", why: "timeout" }],
    ["401", answer(401)],
    ["429", answer(429)],
    ["a refused connection", { kind: "failed", why: "connection" }],
  ])("none after %s", async (_, outcome) => {
    const { plan, ask, asked } = rig();
    await ask(
      plan(["abcdefgh"]),
      refusing(() => outcome),
    );
    expect(asked).toHaveLength(2);
  });

  test("none of a POST", async () => {
    const recipe: Recipe = {
      ...acme,
      requests: [{ ...(acme.requests[0] as Recipe["requests"][0]), method: "POST", harmless: "reads" }],
    };
    const { plan, ask, asked } = rig(ruleOf("acme.live-key", { verify: recipe }));
    await ask(
      plan(["abcdefgh"]),
      refusing(() => answer(503)),
    );
    expect(asked).toHaveLength(2);
  });

  test("never more than two of one secret", async () => {
    const { plan, ask, asked } = rig();
    await ask(
      plan(["abcdefgh"]),
      refusing(() => answer(503)),
    );
    expect(asked.filter(({ secret }) => secret === "abcdefgh")).toHaveLength(2);
  });

  test("one a second at one host", async () => {
    const { plan, ask, asked } = rig();
    await ask(
      plan(["abcdefgh", "bcdefghi", "cdefghij"]),
      refusing(() => answer(200)),
    );
    const times = asked.map(({ at }) => at).toSorted((a, b) => a - b);
    expect(times.slice(1).every((at, index) => at - (times[index] as number) >= 1000)).toBe(true);
  });
});

describe("a host is left alone", () => {
  const many = ["abcdefgh", "bcdefghi", "cdefghij", "defghijk", "efghijkl", "fghijklm"];

  test("after two failures: the others are not asked", async () => {
    const { plan, ask, asked } = rig();
    const said = await ask(
      plan(many),
      refusing(() => ({ kind: "failed", why: "timeout" })),
    );
    expect(asked.length).toBeLessThanOrEqual(1 + 3);
    expect(short(said).filter((text) => text === "unknown host-paused").length).toBeGreaterThanOrEqual(3);
    expect(said.every(({ status }) => status === "unknown")).toBe(true);
  });

  test.each([
    ["a rate limit", 429],
    ["a lock-out", 423],
  ])("after %s, for the rest of the run", async (_, status) => {
    const { plan, ask, asked } = rig();
    const said = await ask(
      plan(many),
      refusing(() => answer(status)),
    );
    expect(asked.length).toBeLessThanOrEqual(1 + 2);
    expect(said.every(({ status: one }) => one === "unknown")).toBe(true);
  });

  test("until the time that it named, in later runs, too", async () => {
    const store = memoryStore();
    const one = rig(acmeRule, store);
    await one.ask(
      one.plan(["abcdefgh"]),
      refusing(() => answer(429, {}, { "retry-after": "600" })),
    );
    const two = rig(acmeRule, store);
    two.pass(300_000);
    expect(short(await two.ask(two.plan(["bcdefghi"]), () => answer(200)))).toEqual(["unknown host-paused"]);
    expect(two.asked).toEqual([]);
    const three = rig(acmeRule, store);
    three.pass(700_000);
    expect(
      short(
        await three.ask(
          three.plan(["cdefghij"]),
          refusing(() => answer(200)),
        ),
      ),
    ).toEqual(["active answer ok"]);
  });

  test("an interrupt ends it: what was not asked is unknown", async () => {
    const { plan, ask, asked } = rig();
    const controller = new AbortController();
    const said = await ask(
      plan(many),
      refusing(() => {
        controller.abort();
        return answer(200);
      }),
      controller.signal,
    );
    expect(short(said).filter((text) => text === "unknown interrupted").length).toBeGreaterThanOrEqual(3);
    expect(asked.length).toBeLessThan(5);
  });
});

describe("sites in turn", () => {
  const site = (name: string) =>
    ({ method: "GET", url: `https://${name}.acme.example/v1/me`, headers: { "x-api-key": "{{secret}}" } }) as const;
  const rule = ruleOf("acme.live-key", { verify: { ...acme, requests: [site("us"), site("eu")] } });
  const by = (us: Outcome, eu: Outcome) => {
    const hosts: string[] = [];
    const { plan, ask, asked } = rig(rule);
    const run = ask(plan(["abcdefgh"]), (secret) => {
      const host = new URL(asked.at(-1)?.request.origin ?? "").hostname;
      hosts.push(`${host} ${secret === control ? "control" : "secret"}`);
      if (secret === control) return answer(401);
      return host.startsWith("us") ? us : eu;
    });
    return run.then((said) => ({ said: short(said), hosts }));
  };

  test("inactive only after all of them, each with its control", async () => {
    const { said, hosts } = await by(answer(401), answer(401));
    expect(said).toEqual(["inactive answer bad"]);
    expect(hosts).toEqual([
      "us.acme.example control",
      "us.acme.example secret",
      "eu.acme.example control",
      "eu.acme.example secret",
    ]);
  });

  test("active at the second", async () =>
    expect((await by(answer(401), answer(200))).said).toEqual(["active answer ok"]));

  test("active at the first ends it", async () => {
    const { said, hosts } = await by(answer(200), answer(401));
    expect([said, hosts.length]).toEqual([["active answer ok"], 2]);
  });

  test("a failure at the second is no death", async () =>
    expect((await by(answer(401), answer(500))).said).toEqual(["unknown server-error"]));

  test("a failure at the first is none either", async () =>
    expect((await by(answer(500), answer(401))).said).toEqual(["unknown server-error"]));
});

describe("again", () => {
  test("a verdict of an earlier run costs no request; a failure does", async () => {
    const store = memoryStore();
    const behave = refusing((secret) => (secret === "abcdefgh" ? answer(200) : answer(500)));
    const one = rig(acmeRule, store);
    await one.ask(one.plan(["abcdefgh", "bcdefghi"]), behave);
    const two = rig(acmeRule, store);
    two.pass(60_000);
    const said = await two.ask(two.plan(["abcdefgh", "bcdefghi"]), behave);
    expect(two.asked.map(({ secret }) => secret)).toEqual(["bcdefghi"]);
    expect(short(said).toSorted()).toEqual(["active answer ok", "unknown server-error"]);
  });

  test.each<[string, Partial<PlanOptions>]>([
    ["another key of fingerprints", { key: "0a1b2c3d" }],
    ["another endpoint", { endpoints: new Map([["acme", new URL("https://own.example")]]) }],
  ])("%s asks anew", async (_, more) => {
    const store = memoryStore();
    const one = rig(acmeRule, store);
    await one.ask(
      one.plan(["abcdefgh"]),
      refusing(() => answer(200)),
    );
    const two = rig(acmeRule, store);
    two.pass(60_000);
    expect(two.plan(["abcdefgh"], more).asks).toHaveLength(1);
    expect(two.plan(["abcdefgh"]).asks).toHaveLength(0);
  });

  test("another recipe asks anew", async () => {
    const store = memoryStore();
    const one = rig(acmeRule, store);
    await one.ask(
      one.plan(["abcdefgh"]),
      refusing(() => answer(200)),
    );
    const changed = ruleOf("acme.live-key", { verify: { ...acme, docs: "https://acme.example/other" } });
    const two = rig(changed, store);
    two.pass(60_000);
    expect(two.plan(["abcdefgh"]).asks).toHaveLength(1);
  });
});

const how = (sending: boolean, passed = false) => ({ sending, isControlled: () => passed });

describe("the plan", () => {
  const settledOf = (plan: Plan): string[] => short(plan.settled);
  const paired = ruleOf("acme.live-key", {
    verify: {
      ...acme,
      requests: [{ ...(acme.requests[0] as Recipe["requests"][0]), headers: { a: "{{pair}}:{{secret}}" } }],
    },
  });

  test("25 secrets of one provider, the others wait", () => {
    const secrets = Array.from({ length: 30 }, (_, index) => `abcdefg${"abcdefghijklmnopqrstuvwxyz234567"[index]}`);
    const { plan } = rig();
    const { asks, settled } = plan(secrets);
    expect([asks.length, settledOf({ asks, settled })]).toEqual([
      25,
      Array.from({ length: 5 }, () => "skipped budget"),
    ]);
    expect(plan(secrets, { budget: 0 }).asks).toHaveLength(0);
  });

  test.each<[string, Rule, Partial<PlanOptions>, readonly string[], string]>([
    ["no recipe", ruleOf("acme.live-key"), {}, [], "unsupported no-recipe"],
    ["another provider chosen", acmeRule, { providers: ["stripe"] }, [], "skipped not-chosen"],
    ["nobody chosen", acmeRule, { providers: [] }, [], "skipped not-chosen"],
    ["a rule that is not trusted", acmeRule, { isTrusted: () => false }, [], "skipped untrusted"],
    ["no other half", paired, {}, [], "skipped pair-missing"],
    ["two other halves", paired, {}, ["a", "b"], "unknown ambiguous-pair"],
  ])("%s: %s", (_, rule, more, pairs, want) => {
    expect(settledOf(rig(rule).plan(["abcdefgh"], more, pairs))).toEqual([want]);
  });

  test("a secret with a line break is malformed", () =>
    expect(settledOf(rig().plan(["abcdefgh\nx"]))).toEqual(["skipped malformed"]));

  test("one half, wherever it stands, completes the secret", () => {
    const [ask] = rig(paired).plan(["abcdefgh"], {}, ["me"]).asks;
    expect(ask?.requests[0]?.headers).toEqual({ a: "me:abcdefgh" });
  });

  const one: Finding = findingOf("a", [occurrenceAt("a", 1)]);
  const subject = (rule: Rule, secret: string, pairs: readonly string[] = []): Subject => ({
    fingerprint: fingerprintOf("a"),
    rule,
    secret: new Secret(secret, "m"),
    pairs,
  });
  const planOf = (finding: Finding, subjects: readonly Subject[]): Plan =>
    planVerification(
      [finding],
      new Map([[finding.fingerprint, subjects]]),
      {
        budget: 9,
        isTrusted: () => true,
        endpoints: new Map(),
        controlOf: () => ({ secret: new Secret(control, "c") }),
        key: "k",
        engine: loadRegexEngine(),
        now: 0,
      },
      new VerificationCache(undefined, () => 0),
    );

  test("whose it is must be certain", () =>
    expect(settledOf(planOf({ ...one, candidates: ["acme", "other"] }, [subject(acmeRule, "abcdefgh")]))).toEqual([
      "skipped ambiguous-provider",
    ]));

  test("a value that is gone", () => expect(settledOf(planOf(one, []))).toEqual(["skipped value-gone"]));

  test("two places that name different halves are one too many", () =>
    expect(settledOf(planOf(one, [subject(paired, "abcdefgh", ["me"]), subject(paired, "abcdefgh", ["you"])]))).toEqual(
      ["unknown ambiguous-pair"],
    ));

  test("a place with the other half beside it completes one without", () =>
    expect(
      planOf(one, [subject(paired, "abcdefgh"), subject(paired, "abcdefgh", ["me"])]).asks[0]?.requests[0]?.headers,
    ).toEqual({ a: "me:abcdefgh" }));

  test("another rule that holds both halves stands in", () => {
    const both = ruleOf("acme.bearer", { verify: acme });
    expect(planOf(one, [subject(paired, "abcdefgh"), subject(both, "qrstuvwx")]).asks[0]?.requests[0]?.headers).toEqual(
      { "x-api-key": "qrstuvwx" },
    );
  });

  test("in words: hosts, paths, names of headers and counts, and no secret", () => {
    const words = describePlan(rig().plan(["abcdefgh", "bcdefghi"]), how(false));
    expect(words).toMatch(/2 secrets at 1 place would be asked about/);
    expect(words).toMatch(
      /GET https:\/\/api\.acme\.example\/v1\/me, headers x-api-key: 2 secrets after an impossible key/,
    );
    expect(words).not.toMatch(/abcdefgh|bcdefghi|control-/);
  });

  test("where the secret stands in the address, the words hold its placeholder", () => {
    const rule = ruleOf("acme.live-key", {
      verify: {
        ...acme,
        requests: [
          { method: "GET", url: "https://api.acme.example/bot{{secret}}/me", headers: {}, secretInPath: true },
        ],
      },
    });
    const words = describePlan(rig(rule).plan(["abcdefgh"]), how(true));
    expect(words).toContain("https://api.acme.example/bot{{secret}}/me");
    expect(words).not.toContain("abcdefgh");
  });

  test("a control that was passed within the day is not announced", () => {
    expect(describePlan(rig().plan(["abcdefgh"]), how(true, true))).toMatch(/: 1 secret\n/);
  });

  test("nobody to ask", () =>
    expect(describePlan({ asks: [], settled: [] }, how(true))).toMatch(/nobody needs to be asked/));
});
