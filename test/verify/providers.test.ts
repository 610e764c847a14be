// Every answer row of every provider, asked over real HTTP, and how the more peculiar ones are asked.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { builtInRules } from "../../src/pipeline/scan-setup.ts";
import { askAboutOne, behave, envelopeOf, keyList, providerCases, rsaKey } from "../helpers/provider-cases.ts";
import type { ProviderCase } from "../helpers/provider-cases.ts";
import { envelopes, fiveEnvelopes } from "../helpers/provider-envelopes.ts";
import { startProvider } from "../helpers/provider-server.ts";
import type { Asked, ProviderServer } from "../helpers/provider-server.ts";

let server: ProviderServer;
beforeAll(async () => {
  server = await startProvider();
});
afterAll(async () => {
  await server.close();
});

const all = providerCases();
const named = all.map((one) => ({ name: one.rule.id, one }));

const statusOf = { active: "active", inactive: "inactive", revoked: "revoked", stop: "unknown", unknown: "unknown" };

test("the five first providers and the others of the list are here", () => {
  const providers = new Set(all.map(({ rule }) => rule.provider));
  expect([...providers].toSorted()).toEqual([...Object.keys(envelopes), "gcp-service-account"].toSorted());
  expect(Object.keys(fiveEnvelopes)).toHaveLength(5);
});

describe.each(named)("$name", ({ one }) => {
  test.each(one.recipe.answers.map((answer) => ({ row: answer.row, answer })))("row $row", async ({ row, answer }) => {
    server.answer(behave(one, envelopeOf(one, row)));
    const said = await askAboutOne(one, server);
    expect([said.status, said.reason === "answer" ? said.row : undefined]).toEqual([
      statusOf[answer.means],
      answer.means === "stop" ? undefined : row,
    ]);
    const real = server.asked.filter((asked) => !one.isControl(asked));
    // One try for each site that says no; with an endpoint named, all sites are that one.
    expect(real).toHaveLength(1);
    expect(real[0]?.method).toBe(one.recipe.requests[0]?.method);
    expect(server.asked).toHaveLength("none" in one.recipe.control ? 1 : 2);
  });
});

describe("what the five providers' answers reveal, and how they are asked", () => {
  const find = (id: string): ProviderCase => all.find(({ rule }) => rule.id === id) as ProviderCase;
  const asked = (): Asked => server.asked.at(-1) as Asked;

  test.each([
    ["1000", "read"],
    ["2000", "write"],
    ["5000", "admin"],
    ["777", undefined],
  ])("Ogarni.AI: a limit of %s is the scope %s", async (limit, scope) => {
    const one = find("ogarni-ai.api-token");
    const headers = { "content-type": "application/json", "x-ratelimit-limit": limit };
    server.answer(behave(one, { status: 200, headers, body: "3" }));
    const { status, facts } = await askAboutOne(one, server);
    expect([status, facts.find(({ name }) => name === "scope")?.value]).toEqual(["active", scope]);
    expect(asked().headers["x-api-key"]).toBe(one.value);
  });

  test("Ofself: nobody's data can come back", async () => {
    const one = find("ofself.app-key");
    server.answer(behave(one, envelopeOf(one, "not-authorized")));
    await askAboutOne(one, server);
    expect(asked().headers["x-user-id"]).toBe("00000000-0000-0000-0000-000000000000");
  });

  test("Ozzie: the pair is sent in canonical base64", async () => {
    const one = find("ozzie.client-secret");
    server.answer(behave(one, envelopeOf(one, "no-such-user")));
    await askAboutOne(one, server);
    const bearer = Buffer.from(`${one.pair}:${one.value}`).toString("base64");
    expect([asked().path, asked().headers["authorization"]]).toEqual([
      "/v1/users/ozz_usr_00000000000000000000000000",
      `Bearer ${bearer}`,
    ]);
  });

  test("Ozzie: a bearer with ozp_ is tried without it, and once more as it was found", async () => {
    const one = { ...find("ozzie.bearer") };
    const asFound = { ...one, value: `ozp_${one.value}` };
    server.answer(behave(one, envelopeOf(one, "unauthorized")));
    expect((await askAboutOne(asFound, server)).status).toBe("inactive");
    const bearers = server.asked.filter((ask) => !one.isControl(ask)).map((ask) => ask.headers["authorization"]);
    expect(bearers).toEqual([`Bearer ${one.value}`, `Bearer ozp_${one.value}`]);
    server.answer((ask) =>
      envelopeOf(one, ask.headers["authorization"]?.includes("ozp_") ? "no-such-user" : "unauthorized"),
    );
    expect((await askAboutOne(asFound, server)).status).toBe("active");
    // Without ozp_ in the source there is no second try.
    server.answer(behave(one, envelopeOf(one, "unauthorized")));
    await askAboutOne(one, server);
    expect(server.asked.filter((ask) => !one.isControl(ask))).toHaveLength(1);
  });

  test("Ozzie: without its rate-limit headers it was not Ozzie", async () => {
    const one = find("ozzie.client-secret");
    for (const row of ["ok", "no-such-user", "unauthorized"]) {
      const { status, body } = envelopeOf(one, row);
      server.answer(behave(one, { status, ...(body === undefined ? {} : { body }) }));
      expect((await askAboutOne(one, server)).status).toBe("unknown");
    }
  });

  test("OCUS: 403 is revoked only where the body says so", async () => {
    const one = find("ocus.api-key");
    server.answer(behave(one, { status: 403, body: { error: "You have no permission." } }));
    expect((await askAboutOne(one, server)).status).toBe("unknown");
  });
});

describe("others", () => {
  const find = (id: string): ProviderCase => all.find(({ rule }) => rule.id === id) as ProviderCase;

  test("AWS: the secret signs and is not sent", async () => {
    const one = find("aws.key-pair");
    server.answer(behave(one, envelopeOf(one, "ok")));
    const { facts } = await askAboutOne(one, server);
    expect(server.asked.some(({ text }) => text.includes(one.value))).toBe(false);
    expect(server.asked.at(-1)?.headers["authorization"]).toMatch(
      /^AWS4-HMAC-SHA256 Credential=A[KS]IA[A-Z2-7]{16}\/\d{8}\/us-east-1\/sts\/aws4_request, SignedHeaders=host;x-amz-date, Signature=[0-9a-f]{64}$/,
    );
    expect(facts).toContainEqual({ name: "account", value: "123456789012" });
  });

  test("Google service accounts: no secret is sent", async () => {
    const one = find("gcp-service-account.key");
    server.answer(() => keyList(rsaKey().modulus));
    expect((await askAboutOne(one, server)).status).toBe("active");
    expect(server.asked.map(({ path }) => path)).toEqual([
      `/service_accounts/v1/jwk/${encodeURIComponent(one.pair ?? "")}`,
    ]);
    expect(server.asked.some(({ text }) => text.includes(one.value.slice(0, 60)))).toBe(false);
  });

  test("Google: a key whose project is gone is not called active", async () => {
    const one = find("google.api-key");
    server.answer(behave(one, envelopeOf(one, "project-gone")));
    const { status, row } = await askAboutOne(one, server);
    expect([status, row]).toEqual(["unknown", "project-gone"]);
  });

  test("reviewed POSTs are these, and no others", () => {
    const posts = builtInRules().rules.flatMap(
      ({ verify }) => verify?.requests.filter(({ method }) => method === "POST") ?? [],
    );
    expect([...new Set(posts.map(({ url }) => url))].toSorted()).toEqual([
      "https://api.eu.newrelic.com/graphql",
      "https://api.jp.newrelic.com/graphql",
      "https://api.linear.app/graphql",
      "https://api.newrelic.com/graphql",
      "https://slack.com/api/auth.test",
    ]);
  });

  // Their keys are known at one site alone, and refused at the others in the same words as a dead one.
  test.each([
    [
      "aws.key-pair",
      "sts.us-east-1.amazonaws.com sts.us-gov-west-1.amazonaws.com sts.cn-north-1.amazonaws.com.cn sts.eusc-de-east-1.amazonaws.eu",
    ],
    [
      "datadog.api-key",
      "api.datadoghq.com api.us3.datadoghq.com api.us5.datadoghq.com api.datadoghq.eu api.ap1.datadoghq.com api.ap2.datadoghq.com api.uk1.datadoghq.com api.ddog-gov.com api.us2.ddog-gov.com",
    ],
    ["new-relic.user-key", "api.newrelic.com api.eu.newrelic.com api.jp.newrelic.com"],
    ["postman.api-key", "api.getpostman.com api.eu.postman.com"],
    ["sendgrid.api-key", "api.sendgrid.com api.eu.sendgrid.com"],
    ["square.access-token", "connect.squareup.com connect.squareupsandbox.com"],
    ["terraform-cloud.token", "app.terraform.io app.eu.terraform.io"],
  ])("%s is dead only where every site of the provider says so", (id, hosts) => {
    expect(find(id).recipe.requests.map(({ url }) => new URL(url).hostname)).toEqual(hosts.split(" "));
  });

  test.each(["twilio.auth-token", "twilio.api-key-secret", "slack.bot-token"])(
    "%s: what a dead one may be besides is said",
    (id) => expect(find(id).recipe.caveat).toMatch(/region|GovSlack/),
  );

  test("only Telegram's address holds the secret", () => {
    const inPath = builtInRules().rules.filter(({ verify }) =>
      verify?.requests.some(({ secretInPath }) => secretInPath),
    );
    expect(inPath.map(({ id }) => id)).toEqual(["telegram.bot-token"]);
  });
});
