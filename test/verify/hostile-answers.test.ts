// Everything a provider, or who poses as one, may do wrong, done to every recipe: none of it is a verdict.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { askAbout, askAboutOne, behave, distinctCases, envelopeOf } from "../helpers/provider-cases.ts";
import type { ProviderCase } from "../helpers/provider-cases.ts";
import { startProvider } from "../helpers/provider-server.ts";
import type { Behaviour, ProviderServer, Reply } from "../helpers/provider-server.ts";

let server: ProviderServer;
let elsewhere: ProviderServer;
beforeAll(async () => {
  [server, elsewhere] = await Promise.all([startProvider(), startProvider()]);
});
afterAll(async () => {
  await Promise.all([server.close(), elsewhere.close()]);
});

const distinct = distinctCases();
const named = distinct.map((one) => ({ name: one.rule.id, one }));
const verdicts = new Set(["active", "inactive", "revoked"]);

/** Does something to all recipes at once, each with a server of its own. */
async function toEach<Result>(work: (one: ProviderCase, own: ProviderServer) => Promise<Result>): Promise<Result[]> {
  return Promise.all(
    distinct.map(async (one) => {
      const own = await startProvider();
      try {
        return await work(one, own);
      } finally {
        await own.close();
      }
    }),
  );
}

/** What the provider could say that a row with this status would have to look at twice. */
const wrongBodies: readonly (readonly [name: string, body: NonNullable<Reply["body"]>, type?: string])[] = [
  ["another envelope", { unexpected: [{ shape: true }], status: "fine" }],
  ["a list", [1, 2]],
  ["text", "Unauthorized", "text/plain"],
  ["HTML", "<!doctype html><title>Sign in</title>", "text/html; charset=utf-8"],
  ["JSON that breaks off", '{"error": {"code": "UNAUTH', "application/json"],
  ["invalid UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), "application/json"],
  ["nothing", ""],
];

describe.each(named)("$name, answered badly", ({ one }) => {
  const { answers } = one.recipe;
  const statuses = [...new Set(answers.filter(({ means }) => verdicts.has(means)).flatMap(({ status }) => status))];
  /** Statuses of verdicts for which the type alone is asked for: the table says no more. */
  const byType = new Set(
    answers.filter((row) => row.json === undefined && row.text === undefined).flatMap(({ status }) => status),
  );

  const wrong = wrongBodies.map(([name, body, type]) => ({ name, body, type }));

  test.each(wrong)("$name", async ({ name, body, type }) => {
    const isJson = type === "application/json" || type === undefined;
    const headers = type === undefined ? {} : { "content-type": type };
    for (const status of statuses) {
      // What the table itself takes for an answer: any JSON, or none at all.
      if (status === 204 || (byType.has(status) && isJson && name !== "nothing")) continue;
      server.answer(behave(one, { status, body, headers }));
      const said = await askAboutOne(one, server);
      expect([status, said.status]).toEqual([status, "unknown"]);
    }
  });

  test.each([301, 302, 303, 307, 308])("%i to another host: the key does not arrive there", async (status) => {
    elsewhere.answer(() => envelopeOf(one, answers[0]?.row ?? ""));
    server.answer(behave(one, { status, headers: { location: `${elsewhere.url}/take/this` }, body: {} }));
    const said = await askAboutOne(one, server);
    expect([said.status, said.reason]).toEqual(["unknown", "redirected"]);
    expect(elsewhere.asked).toEqual([]);
  });

  test("ten megabytes: no more than the first of them are read", async () => {
    const size = 10_000_000;
    const closed: Promise<number>[] = [];
    const flood =
      (status: number, type: string): Behaviour =>
      (response, socket) => {
        response.writeHead(status, { "content-type": type });
        const chunk = Buffer.alloc(64 * 1024, 0x20);
        const more = (): void => {
          while (socket.bytesWritten < size && !socket.destroyed && response.write(chunk));
          if (socket.bytesWritten >= size) response.end();
        };
        response.on("drain", more);
        closed.push(new Promise((done) => socket.once("close", () => done(socket.bytesWritten))));
        more();
      };
    for (const status of statuses) {
      if (status === 204) continue;
      server.answer(behave(one, flood(status, byType.has(status) ? "text/plain" : "application/json")));
      const said = await askAboutOne(one, server);
      expect([status, said.status]).toEqual([status, "unknown"]);
    }
    // What the kernel takes off the server's hands counts here too.
    for (const written of await Promise.all(closed)) expect(written).toBeLessThan(8_000_000);
  });

  test("a connection that breaks in the head, and in the body", async () => {
    const inHead: Behaviour = (_, socket) => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-ty");
      socket.destroy();
    };
    const inBody: Behaviour = (response, socket) => {
      response.writeHead(401, { "content-type": "text/plain", "content-length": "500" });
      response.write('{"error":"unauth', () => socket.destroy());
    };
    for (const broken of [inHead, inBody]) {
      server.answer(behave(one, broken));
      expect((await askAboutOne(one, server)).status).toBe("unknown");
      const tries = server.asked.filter((asked) => !one.isControl(asked)).length;
      expect(tries).toBeLessThanOrEqual(one.recipe.requests[0]?.method === "POST" ? 1 : 2);
    }
  });

  test.skipIf("none" in one.recipe.control)("a control that is accepted: the key is not even sent", async () => {
    const active = answers.find(({ means }) => means === "active")?.row ?? "";
    server.answer(() => envelopeOf(one, active));
    const said = await askAboutOne(one, server);
    expect([said.status, said.reason]).toEqual(["unknown", "control-failed"]);
    expect(server.asked.filter((asked) => !one.isControl(asked))).toEqual([]);
  });

  test.skipIf("none" in one.recipe.control)("a page that says 200 to everything", async () => {
    for (const reply of [
      { status: 200, body: "<html>", headers: { "content-type": "text/html" } },
      { status: 200, body: {} },
    ]) {
      server.answer(() => reply);
      expect((await askAboutOne(one, server)).reason).toBe("control-failed");
    }
  });
});

const styles: readonly (readonly [name: string, headers: Record<string, string>])[] = [
  ["no header", {}],
  ["Retry-After in seconds", { "retry-after": "2" }],
  ["Retry-After as a date", { "retry-after": "Fri, 31 Dec 2100 23:59:59 GMT" }],
  ["X-RateLimit-Reset", { "x-ratelimit-reset": "4102444800" }],
  ["X-RateLimit-Reset-After", { "x-ratelimit-reset-after": "1.5" }],
  ["RateLimit-Reset", { "ratelimit-reset": "30" }],
  ["nonsense", { "retry-after": "soon", "x-ratelimit-reset": "-1" }],
];

test.each(styles)("429 with %s: the host is left alone", async (_, headers) => {
  const others = new Map(distinctCases("two").map((other) => [other.rule.id, other]));
  const third = new Map(distinctCases("three").map((other) => [other.rule.id, other]));
  const outcomes = await toEach(async (one, own) => {
    own.answer(behave(one, { status: 429, headers, body: "slow down" }));
    const cases = [one, others.get(one.rule.id), third.get(one.rule.id)] as ProviderCase[];
    const said = await askAbout(cases, own);
    const real = own.asked.filter((asked) => !one.isControl(asked)).length;
    // Two may be under way at once; the third is not sent.
    return [
      one.rule.id,
      real <= 2,
      said.every(({ status }) => status === "unknown"),
      said[2]?.reason === "host-paused",
    ];
  });
  expect(outcomes).toEqual(distinct.map(({ rule }) => [rule.id, true, true, true]));
});

test("an answer that drips in for ever ends after eight seconds", { timeout: 25_000 }, async () => {
  const drip: Behaviour = (_, socket) => {
    socket.write("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-slow: ");
    const timer = setInterval(() => socket.write("x"), 200);
    socket.once("close", () => clearInterval(timer));
  };
  const started = performance.now();
  const said = await toEach((one, own) => {
    own.answer(behave(one, drip));
    return askAboutOne(one, own);
  });
  expect(performance.now() - started).toBeLessThan(20_000);
  expect(new Set(said.map(({ status, reason }) => `${status} ${reason}`))).toEqual(new Set(["unknown timeout"]));
});
