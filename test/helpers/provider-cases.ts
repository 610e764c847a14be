// Every rule with a recipe → a made-up credential of it, and a way to ask a server on the loopback interface about it.

import { generateKeyPairSync } from "node:crypto";
import { loadRegexEngine } from "../../src/base/regex/engine.ts";
import type { Finding } from "../../src/model/finding.ts";
import type { Recipe } from "../../src/model/recipe.ts";
import type { Rule } from "../../src/model/rule.ts";
import { maskOf, Secret } from "../../src/model/secret.ts";
import type { Verification } from "../../src/model/verification.ts";
import { builtInRules } from "../../src/pipeline/scan-setup.ts";
import { verifyFindings } from "../../src/pipeline/verify-findings.ts";
import { controlValues } from "../../src/rules/control.ts";
import { expandTemplate } from "../../src/rules/samples.ts";
import { envelopes } from "./provider-envelopes.ts";
import type { Asked, Behaviour, Reply } from "./provider-server.ts";

const { rules } = builtInRules();

/** One credential to ask about. */
export interface ProviderCase {
  readonly rule: Rule;
  readonly recipe: Recipe;
  readonly value: string;
  readonly pair?: string;
  /** Is this the impossible key? */
  isControl(asked: Asked): boolean;
}

function secretIn(rule: Rule, seed: string): string {
  const text = Buffer.from(expandTemplate(rule.examples.match[0] ?? "", `${rule.id} ${seed}`), "utf8").toString(
    "latin1",
  );
  const found = loadRegexEngine().compile(rule.pattern).find(text, 0, false)?.groups["secret"];
  if (found === undefined) throw new Error(`${rule.id}: its example holds no secret`);
  return text.slice(found.start, found.end);
}

/** What is written before a half that the example does not hold. */
const halfNames: Readonly<Record<string, string>> = {
  aws: "AWS_ACCESS_KEY_ID=",
  twilio: "TWILIO_SID=",
  shopify: "SHOP=",
  databricks: "DATABRICKS_HOST=https://",
  grafana: "GRAFANA_URL=https://",
};

/** A file in which the credential stands, with its other half in the same block; the seed must be the case's own. */
export function fileOf({ rule, pair }: ProviderCase, seed = "one"): string {
  if (rule.provider === "gcp-service-account") return keyFile(pair ?? "");
  const text = expandTemplate(rule.examples.match[0] ?? "", `${rule.id} ${seed}`);
  const name = halfNames[rule.provider];
  const needsHalf = pair !== undefined && name !== undefined && rule.id !== "aws.key-pair";
  return needsHalf ? `${text}\n${name}${pair}\n` : `${text}\n`;
}

/** A key file as Google hands it out. */
function keyFile(email: string): string {
  const dashes = "-".repeat(5);
  const body = rsaKey().body.replaceAll(/.{1,64}/g, "$&\n");
  const key = `${dashes}BEGIN PRIVATE KEY${dashes}\n${body}${dashes}END PRIVATE KEY${dashes}\n`;
  const fields = { type: "service_account", private_key_id: "0123456789abcdef".repeat(3).slice(0, 40) };
  return JSON.stringify({ ...fields, private_key: key, client_email: email }, undefined, 2);
}

let rsa: { readonly body: string; readonly modulus: string } | undefined;

/** A real RSA key, made now: the body of its PEM, and its public modulus. */
export function rsaKey(): { readonly body: string; readonly modulus: string } {
  if (rsa === undefined) {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const pem = privateKey.export({ type: "pkcs8", format: "pem" }) as string;
    const body = pem.replaceAll(/-----[^-]+-----|\s/g, "");
    rsa = { body, modulus: String(privateKey.export({ format: "jwk" }).n) };
  }
  return rsa;
}

function caseOf(rule: Rule, seed: string): ProviderCase {
  const recipe = rule.verify as Recipe;
  const half = rules.find(({ id }) => id === rule.pair?.with);
  const pair = half === undefined ? undefined : secretIn(half, seed);
  const control = "none" in recipe.control ? undefined : controlValues(rule.id, recipe.control);
  return {
    rule,
    recipe,
    value: rule.id === "gcp-service-account.key" ? rsaKey().body : secretIn(rule, seed),
    ...(pair === undefined ? {} : { pair }),
    isControl: ({ text }) =>
      control !== undefined &&
      [control.secret, control.pair].some((value) => value !== undefined && text.includes(value)),
  };
}

/** One case for each rule that has a recipe; another seed gives other credentials. */
export function providerCases(seed = "one"): readonly ProviderCase[] {
  return rules.filter(({ verify }) => verify !== undefined).map((rule) => caseOf(rule, seed));
}

/** One rule for each different recipe, as kinds of one provider share theirs. */
export function distinctCases(seed = "one"): readonly ProviderCase[] {
  const seen = new Set<string>();
  return providerCases(seed).filter(({ recipe, rule }) => {
    const name = `${rule.provider} ${JSON.stringify([recipe.requests, recipe.answers])}`;
    return !seen.has(name) && seen.add(name);
  });
}

/** How one question is put. */
export interface Asking {
  readonly url: string;
  readonly signal?: AbortSignal;
}

function findingOf({ rule }: ProviderCase, fingerprint: string): Finding {
  return {
    fingerprint,
    rule: rule.id,
    provider: rule.provider,
    severity: rule.severity,
    confidence: rule.confidence,
    secret: new Secret("", maskOf("", 1)),
    facts: [],
    occurrences: [],
  };
}

/** Asks the server at `url`, in the provider's place, about each case in turn, in one run and without a cache. */
export function askAbout(cases: readonly ProviderCase[], asking: Asking): Promise<readonly Verification[]> {
  const named = cases.map((one, index) => ({ one, fingerprint: `kf1:${index}` }));
  const subjects = named.map(({ one, fingerprint }) => {
    const { rule, value, pair } = one;
    const secret = new Secret(value, maskOf("", value.length));
    return [fingerprint, [{ fingerprint, rule, secret, pairs: pair === undefined ? [] : [pair] }]] as const;
  });
  return verifyFindings(
    named.map(({ one, fingerprint }) => findingOf(one, fingerprint)),
    new Map(subjects),
    "test",
    {
      budget: 25,
      endpoints: new Map(cases.map(({ rule }) => [rule.provider, new URL(asking.url)])),
      isTrusted: () => true,
      refused: false,
      planOnly: false,
      onPlan: () => undefined,
      ...(asking.signal === undefined ? {} : { signal: asking.signal }),
    },
  );
}

/** Asks about one. */
export async function askAboutOne(one: ProviderCase, asking: Asking): Promise<Verification> {
  const [verification] = await askAbout([one], asking);
  if (verification === undefined) throw new Error("no verification came back");
  return verification;
}

/** The row with which the provider refuses its control. */
export function refusalRow({ recipe }: ProviderCase): string {
  const { control, answers } = recipe;
  const named = "none" in control ? undefined : control.rows?.[0];
  return named ?? answers.find(({ means }) => means === "inactive")?.row ?? "";
}

/** The list of public keys of a Google service account, in which a key is or is not. */
export function keyList(modulus: string): Reply {
  const other = "x".repeat(342);
  const key = (n: string): object => ({ kty: "RSA", alg: "RS256", use: "sig", e: "AQAB", kid: "0", n });
  return { status: 200, body: { keys: [key(other), key(modulus)] } };
}

/** What the provider sends when a row of its table is meant. */
export function envelopeOf({ rule }: ProviderCase, row: string): Reply {
  if (rule.provider === "gcp-service-account") return keyList(row === "listed" ? rsaKey().modulus : "y".repeat(342));
  const reply = envelopes[rule.provider]?.[row];
  if (reply === undefined) throw new Error(`no envelope of ${rule.provider} for the row ${row}`);
  return reply;
}

/** The control is refused as it should be; the real key gets `behaviour`. */
export function behave(one: ProviderCase, behaviour: Behaviour): (asked: Asked) => Behaviour {
  return (asked) => (one.isControl(asked) ? envelopeOf(one, refusalRow(one)) : behaviour);
}
