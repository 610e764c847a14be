import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect, createServer as createNetServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { buildConnector } from "undici";
import { afterEach, describe, expect, test } from "vitest";
import { Client } from "../../src/verify/client.ts";
import type { ClientOptions } from "../../src/verify/client.ts";
import type { RenderedRequest } from "../../src/verify/recipe.ts";
import { selfSigned } from "../helpers/certificate.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

function listen(server: Server | ReturnType<typeof createNetServer>): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
  });
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((done) => server.close(done));
  });
  return new Promise((done) => server.listen(0, "127.0.0.1", () => done((server.address() as AddressInfo).port)));
}

function clientOf(origin: string, options: Partial<ClientOptions> = {}): Client {
  const client = new Client({ userAgent: "keywarden/test", endpoints: new Set([origin]), ...options });
  closers.push(() => client.close());
  return client;
}

const limits = { connectMs: 1000, totalMs: 700, bodyBytes: 8192 };
const key = ["K3", "y"].join("") + "q".repeat(20);

function requestTo(origin: string, method: RenderedRequest["method"] = "GET"): RenderedRequest {
  return { method, origin, path: "/v1/me", headers: { "x-api-key": key }, index: 0 };
}

async function answerOf(handler: Handler, options: Partial<ClientOptions> = {}, wantsBody = true) {
  const origin = `http://127.0.0.1:${await listen(createServer(handler))}`;
  return clientOf(origin, { limits, ...options }).send(requestTo(origin), () => wantsBody);
}

describe("what comes back", () => {
  test("status, headers in lower case, and the body", async () => {
    const outcome = await answerOf((_, response) => {
      response.writeHead(403, { "X-RateLimit-Limit": "5", "Content-Type": "application/json" }).end('{"a":1}');
    });
    expect(outcome).toMatchObject({ kind: "answer", answer: { status: 403, headers: { "x-ratelimit-limit": "5" } } });
    expect(outcome.kind === "answer" && Buffer.from(outcome.answer.body ?? []).toString()).toBe('{"a":1}');
  });

  test("the key, our own name and nothing else of this machine is sent", async () => {
    let seen: IncomingMessage["headers"] = {};
    await answerOf((request, response) => {
      seen = request.headers;
      response.end();
    });
    expect(Object.keys(seen).toSorted()).toEqual(["accept-encoding", "connection", "host", "user-agent", "x-api-key"]);
    expect(seen["user-agent"]).toBe("keywarden/test");
  });

  test("a body that nobody wants is not read", async () => {
    const outcome = await answerOf((_, response) => response.writeHead(200).end("x".repeat(5000)), {}, false);
    expect(outcome).toMatchObject({ kind: "answer", answer: { status: 200 } });
    expect(outcome.kind === "answer" && outcome.answer.body).toBe(undefined);
  });

  test.each([
    ["8 KiB are read", 8192, 8192],
    ["a byte more is not", 8193, undefined],
    ["10 MB are not", 10_000_000, undefined],
  ])("%s", async (_, size, want) => {
    let sent = 0;
    const outcome = await answerOf((_request, response) => {
      const portion = Buffer.alloc(Math.min(size, 16_384), 0x20);
      const push = (): void => {
        while (sent < size && !response.destroyed) {
          const next = portion.subarray(0, Math.min(portion.length, size - sent));
          sent += next.length;
          if (!response.write(next)) return void response.once("drain", push);
        }
        response.end();
      };
      push();
    });
    expect(outcome.kind === "answer" && outcome.answer.body?.length).toBe(want);
    expect(sent).toBeLessThan(9_000_000);
  });

  test("a compressed body is nobody's: it is not asked for and not unpacked", async () => {
    const outcome = await answerOf((_, response) => response.writeHead(200, { "content-encoding": "gzip" }).end("{}"));
    expect(outcome.kind === "answer" && Buffer.from(outcome.answer.body ?? []).toString()).toBe("{}");
  });
});

describe("redirects", () => {
  test.each([301, 302, 303, 307, 308])(
    "%s to another host is not followed: the key does not arrive there",
    async (status) => {
      const arrived: string[] = [];
      const other = await listen(
        createServer((request, response) => {
          arrived.push(String(request.headers["x-api-key"]));
          response.end();
        }),
      );
      const outcome = await answerOf((_, response) =>
        response.writeHead(status, { location: `http://127.0.0.1:${other}/v1/me` }).end(),
      );
      expect(outcome).toMatchObject({ kind: "answer", answer: { status } });
      expect(arrived).toEqual([]);
    },
  );
});

describe("what goes wrong is one word", () => {
  const reset: Handler = (request) => request.socket.resetAndDestroy();

  test.each<[string, Handler, string]>([
    ["reset before the answer", reset, "reset"],
    ["closed before the answer", (request) => request.socket.destroy(), "reset"],
    [
      "reset half-way",
      (request, response) => {
        response.writeHead(200, { "content-length": "100" });
        response.write('{"a":', () => setTimeout(() => request.socket.resetAndDestroy(), 20));
      },
      "reset",
    ],
    ["no answer at all", () => undefined, "timeout"],
    [
      "a byte now and then",
      (_, response) => {
        response.writeHead(200);
        const timer = setInterval(() => response.write(" "), 50);
        response.on("close", () => clearInterval(timer));
      },
      "timeout",
    ],
    [
      "headers without end",
      (request) => {
        request.socket.write("HTTP/1.1 200 OK\r\n");
        const timer = setInterval(() => request.socket.write(`x-filler: ${"y".repeat(4000)}\r\n`), 1);
        request.socket.on("close", () => clearInterval(timer));
      },
      "bad-answer",
    ],
    ["no HTTP", (request) => void request.socket.end("SSH-2.0-OpenSSH_9.6\r\n"), "bad-answer"],
  ])("%s", async (_, handler, why) => expect(await answerOf(handler)).toEqual({ kind: "failed", why }));

  test("nobody listens", async () => {
    const server = createServer();
    const port = await listen(server);
    await closers.pop()?.();
    const origin = `http://127.0.0.1:${port}`;
    expect(await clientOf(origin).send(requestTo(origin), () => true)).toEqual({ kind: "failed", why: "connection" });
  });

  test("the name is unknown", async () => {
    const resolve = () =>
      Promise.reject(Object.assign(new Error(`getaddrinfo ENOTFOUND ${key}`), { code: "ENOTFOUND" }));
    const client = clientOf("", { resolve });
    expect(await client.send(requestTo("https://api.example.com"), () => true)).toEqual({ kind: "failed", why: "dns" });
  });

  test("the name is looked up for ever", async () => {
    const client = clientOf("", { limits, resolve: () => new Promise(() => undefined) });
    const outcome = await client.send(requestTo("https://api.example.com"), () => true);
    expect(outcome).toEqual({ kind: "failed", why: "timeout" });
  });

  test("an interrupt", async () => {
    const origin = `http://127.0.0.1:${await listen(createServer(() => undefined))}`;
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    const outcome = await clientOf(origin).send(requestTo(origin), () => true, controller.signal);
    expect(outcome).toEqual({ kind: "failed", why: "interrupted" });
  });
});

describe("TLS", () => {
  test("a certificate that does not hold ends it before anything is sent, whatever the environment says", async () => {
    const day = 86_400_000;
    const seen: unknown[] = [];
    const server = createTlsServer(selfSigned(new Date(Date.now() - day), new Date(Date.now() + day)), (request) => {
      seen.push(request.headers);
    });
    const origin = `https://localhost:${await listen(server)}`;
    process.env["NODE_TLS_REJECT_UNAUTHORIZED"] = "0";
    try {
      expect(await clientOf(origin).send(requestTo(origin), () => true)).toEqual({ kind: "failed", why: "tls" });
    } finally {
      delete process.env["NODE_TLS_REJECT_UNAUTHORIZED"];
    }
    expect(seen).toEqual([]);
  });

  test("no TLS where TLS should be", async () => {
    const origin = `https://localhost:${await listen(createServer((_, response) => response.end("{}")))}`;
    expect(await clientOf(origin).send(requestTo(origin), () => true)).toEqual({ kind: "failed", why: "tls" });
  });
});

/** A server that stands for the provider, and how often somebody connected to it. */
async function witness(): Promise<{ readonly port: number; readonly connections: () => number }> {
  let connections = 0;
  const server = createServer((_, response) => response.end("{}"));
  server.on("connection", () => connections++);
  return { port: await listen(server), connections: () => connections };
}

describe("addresses", () => {
  test.each([
    ["loopback", ["127.0.0.1"]],
    ["private", ["10.0.0.1"]],
    ["link-local", ["169.254.169.254"]],
    ["carrier-grade NAT", ["100.64.0.1"]],
    ["unique local", ["fd00::1"]],
    ["IPv4-mapped", ["::ffff:127.0.0.1"]],
    ["NAT64", ["64:ff9b::7f00:1"]],
    ["this host", ["0.0.0.0"]],
    ["public and loopback together", ["93.184.215.14", "127.0.0.1"]],
    ["loopback and public together", ["127.0.0.1", "93.184.215.14"]],
    ["none", []],
  ])("a name for %s is never dialled", async (_, addresses) => {
    const { port, connections } = await witness();
    const dialled: string[] = [];
    const client = clientOf("", {
      resolve: () => Promise.resolve(addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }))),
      connector: (given, options) => {
        dialled.push(...given.map(({ address }) => address));
        return buildConnector(options);
      },
    });
    for (const scheme of ["http", "https"]) {
      const outcome = await client.send(requestTo(`${scheme}://api.example.com:${port}`), () => true);
      expect(outcome).toEqual({ kind: "failed", why: "address-refused" });
    }
    expect(dialled).toEqual([]);
    expect(connections()).toBe(0);
  });

  test.each(["http://127.0.0.1", "http://[::1]", "https://10.0.0.1", "http://0.0.0.0"])(
    "%s is refused where the user did not name it",
    async (base) => {
      const { port, connections } = await witness();
      const outcome = await clientOf("").send(requestTo(`${base}:${port}`), () => true);
      expect(outcome).toEqual({ kind: "failed", why: "address-refused" });
      expect(connections()).toBe(0);
    },
  );

  test("plain http stays on the machine, even where the user named the address", async () => {
    const origin = "http://192.168.0.1";
    expect(await clientOf(origin).send(requestTo(origin), () => true)).toEqual({
      kind: "failed",
      why: "address-refused",
    });
  });

  test("a name that answers public first and private second is looked up once, and the first is what is dialled", async () => {
    const { port, connections } = await witness();
    const answers = ["93.184.215.14", "127.0.0.1"];
    const dialled: string[] = [];
    let lookups = 0;
    const client = clientOf("", {
      resolve: () => Promise.resolve([{ address: answers[Math.min(lookups++, 1)] as string, family: 4 }]),
      // Stands for the net: what is dialled at the public address is answered here.
      connector: (given) => (_, callback) => {
        dialled.push(...given.map(({ address }) => address));
        const socket = connect(port, "127.0.0.1", () => callback(null, socket));
      },
    });
    const origin = "http://api.example.com";
    for (let times = 0; times < 3; times++) {
      expect(await client.send(requestTo(origin), () => true)).toMatchObject({ kind: "answer" });
    }
    expect(lookups).toBe(1);
    expect(new Set(dialled)).toEqual(new Set(["93.184.215.14"]));
    expect(connections()).toBe(3);
  });

  test("the look-up that undici is given knows only the addresses that were checked", async () => {
    const { port, connections } = await witness();
    const client = clientOf("", {
      resolve: () => Promise.resolve([{ address: "93.184.215.14", family: 4 }]),
      connector: (_, options) => {
        const { lookup } = options as {
          lookup: (host: string, how: object, done: (...all: unknown[]) => void) => void;
        };
        const told: unknown[] = [];
        lookup("localhost", { all: true }, (...all) => told.push(all[1]));
        lookup("localhost", {}, (...all) => told.push(all[1]));
        expect(told).toEqual([[{ address: "93.184.215.14", family: 4 }], "93.184.215.14"]);
        return (__, callback) => {
          const socket = connect(port, "127.0.0.1", () => callback(null, socket));
        };
      },
    });
    expect(await client.send(requestTo("http://api.example.com"), () => true)).toMatchObject({ kind: "answer" });
    expect(connections()).toBe(1);
  });
});

describe("a proxy", () => {
  /** Answers CONNECT as told, and notes what it was asked. */
  async function proxyOf(answer: string): Promise<{ readonly url: URL; readonly asked: string[] }> {
    const asked: string[] = [];
    const port = await listen(
      createNetServer((socket) => {
        socket.once("data", (data) => {
          asked.push(data.toString("latin1"));
          socket.end(answer);
        });
      }),
    );
    return { url: new URL(`http://127.0.0.1:${port}`), asked };
  }

  test("that refuses is the proxy's failure, and it sees no key", async () => {
    const { url, asked } = await proxyOf("HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n");
    const client = clientOf("", { proxy: url });
    expect(await client.send(requestTo("https://api.example.com"), () => true)).toEqual({
      kind: "failed",
      why: "proxy",
    });
    expect(asked.join("")).toMatch(/^CONNECT api\.example\.com:443 /);
    expect(asked.join("")).not.toContain(key);
  });

  test("that is not there", async () => {
    const { url } = await proxyOf("");
    await closers.pop()?.();
    const client = clientOf("", { proxy: url });
    expect(await client.send(requestTo("https://api.example.com"), () => true)).toEqual({
      kind: "failed",
      why: "proxy",
    });
  });

  test.each([
    ["never answers", ""],
    ["begins an answer and never ends it", "HTTP/1.1 200 Connection established\r\nvia: "],
    ["answers, and leads nowhere", "HTTP/1.1 200 Connection established\r\n\r\n"],
  ])("that %s has no more time than a provider", { timeout: 10_000 }, async (_, answer) => {
    const silent = createNetServer((socket) => socket.once("data", () => socket.write(answer)));
    const proxy = new URL(`http://127.0.0.1:${await listen(silent)}`);
    const client = clientOf("", { proxy, limits });
    const started = performance.now();
    const send = () => client.send(requestTo("https://api.example.com"), () => true);
    expect(await send()).toEqual({ kind: "failed", why: "timeout" });
    expect(performance.now() - started).toBeLessThan(5000);
    const controller = new AbortController();
    const interrupted = client.send(requestTo("https://api.example.com"), () => true, controller.signal);
    controller.abort();
    expect(await interrupted).toEqual({ kind: "failed", why: "interrupted" });
  });

  test("is not asked for what runs on this machine", async () => {
    const { url, asked } = await proxyOf("");
    expect(await answerOf((_, response) => response.end("{}"), { proxy: url })).toMatchObject({ kind: "answer" });
    expect(asked).toEqual([]);
  });

  test.each(["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "ALL_PROXY"])("named by %s is not used", async (name) => {
    const { url, asked } = await proxyOf("");
    process.env[name] = url.href;
    try {
      const outcome = await answerOf((_, response) => response.end("{}"));
      expect(outcome).toMatchObject({ kind: "answer" });
    } finally {
      delete process.env[name];
    }
    expect(asked).toEqual([]);
  });
});
