// From a file to a verdict, for every recipe at once: the command line scans, pairs, asks each provider and reports.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { keywarden } from "../helpers/cli-run.ts";
import type { CliResult } from "../helpers/cli-run.ts";
import { envelopeOf, fileOf, providerCases, refusalRow } from "../helpers/provider-cases.ts";
import { startProvider } from "../helpers/provider-server.ts";
import type { Asked, ProviderServer, Reply } from "../helpers/provider-server.ts";

interface Verified {
  readonly rule: string;
  readonly verification?: { readonly status: string; readonly reason: string; readonly row?: string };
}

// Browser keys are shown on request only.
const cases = providerCases().filter(({ rule }) => rule.id !== "google.browser-key");
const providers = [...new Set(cases.map(({ rule }) => rule.provider))];
let folder: string;
let server: ProviderServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "kw-verify-"));
  for (const one of cases) writeFileSync(join(folder, `${one.rule.id}.txt`), fileOf(one));
  server = await startProvider();
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** One server stands for all providers: the first step of the path says which one is meant. */
function answerAs(asked: Asked, means: "active" | "inactive"): Reply {
  const provider = asked.path.split("/")[1] ?? "";
  const own = cases.filter(({ rule }) => rule.provider === provider);
  const control = own.find((one) => one.isControl(asked));
  if (control !== undefined) return envelopeOf(control, refusalRow(control));
  const [first] = own;
  const row = first?.recipe.answers.find((answer) => answer.means === means)?.row ?? "";
  return first === undefined ? { status: 500 } : envelopeOf(first, row);
}

function scan(...more: readonly string[]): Promise<CliResult> {
  const endpoints = providers.flatMap((provider) => ["--endpoint", `${provider}=${server.url}/${provider}`]);
  return keywarden(["scan", folder, "--format", "json", "--no-cache", "--verify", ...endpoints, ...more], {
    cwd: folder,
    env: { HOME: folder, XDG_CACHE_HOME: join(folder, ".cache"), XDG_CONFIG_HOME: join(folder, ".settings") },
  });
}

function verdictsOf(result: CliResult): Map<string, string> {
  const { findings } = JSON.parse(result.stdout) as { findings: readonly Verified[] };
  return new Map(
    findings.map(({ rule, verification }) => [rule, `${verification?.status} ${verification?.reason}`] as const),
  );
}

describe("every recipe", () => {
  test.each(["active", "inactive"] as const)("%s", async (means) => {
    server.answer((asked) => answerAs(asked, means));
    const result = await scan();
    const verdicts = verdictsOf(result);
    expect(cases.map(({ rule }) => [rule.id, verdicts.get(rule.id)])).toEqual(
      cases.map(({ rule }) => [rule.id, `${means} answer`]),
    );
    // Nobody but the provider learns the secret.
    const shown = result.stdout + result.stderr;
    expect(cases.filter(({ value }) => shown.includes(value)).map(({ rule }) => rule.id)).toEqual([]);
  });

  test("only asked about with --verify, and with --plan by nobody", async () => {
    server.answer((asked) => answerAs(asked, "active"));
    const result = await scan("--plan");
    expect(result.code).not.toBe(2);
    expect(server.asked).toEqual([]);
  });
});
