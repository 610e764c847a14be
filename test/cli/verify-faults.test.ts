// What goes wrong on the way to a provider: the status is unknown with its reason, and the report is whole.

import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { jsonOf, keywarden } from "../helpers/cli-run.ts";
import type { CliResult } from "../helpers/cli-run.ts";
import { selfSigned } from "../helpers/certificate.ts";
import { removeTemporary, temporaryFolder } from "../helpers/git-repo.ts";
import { keyOf, privateHome, SendGrid } from "../helpers/verify-rig.ts";

afterAll(removeTemporary);

const keys = ["one", "two", "three", "four"].map((seed) => keyOf(`fault ${seed}`));

async function scan(endpoint: string, more: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<CliResult> {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "a.env"), keys.map((key, index) => `K${index}=${key}\n`).join(""));
  const args = ["scan", ".", "--verify", "--format", "json", "--endpoint", `sendgrid=${endpoint}`, ...more];
  return keywarden(args, { cwd: folder, env: { ...privateHome().env, ...env } });
}

function reasonsOf(result: CliResult): string[] {
  const report = jsonOf(result);
  expect([report.coverage.complete, report.findings.length, report.problems]).toEqual([true, keys.length, []]);
  expect(report.findings.every(({ verification }) => verification?.status === "unknown")).toBe(true);
  return [...new Set(report.findings.map(({ verification }) => String(verification?.reason)))].toSorted();
}

/** An HTTPS provider on this machine with a certificate that held or holds between two days from now. */
async function secure(fromDays: number, untilDays: number) {
  const day = (count: number): Date => new Date(Date.now() + count * 86_400_000);
  const { cert, key } = selfSigned(day(fromDays), day(untilDays));
  const asked: string[] = [];
  const server = createTlsServer({ cert, key }, (request, response) => {
    asked.push(String(request.headers["authorization"]));
    const works = request.headers["authorization"] === `Bearer ${keys[0]}`;
    response.writeHead(works ? 200 : 401, { "content-type": "application/json" });
    response.end(JSON.stringify(works ? { scopes: [] } : { errors: [{ message: "authorization required" }] }));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const authority = join(temporaryFolder(), "authority.pem");
  writeFileSync(authority, cert);
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://localhost:${port}`,
    env: { NODE_EXTRA_CA_CERTS: authority },
    asked,
    close: () => new Promise((done) => server.close(done)),
  };
}

describe.concurrent("faults", () => {
  test.for<[string, string, readonly string[], readonly string[]]>([
    ["a name that nobody knows", "https://keywarden.invalid", [], ["dns"]],
    ["nobody listens", "http://127.0.0.1:9", [], ["connection"]],
    ["an address that is never dialled", "https://169.254.169.254", [], ["address-refused"]],
    ["a proxy that is not there", "https://api.example.com", ["--proxy", "http://127.0.0.1:9"], ["proxy"]],
  ])("%s", async ([, endpoint, more, want]) => {
    const result = await scan(endpoint, more);
    expect(reasonsOf(result).filter((reason) => reason !== "host-paused")).toEqual(want);
    expect(result.code).toBe(1);
    expect((await scan(endpoint, [...more, "--require-verify"])).code).toBe(4);
    expect((await scan(endpoint, [...more, "--fail-on", "active"])).code).toBe(0);
  });

  test("no route, or no answer", async () => {
    const reasons = reasonsOf(await scan("https://192.0.2.1"));
    expect(reasons.every((reason) => ["connection", "timeout", "host-paused"].includes(reason))).toBe(true);
  });

  test("a certificate that has expired: the keys stay here; with one that holds they are asked about", async () => {
    const [expired, valid] = await Promise.all([secure(-30, -1), secure(-1, 1)]);
    try {
      expect(reasonsOf(await scan(expired.url, [], expired.env))).toEqual(["tls"]);
      expect(expired.asked).toEqual([]);
      const report = jsonOf(await scan(valid.url, [], valid.env));
      const statuses = report.findings.map(({ verification }) => verification?.status);
      expect(statuses).toEqual(["active", "inactive", "inactive", "inactive"]);
      // Without the authority that signed it, the same certificate is nobody's.
      expect(reasonsOf(await scan(valid.url))).toEqual(["tls"]);
    } finally {
      await Promise.all([expired.close(), valid.close()]);
    }
  });

  test("a provider that goes down half-way: what was answered counts, the rest is unknown", async () => {
    const sendgrid = await SendGrid.start(...keys);
    sendgrid.before = (_, count) => (count > 2 ? { status: 503 } : undefined);
    const folder = temporaryFolder();
    writeFileSync(join(folder, "a.env"), keys.map((key, index) => `K${index}=${key}\n`).join(""));
    const result = await sendgrid.run(["scan", ".", "--verify", "--require-verify", "--format", "json"], {
      cwd: folder,
    });
    const report = jsonOf(result);
    const statuses = report.findings.map(({ verification }) => String(verification?.status)).toSorted();
    expect([statuses, report.coverage.complete]).toEqual([["active", "unknown", "unknown", "unknown"], true]);
    // One of them is proven to work: that is what the run fails for.
    expect(result.code).toBe(1);
    await sendgrid.server.close();
  });
});
