// A server on the loopback interface that answers as a provider would, or as badly as one can; it keeps what it was asked.

import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";

/** What arrived. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Everything of the request that may hold a secret, with base64 in headers decoded beside it. */
  readonly text: string;
}

/** An answer; an object is sent as JSON. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | object;
}

/** An answer, or what is done to the connection instead. */
export type Behaviour = Reply | ((response: ServerResponse, socket: Socket) => void);

/** A running server. */
export interface ProviderServer {
  readonly url: string;
  readonly asked: readonly Asked[];
  /** Forgets what it was asked, and answers so from now on. */
  answer(behave: (asked: Asked) => Behaviour): void;
  close(): Promise<void>;
}

async function readAll(request: IncomingMessage): Promise<Asked> {
  const portions: Buffer[] = [];
  for await (const portion of request) portions.push(portion as Buffer);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) headers[name] = String(value);
  const body = Buffer.concat(portions).toString("latin1");
  const encoded = /^(?:Basic|Bearer) (.+)$/.exec(headers["authorization"] ?? "")?.[1] ?? "";
  const decoded = Buffer.from(encoded.replace(/^ozp_/, ""), "base64").toString("latin1");
  const path = request.url ?? "";
  const text = [path, ...Object.values(headers), body, decoded].join("\n");
  return { method: request.method ?? "", path, headers, body, text };
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  const isJson = typeof body === "object" && !(body instanceof Uint8Array);
  response.writeHead(status, { ...(isJson ? { "content-type": "application/json; charset=utf-8" } : {}), ...headers });
  response.end(isJson ? JSON.stringify(body) : body);
}

/** Starts one on a free port. Without `answer`, it says 500 to everything. */
export async function startProvider(): Promise<ProviderServer> {
  const asked: Asked[] = [];
  let behave: (asked: Asked) => Behaviour = () => ({ status: 500 });
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    void readAll(request).then((one) => {
      asked.push(one);
      const behaviour = behave(one);
      if (typeof behaviour === "function") behaviour(response, request.socket);
      else send(response, behaviour);
    });
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    answer(next) {
      asked.length = 0;
      behave = next;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
