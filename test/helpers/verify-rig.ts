// A provider on the loopback interface and a private home in, runs of the command line that ask it out.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { keywarden } from "./cli-run.ts";
import type { CliOptions, CliResult } from "./cli-run.ts";
import { tokenOf } from "./cli-tokens.ts";
import { temporaryFolder } from "./git-repo.ts";
import { startProvider } from "./provider-server.ts";
import type { Asked, ProviderServer, Reply } from "./provider-server.ts";

/** The folders of a user that no other test sees. */
export function privateHome(): { readonly env: NodeJS.ProcessEnv; readonly config: string; readonly cache: string } {
  const home = temporaryFolder();
  const [config, cache] = [join(home, "config"), join(home, "cache")];
  mkdirSync(join(config, "keywarden"), { recursive: true });
  return { env: { XDG_CONFIG_HOME: config, XDG_CACHE_HOME: cache }, config: join(config, "keywarden"), cache };
}

/** A SendGrid key: its rule needs no word beside it, and its recipe no other half. */
export function keyOf(seed: string): string {
  return tokenOf("sendgrid.api-key", seed);
}

const refusal: Reply = { status: 401, body: { errors: [{ field: null, message: "authorization required" }] } };

/** SendGrid, for which the keys in `live` work and no others. */
export class SendGrid {
  readonly server: ProviderServer;
  readonly home = privateHome();
  /** Asked before every answer; what it gives takes the answer's place. */
  before: (asked: Asked, count: number) => Reply | undefined = () => undefined;

  private constructor(server: ProviderServer, live: () => readonly string[]) {
    this.server = server;
    server.answer((asked) => {
      const instead = this.before(asked, server.asked.length);
      const works = live().some((key) => asked.headers["authorization"] === `Bearer ${key}`);
      return instead ?? (works ? { status: 200, body: { scopes: ["mail.send"] } } : refusal);
    });
  }

  static async start(...live: readonly string[]): Promise<SendGrid> {
    return new SendGrid(await startProvider(), () => live);
  }

  /** The keys that it was asked about, controls left out. */
  keys(): string[] {
    return this.server.asked
      .map(({ headers }) => (headers["authorization"] ?? "").slice("Bearer ".length))
      .filter((key) => !/^SG\.0{22}\./.test(key));
  }

  /** Runs keywarden with this one in SendGrid's place. */
  run(
    args: readonly string[],
    options: Omit<CliOptions, "env"> & { readonly env?: NodeJS.ProcessEnv },
  ): Promise<CliResult> {
    const env = { ...this.home.env, ...options.env };
    return keywarden([...args, "--endpoint", `sendgrid=${this.server.url}`], { ...options, env });
  }
}

const forbid = `data:text/javascript,${encodeURIComponent(`
  import net from "node:net"; import dns from "node:dns"; import dnsPromises from "node:dns/promises";
  import { syncBuiltinESMExports } from "node:module";
  const stop = () => process.exit(99);
  net.Socket.prototype.connect = stop; net.connect = stop; net.createConnection = stop;
  dns.lookup = stop; dnsPromises.lookup = stop; dns.promises.lookup = stop; globalThis.fetch = stop;
  syncBuiltinESMExports();
`)}`;

/** The environment of a run that ends with the code 99 when anything opens a socket or looks a name up. */
export const noNetwork: NodeJS.ProcessEnv = { NODE_OPTIONS: `--import=${forbid}` };
