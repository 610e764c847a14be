// Real git repositories over real HTTP on the loopback interface: git's own http-backend behind node:http.

import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gitTestEnv } from "./git-repo.ts";

/** What a server asks of those who come, and what it does to them. */
export interface GitServerOptions {
  /** `user:password` that is asked for; absent: everybody may read. */
  readonly login?: string;
  /** Sends everybody there instead. */
  readonly redirect?: string;
  /** Sends so much of a pack and then nothing more, until it is closed. */
  readonly stallAfterBytes?: number;
}

/** A server for the repositories below `root`. */
export interface GitServer {
  readonly url: string;
  readonly port: number;
  /** What came in the Authorization header, in order; `-` where there was none. */
  readonly logins: readonly string[];
  close(): void;
}

function loginOf(request: IncomingMessage): string {
  const value = request.headers.authorization ?? "";
  return value.startsWith("Basic ") ? Buffer.from(value.slice(6), "base64").toString("utf8") : "-";
}

function backend(root: string, request: IncomingMessage, response: ServerResponse, stall: number): void {
  const [path = "", query = ""] = (request.url ?? "").split("?");
  const child = spawn("git", ["http-backend"], {
    env: {
      ...gitTestEnv,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: decodeURIComponent(path),
      QUERY_STRING: query,
      REQUEST_METHOD: request.method ?? "GET",
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
      GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
      REMOTE_ADDR: "127.0.0.1",
    },
    stdio: ["pipe", "pipe", "ignore"],
  });
  child.stdin.on("error", () => undefined);
  request.pipe(child.stdin);
  let held = Buffer.alloc(0);
  let sent = -1;
  child.stdout.on("data", (chunk: Buffer) => {
    if (sent >= 0) return void send(chunk);
    held = Buffer.concat([held, chunk]);
    const end = held.indexOf("\r\n\r\n");
    if (end < 0) return;
    for (const line of held.toString("latin1", 0, end).split("\r\n")) {
      const [name = "", value = ""] = line.split(": ");
      if (name === "Status") response.statusCode = Number.parseInt(value, 10);
      else response.setHeader(name, value);
    }
    sent = 0;
    send(held.subarray(end + 4));
  });
  const isPack = path.endsWith("/git-upload-pack") && request.method === "POST";
  function send(chunk: Buffer): void {
    if (isPack && sent > stall) return;
    sent += chunk.length;
    response.write(isPack ? chunk.subarray(0, Math.max(0, stall - (sent - chunk.length))) : chunk);
  }
  child.stdout.on("end", () => {
    if (!isPack || sent <= stall) response.end();
  });
}

/** Starts a server; `close` ends it and every connection. */
export async function startGitServer(root: string, options: GitServerOptions = {}): Promise<GitServer> {
  const logins: string[] = [];
  const server: Server = createServer((request, response) => {
    logins.push(loginOf(request));
    if (options.redirect !== undefined) {
      response.writeHead(302, { location: options.redirect + (request.url ?? "") }).end();
    } else if (options.login !== undefined && loginOf(request) !== options.login) {
      response.writeHead(401, { "www-authenticate": 'Basic realm="test"' }).end();
    } else backend(root, request, response, options.stallAfterBytes ?? Number.POSITIVE_INFINITY);
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    logins,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
