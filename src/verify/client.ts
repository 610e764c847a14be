// A rendered request in, the provider's answer or the kind of failure out. The only file that opens a connection.

import { lookup } from "node:dns/promises";
import type { LookupAddress } from "node:dns";
import { isIP } from "node:net";
import type { LookupFunction } from "node:net";
import { Agent, buildConnector, ProxyAgent } from "undici";
import type { Dispatcher } from "undici";
import { isLoopback, isOwnAddress, isPublicAddress } from "./address.ts";
import { isLoopbackHost } from "./endpoint.ts";
import { failureOf } from "./failure.ts";
import type { Failure } from "./failure.ts";
import type { Answer } from "./judge.ts";
import type { RenderedRequest } from "./recipe.ts";

/** Bounds of one request, in milliseconds and bytes. */
export interface ClientLimits {
  readonly connectMs: number;
  readonly totalMs: number;
  readonly bodyBytes: number;
}

/** The law's own bounds. */
const clientLimits: ClientLimits = { connectMs: 3000, totalMs: 8000, bodyBytes: 8192 };

/** How connections are made; the last two are there for tests. */
export interface ClientOptions {
  readonly userAgent: string;
  /** The user's own proxy; `HTTPS_PROXY` and its like are never looked at. */
  readonly proxy?: URL | undefined;
  /** Origins that the user named: private addresses are dialled there, and plain http on loopback. */
  readonly endpoints: ReadonlySet<string>;
  readonly limits?: ClientLimits;
  readonly resolve?: (host: string) => Promise<readonly LookupAddress[]>;
  readonly connector?: (addresses: readonly LookupAddress[], options: object) => buildConnector.connector;
}

/** What came of one request. */
export type Outcome =
  | { readonly kind: "answer"; readonly answer: Answer }
  | { readonly kind: "failed"; readonly why: Failure };

/** A refusal that is ours: the address is not to be dialled. */
class AddressRefused extends Error {
  readonly code = "KW_ADDRESS";
}

function resolveHost(host: string): Promise<LookupAddress[]> {
  return lookup(host, { all: true, order: "ipv4first" });
}

/** A look-up that knows one answer: the addresses that were checked are the ones that are dialled. */
function pinned(addresses: readonly LookupAddress[]): LookupFunction {
  const [first = { address: "", family: 4 }] = addresses;
  return (_, options, callback) => {
    if (options.all === true) callback(null, [...addresses]);
    else callback(null, first.address, first.family);
  };
}

/** Trust in certificates is not up for discussion: neither the environment nor an option turns it off. */
const tls = { rejectUnauthorized: true, minVersion: "TLSv1.2", ALPNProtocols: ["http/1.1"] } as const;

/** Sends requests, each host's name looked up once, no redirect followed, nothing about them ever written. */
export class Client {
  readonly #options: ClientOptions;
  readonly #limits: ClientLimits;
  readonly #agents = new Map<string, Promise<Dispatcher>>();
  readonly #open: Dispatcher[] = [];

  constructor(options: ClientOptions) {
    this.#options = options;
    this.#limits = options.limits ?? clientLimits;
  }

  /**
   * Sends one request, once. `wantsBody` is asked when status and headers are there; without a body the connection is
   * dropped. Never throws: what goes wrong is one word of a closed list.
   */
  async send(request: RenderedRequest, wantsBody: (head: Answer) => boolean, signal?: AbortSignal): Promise<Outcome> {
    const time = AbortSignal.timeout(this.#limits.totalMs);
    const ends = signal === undefined ? time : AbortSignal.any([time, signal]);
    const over = whenAborted(ends);
    try {
      // Neither looking a name up nor a proxy's answer has a time-out of its own, and undici heeds a signal only once it
      // is connected; a request that was given up is then not sent any more.
      const agent = await Promise.race([this.#agentFor(request.origin), over]);
      const answer = await Promise.race([this.#exchange(agent, request, { wantsBody, signal: ends }), over]);
      return { kind: "answer", answer };
    } catch (error) {
      const aborted = signal?.aborted === true ? "interrupted" : time.aborted ? "timeout" : undefined;
      return { kind: "failed", why: aborted ?? failureOf(error, this.#options.proxy !== undefined) };
    }
  }

  /** Closes every connection. */
  async close(): Promise<void> {
    // Those whose names are still looked up have no connections yet.
    await Promise.all(this.#open.splice(0).map((agent) => agent.destroy()));
  }

  #agentFor(origin: string): Promise<Dispatcher> {
    const known = this.#agents.get(origin);
    if (known !== undefined) return known;
    const made = this.#makeAgent(origin).then((agent) => {
      this.#open.push(agent);
      return agent;
    });
    this.#agents.set(origin, made);
    return made;
  }

  async #makeAgent(origin: string): Promise<Dispatcher> {
    const { proxy, connector } = this.#options;
    const common = { connections: 2, pipelining: 0, allowH2: false } as const;
    const timeouts = { headersTimeout: this.#limits.totalMs, bodyTimeout: this.#limits.totalMs, maxHeaderSize: 32_768 };
    if (proxy !== undefined && !isLoopbackHost(new URL(origin).hostname)) {
      // The proxy looks the name up; only names that are compiled in, or that the user gave, ever get here. What runs on
      // this machine is not asked through it: the proxy's own loopback is another one.
      const connect = { timeout: this.#limits.connectMs };
      return new ProxyAgent({
        ...common,
        ...timeouts,
        uri: proxy.href,
        requestTls: { ...tls, ...connect },
        proxyTls: { ...tls, ...connect },
        connect,
      });
    }
    const addresses = await this.#addressesOf(origin);
    const options = { ...tls, timeout: this.#limits.connectMs, lookup: pinned(addresses), autoSelectFamily: true };
    const connect = connector?.(addresses, options) ?? buildConnector(options);
    return new Agent({ ...common, ...timeouts, connect });
  }

  /** All addresses of a host, every one of them checked: one that is refused spoils the others. */
  async #addressesOf(origin: string): Promise<readonly LookupAddress[]> {
    const host = new URL(origin).hostname.replace(/^\[|\]$/g, "");
    const family = isIP(host);
    const isOwn = this.#options.endpoints.has(origin);
    // Plain http is for one's own machine alone, whatever its name says.
    const mayDial = isOwn ? (origin.startsWith("http:") ? isLoopback : isOwnAddress) : isPublicAddress;
    const resolve = this.#options.resolve ?? resolveHost;
    const addresses = family === 0 ? await resolve(host) : [{ address: host, family }];
    if (addresses.length === 0 || !addresses.every(({ address }) => mayDial(address))) throw new AddressRefused();
    return addresses;
  }

  async #exchange(
    agent: Dispatcher,
    request: RenderedRequest,
    how: { readonly wantsBody: (head: Answer) => boolean; readonly signal: AbortSignal },
  ): Promise<Answer> {
    const { origin, path, method, body } = request;
    const response = await agent.request({
      origin,
      path,
      method,
      headers: { ...request.headers, "user-agent": this.#options.userAgent, "accept-encoding": "identity" },
      ...(body === undefined ? {} : { body }),
      signal: how.signal,
    });
    const head: Answer = { status: response.statusCode, headers: plainHeaders(response.headers) };
    // Dropping a body in mid-air is an error to the stream, and none to us.
    response.body.on("error", () => undefined);
    if (method === "HEAD" || !how.wantsBody(head)) {
      response.body.destroy();
      return head;
    }
    const bytes = await readBody(response.body, this.#limits.bodyBytes);
    return bytes === undefined ? head : { ...head, body: bytes };
  }
}

/** Fails when the signal says so; never otherwise. */
function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, fail) => {
    const end = (): void => fail(new DOMException("over", "AbortError"));
    if (signal.aborted) end();
    else signal.addEventListener("abort", end, { once: true });
  });
}

function plainHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) plain[name.toLowerCase()] = Array.isArray(value) ? value.join(", ") : value;
  }
  return plain;
}

/** The whole body, or undefined where it is longer than the limit. */
async function readBody(
  stream: AsyncIterable<Buffer> & { destroy(): unknown },
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  const portions: Buffer[] = [];
  let length = 0;
  for await (const portion of stream) {
    length += portion.length;
    if (length > maxBytes) {
      stream.destroy();
      return undefined;
    }
    portions.push(portion);
  }
  return Buffer.concat(portions);
}
