// GitHub's API for one repository, as far as the Action asks it, on the loopback interface: comments are kept, and what a
// token may do is decided here. Answers follow docs.github.com/rest.

import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { gunzipSync } from "node:zlib";

/** What the server grants, and how it misbehaves. */
export interface CommentServerOptions {
  /** `write`: everything; `read`: as a token of a fork's or Dependabot's run. */
  readonly permission?: "write" | "read";
  /** The conversation is locked. */
  readonly isLocked?: boolean;
  /** The user behind the token; absent: a workflow's own token, which may not ask who it is. */
  readonly login?: string;
  /** The pull request's newest commit, where it has gone on. */
  readonly head?: string;
  /** Answers every request so. */
  readonly broken?: 500 | 429 | 301 | "garbage" | "silence";
}

/** A comment as it is kept. */
export interface KeptComment {
  readonly id: number;
  body: string;
  readonly user: { readonly login: string; readonly type: "Bot" | "User" };
}

/** The server. */
export interface CommentServer {
  readonly url: string;
  readonly comments: KeptComment[];
  /** `METHOD path`, in order. */
  readonly requests: string[];
  /** What came in the Authorization header. */
  readonly authorizations: string[];
  /** SARIF logs that came in, with what they are about. */
  readonly uploads: { readonly commit: string; readonly ref: string; readonly sarif: string }[];
  options: CommentServerOptions;
  close(): void;
}

interface Answer {
  readonly status: number;
  readonly data?: unknown;
}

const locked: Answer = { status: 403, data: { message: "Unable to create comment because issue is locked." } };
const denied: Answer = { status: 403, data: { message: "Resource not accessible by integration" } };

async function bodyOf(request: IncomingMessage): Promise<Readonly<Record<string, string>>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  return text === "" ? {} : (JSON.parse(text) as Readonly<Record<string, string>>);
}

function commentsAnswer(
  server: CommentServer,
  route: string,
  body: Readonly<Record<string, string>>,
): Answer | undefined {
  const { comments, options } = server;
  const isReader = options.permission === "read";
  const [, page] = /^GET \/repos\/octo\/demo\/issues\/7\/comments\?per_page=100&page=(\d+)$/.exec(route) ?? [];
  if (page !== undefined) return { status: 200, data: comments.slice((Number(page) - 1) * 100, Number(page) * 100) };
  if (route === "POST /repos/octo/demo/issues/7/comments") {
    if (isReader) return denied;
    if (options.isLocked === true) return locked;
    const user = {
      login: options.login ?? "github-actions[bot]",
      type: options.login === undefined ? "Bot" : "User",
    } as const;
    comments.push({ id: 1000 + comments.length, body: body["body"] ?? "", user });
    return { status: 201, data: comments.at(-1) };
  }
  const [, method, id] = /^(PATCH|DELETE) \/repos\/octo\/demo\/issues\/comments\/(\d+)$/.exec(route) ?? [];
  if (method === undefined) return undefined;
  if (isReader) return denied;
  const at = comments.findIndex((comment) => comment.id === Number(id));
  if (at < 0) return { status: 404, data: { message: "Not Found" } };
  if (method === "DELETE") comments.splice(at, 1);
  else comments[at]!.body = body["body"] ?? "";
  return method === "DELETE" ? { status: 204 } : { status: 200, data: comments[at] };
}

function answerOf(server: CommentServer, route: string, body: Readonly<Record<string, string>>): Answer {
  const { options } = server;
  if (route === "GET /user")
    return options.login === undefined ? denied : { status: 200, data: { login: options.login } };
  if (route === "GET /repos/octo/demo/pulls/7") {
    return {
      status: 200,
      data: options.head === undefined ? { number: 7 } : { number: 7, head: { sha: options.head } },
    };
  }
  if (route === "POST /repos/octo/demo/code-scanning/sarifs") {
    if (options.permission === "read") return denied;
    const sarif = gunzipSync(Buffer.from(body["sarif"] ?? "", "base64")).toString("utf8");
    server.uploads.push({ commit: body["commit_sha"] ?? "", ref: body["ref"] ?? "", sarif });
    return { status: 202, data: { id: "1" } };
  }
  return commentsAnswer(server, route, body) ?? { status: 404, data: { message: "Not Found" } };
}

/** Starts it, with no comments. */
export async function startCommentServer(options: CommentServerOptions = {}): Promise<CommentServer> {
  const listener = createServer((request, response) => {
    const route = `${request.method} ${request.url}`;
    server.requests.push(route);
    server.authorizations.push(request.headers.authorization ?? "-");
    const { broken } = server.options;
    if (broken === "silence") return void request.socket.destroy();
    if (broken === "garbage") return void response.writeHead(200, { "content-type": "application/json" }).end("{");
    if (broken === 301) return void response.writeHead(301, { location: "/elsewhere" }).end();
    if (broken !== undefined) return void response.writeHead(broken, { "content-type": "application/json" }).end("{}");
    void bodyOf(request).then((body) => {
      const { status, data } = answerOf(server, route, body);
      response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
      response.end(data === undefined ? undefined : JSON.stringify(data));
    });
  });
  const server: CommentServer = {
    url: "",
    comments: [],
    requests: [],
    authorizations: [],
    uploads: [],
    options,
    close() {
      listener.close();
      listener.closeAllConnections();
    },
  };
  await new Promise<void>((ready) => listener.listen(0, "127.0.0.1", ready));
  return Object.assign(server, { url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}` });
}
