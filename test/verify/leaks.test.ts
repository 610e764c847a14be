// Canary secrets through everything that verification does, and a search for them in all that it leaves behind.

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EntryStore } from "../../src/base/entry-store.ts";
import { formatNames } from "../../src/config/kinds.ts";
import type { Finding } from "../../src/model/finding.ts";
import { maskOf, Secret } from "../../src/model/secret.ts";
import { verifyFindings } from "../../src/pipeline/verify-findings.ts";
import { start } from "../helpers/cli-run.ts";
import { GitRepo, removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";
import { distinctCases, envelopeOf, fileOf, refusalRow } from "../helpers/provider-cases.ts";
import type { ProviderCase } from "../helpers/provider-cases.ts";
import { startProvider } from "../helpers/provider-server.ts";
import type { Asked, Behaviour, ProviderServer, Reply } from "../helpers/provider-server.ts";
import { privateHome } from "../helpers/verify-rig.ts";

const seed = "canary";
const cases = distinctCases(seed);

const servers = new Map<ProviderCase, ProviderServer>();
beforeAll(async () => {
  for (const one of cases) servers.set(one, await startProvider());
});
afterAll(async () => {
  await Promise.all([...servers.values()].map((server) => server.close()));
  removeTemporary();
});

/** The ways in which a text may give a secret away: as it is, percent-encoded, in hex, in base64, and each reversed. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, "latin1");
  const cores = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift, " "), bytes])
      .toString("base64")
      .slice(4, -4),
  );
  // A long one is given away by its half, too.
  const half = secret.slice(-Math.max(12, Math.ceil(secret.length / 2)));
  const forms = [secret, half, encodeURIComponent(secret), bytes.toString("hex"), ...cores];
  return [...forms, ...forms.map((form) => [...form].toReversed().join(""))].filter((form) => form.length >= 8);
}

const forms = cases.map((one) => ({ name: one.rule.id, forms: formsOf(one.value) }));

function leaksIn(text: string): string[] {
  return forms.filter((one) => one.forms.some((form) => text.includes(form))).map(({ name }) => name);
}

test("the search finds what is there", () => {
  const { value, rule } = cases[0] as ProviderCase;
  for (const text of [
    value,
    encodeURIComponent(value),
    Buffer.from(`me:${value}:x`).toString("base64"),
    [...value].toReversed().join(""),
  ]) {
    expect(leaksIn(`a${text}b`)).toEqual([rule.id]);
  }
  expect(leaksIn("nothing here")).toEqual([]);
});

function at(path: string, value: unknown): unknown {
  return path
    .split(".")
    .reduceRight<unknown>((inner, key) => (key === "0" || key === "*" ? [inner] : { [key]: inner }), value);
}

/** The answer that says most, with the secret wherever something would be read. */
function echoing(one: ProviderCase): Reply {
  const { answers, reveals } = one.recipe;
  const active = answers.find(({ means }) => means === "active");
  const reply = envelopeOf(one, active?.row ?? "");
  const headers = Object.fromEntries(
    reveals.flatMap(({ header }) => (header === undefined ? [] : [[header, one.value]])),
  );
  const bodies = reveals.flatMap(({ json }) => (json === undefined ? [] : [at(json, one.value) as object]));
  const body =
    typeof reply.body === "object" && !Array.isArray(reply.body)
      ? Object.assign({}, reply.body, ...bodies, { echo: one.value })
      : reply.body;
  return {
    ...reply,
    headers: { ...reply.headers, ...headers, "x-echo": one.value },
    ...(body === undefined ? {} : { body }),
  };
}

type Hostile = (one: ProviderCase) => Behaviour;

/** What may be done to a request besides answering it by the table. */
const hostile: Readonly<Record<string, Hostile>> = {
  "the secret in every field that is read": echoing,
  "a redirect with the key in its address": ({ value }) => ({
    status: 302,
    headers: { location: `http://127.0.0.1:9/?key=${encodeURIComponent(value)}` },
  }),
  "HTML with the key": ({ value }) => ({
    status: 200,
    headers: { "content-type": "text/html" },
    body: `<p>${value}</p>`,
  }),
  "an empty body": () => ({ status: 200 }),
  "a megabyte of the key": ({ value }) => ({
    status: 200,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(value.repeat(Math.ceil(1e6 / value.length))),
  }),
  "invalid UTF-8": ({ value }) => ({
    status: 401,
    headers: { "content-type": "application/json" },
    body: Buffer.concat([Buffer.from(value), Buffer.from([0xff])]),
  }),
  "another envelope": ({ value }) => ({ status: 401, body: { message: value, error: [value] } }),
  "a reset half-way":
    ({ value }) =>
    (response, socket) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": "9999" });
      response.write(`{"a":"${value}"`, () => setTimeout(() => socket.resetAndDestroy(), 10));
    },
  "no HTTP":
    ({ value }) =>
    (_, socket) =>
      void socket.end(`${value}\r\n${value}\r\n\r\n`),
  "a header without end":
    ({ value }) =>
    (_, socket) =>
      void socket.end(`HTTP/1.1 200 OK\r\nx: ${value.repeat(2000)}\r\n\r\n`),
  "a rate limit": ({ value }) => ({
    status: 429,
    headers: { "retry-after": "60", "x-echo": value },
    body: { error: value },
  }),
  "a server in trouble": ({ value }) => ({ status: 503, body: { error: value } }),
};

const rowsOf = (one: ProviderCase): readonly string[] => one.recipe.answers.map(({ row }) => row);
const mostRows = Math.max(...cases.map((one) => rowsOf(one).length));

/** Row after row, and then what is worse; the n-th of every provider. */
const scenes: readonly (readonly [name: string, Hostile])[] = [
  ...Array.from({ length: mostRows }, (_, index): [string, Hostile] => [
    `row ${index + 1} of the table`,
    (one) => envelopeOf(one, rowsOf(one)[index % rowsOf(one).length] as string),
  ]),
  ...Object.entries(hostile),
  ["the control accepted", echoing],
];

function setTheScene(index: number): void {
  const [name, behaviour] = scenes[index % scenes.length] as (typeof scenes)[number];
  for (const [one, server] of servers) {
    const refused = name !== "the control accepted";
    server.answer((asked: Asked) =>
      one.isControl(asked) && refused ? envelopeOf(one, refusalRow(one)) : behaviour(one),
    );
  }
}

function filesBelow(folder: string): string {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.name}\n${readFileSync(join(entry.parentPath, entry.name), "latin1")}`)
    .join("\n");
}

describe("inside, every answer to every provider", () => {
  test.each(scenes.map(([name], index) => ({ name, index })))("$name", async ({ index }) => {
    setTheScene(index);
    const folder = join(temporaryFolder(), "verify");
    const plans: string[] = [];
    const named = cases.map((one, place) => ({ one, fingerprint: `kf1:${place}` }));
    const said = await verifyFindings(
      named.map(({ one: { rule }, fingerprint }): Finding => ({
        fingerprint,
        rule: rule.id,
        provider: rule.provider,
        severity: rule.severity,
        confidence: rule.confidence,
        secret: new Secret("", maskOf("", 1)),
        facts: [],
        occurrences: [],
      })),
      new Map(
        named.map(({ one: { rule, value, pair }, fingerprint }) => [
          fingerprint,
          [
            {
              fingerprint,
              rule,
              secret: new Secret(value, maskOf("", value.length)),
              pairs: pair === undefined ? [] : [pair],
            },
          ],
        ]),
      ),
      "default",
      {
        budget: 99,
        // One server for each provider: the first of its kinds speaks for all.
        endpoints: new Map([...servers].toReversed().map(([{ rule }, { url }]) => [rule.provider, new URL(url)])),
        store: new EntryStore({ folder, maxEntries: 999, maxEntryBytes: 16_384 }),
        isTrusted: () => true,
        refused: false,
        planOnly: false,
        onPlan: (words) => plans.push(words),
      },
    );
    expect(said).toHaveLength(cases.length);
    const shown = [JSON.stringify(said), inspect(said, { depth: 9, showHidden: true }), plans.join("")];
    expect(leaksIn(shown.join("\n"))).toEqual([]);
    mkdirSync(folder, { recursive: true });
    expect(leaksIn(filesBelow(folder))).toEqual([]);
  });
});

/** Arguments and environment of a process and of all it started, while it runs (Linux; elsewhere nothing). */
function watch(pid: number | undefined): () => string {
  const seen = new Set<string>();
  const look = (one: string): void => {
    try {
      for (const file of ["cmdline", "environ"]) seen.add(readFileSync(`/proc/${one}/${file}`, "latin1"));
      const children = readFileSync(`/proc/${one}/task/${one}/children`, "latin1").split(" ");
      for (const child of children.filter((text) => text.trim() !== "")) look(child);
    } catch {
      return; // gone, or no such files here
    }
  };
  const timer = setInterval(() => look(String(pid)), 10);
  return () => {
    clearInterval(timer);
    return [...seen].join("\n");
  };
}

/** Every canary in a file of its own, with the other half beside it. */
function plant(folder: string): void {
  for (const one of cases) writeFileSync(join(folder, `${one.rule.id}.txt`), fileOf(one, seed));
}

/** Those who hold canaries, and the command that looks there. */
const homes: Readonly<Record<string, () => { readonly folder: string; readonly args: readonly string[] }>> = {
  scan: () => {
    const folder = temporaryFolder();
    plant(folder);
    return { folder, args: ["scan", "."] };
  },
  // Half of them in files that are gone, half in messages.
  audit: () => {
    const repo = GitRepo.create();
    for (const [index, one] of cases.entries())
      if (index % 2 === 0) repo.write(`${one.rule.id}.txt`, fileOf(one, seed));
    repo.commit("in");
    repo.git("rm", "-qr", ".");
    repo.commit("out");
    for (const [index, one] of cases.entries()) if (index % 2 === 1) repo.commit(`in\n\n${fileOf(one, seed)}`);
    return { folder: repo.dir, args: ["audit", "."] };
  },
};

describe("as a process", () => {
  // Rows that settle something, the worst answers, and a provider that accepts everything.
  const indexes = [0, 1, mostRows, mostRows + 4, mostRows + 7, scenes.length - 1];
  const runs = [
    ...indexes.map((index) => ({ command: "scan", name: scenes[index]?.[0], index })),
    ...[0, mostRows].map((index) => ({ command: "audit", name: scenes[index]?.[0], index })),
  ];
  test.each(runs)(
    "$command, $name: streams, reports, caches, arguments and environment hold no secret",
    async ({ command, index }) => {
      setTheScene(index);
      const { folder, args: looking } = (homes[command] as (typeof homes)[string])();
      const home = privateHome();
      const reports = temporaryFolder();
      const formats = formatNames.flatMap((format) => ["--format", format, "--output", join(reports, format)]);
      const endpoints = [...servers]
        .toReversed()
        .flatMap(([{ rule }, { url }]) => ["--endpoint", `${rule.provider}=${url}`]);
      const args = [
        ...looking,
        "-v",
        "--verify",
        "--verify-budget",
        "99",
        "--min-confidence",
        "low",
        ...formats,
        ...endpoints,
      ];
      const run = start([...args, "--format", "terminal"], { cwd: folder, env: home.env });
      const stop = watch(run.child.pid);
      const { code, stdout, stderr } = await run.result;
      const processes = stop();
      expect([0, 1]).toContain(code);
      const asked = [...servers.values()].filter((server) => server.asked.length > 0).length;
      expect(asked).toBeGreaterThan(30);
      if (process.platform === "linux") expect(processes).toContain("--verify-budget");
      expect(leaksIn([stdout, stderr, processes].join("\n"))).toEqual([]);
      // The search would find them: they are what was sent; after an accepted control, only where there is none.
      const sent = [...servers.values()].flatMap((server) => server.asked.map(({ text }) => text)).join("\n");
      if (index < scenes.length - 1) expect(leaksIn(sent).length).toBeGreaterThan(25);
      else expect(leaksIn(sent).length).toBeLessThan(3);
      expect(leaksIn(filesBelow(reports))).toEqual([]);
      expect(leaksIn(filesBelow(home.cache))).toEqual([]);
    },
  );
});
