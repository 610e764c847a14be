// A world of GitHub → a server on the loopback interface that answers for it, and the same without a socket.

import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { Cut } from "./github-world.ts";
import type { GithubWorld, WorldAnswer } from "./github-world.ts";

/** A running server. */
export interface GithubServer {
  /** For GITHUB_API_URL. */
  readonly url: string;
  close(): Promise<void>;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const portions: Buffer[] = [];
  for await (const portion of request) portions.push(portion as Buffer);
  const text = Buffer.concat(portions).toString("utf8");
  return text === "" ? undefined : JSON.parse(text);
}

function textOf({ body }: WorldAnswer): string | undefined {
  return body === undefined || typeof body === "string" ? body : JSON.stringify(body);
}

function headersOf({ headers, body }: WorldAnswer): Record<string, string> {
  return { ...(body === undefined ? {} : { "content-type": "application/json; charset=utf-8" }), ...headers };
}

/** Starts one on a free port; `make` gets the address that the world is to name in its links. */
export async function startGithub(make: (base: string) => GithubWorld): Promise<GithubServer & { world: GithubWorld }> {
  const sockets = new Set<Socket>();
  const holder: { world?: GithubWorld } = {};
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const world = holder.world as GithubWorld;
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      const url = new URL(request.url ?? "", world.base);
      try {
        const answer = world.answer({ method: request.method ?? "", url, headers, body });
        response.writeHead(answer.status, headersOf(answer));
        response.end(textOf(answer));
      } catch (error) {
        if (!(error instanceof Cut)) world.complaints.push(String(error));
        request.socket.destroy();
      }
    });
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const world = make(url);
  holder.world = world;
  return {
    url,
    world,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

/** The same world behind `fetch`, for thousands of runs. */
export function fetchOf(world: GithubWorld): typeof globalThis.fetch {
  return async (input, init) => {
    await Promise.resolve();
    const headers: Record<string, string> = {};
    new Headers(init?.headers).forEach((value, name) => (headers[name] = value));
    const body: unknown = typeof init?.body === "string" ? JSON.parse(init.body) : undefined;
    try {
      const url = new URL(String(input));
      const answer = world.answer({ method: init?.method ?? "GET", url, headers, body });
      return new Response(textOf(answer) ?? null, { status: answer.status, headers: headersOf(answer) });
    } catch (error) {
      if (!(error instanceof Cut)) world.complaints.push(String(error));
      throw new TypeError("fetch failed", { cause: error });
    }
  };
}
