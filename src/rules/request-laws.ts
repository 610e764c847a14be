// One request of a recipe → the laws that it breaks: where it may go, and what may stand in its address and headers.

import { UsageError } from "../errors.ts";
import type { Fault } from "./compile.ts";
import type { RequestEntry, VerifyEntry } from "./schema-verify.ts";
import { pieceAt } from "./template.ts";

/** Headers that the client writes by itself, or that would carry state. */
const ownHeaders = new Set([
  "host",
  "user-agent",
  "content-length",
  "connection",
  "transfer-encoding",
  "te",
  "upgrade",
  "cookie",
  "proxy-authorization",
  "accept-encoding",
]);

/** A public DNS name: two labels at least, the last one of letters, none that stands for a private net. */
const hostName = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}$/;
const privateHost = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home|corp|private|test|invalid|onion|arpa)$/;

/** Names of the placeholders in a text, those inside of {{base64(...)}} too. Throws UsageError for one without end. */
function placeholders(text: string): string[] {
  const names: string[] = [];
  for (let at = 0; at < text.length;) {
    const piece = pieceAt(text, at);
    if (piece === undefined) {
      at++;
      continue;
    }
    if (piece.name === "base64") names.push(...placeholders(piece.args));
    else names.push(piece.args === "" ? piece.name : `${piece.name}(…)`);
    at = piece.end;
  }
  return names;
}

/** The laws, with paths inside of the request. */
export function requestFaults(request: RequestEntry, verify: VerifyEntry): Fault[] {
  const faults: Fault[] = [];
  const fault = (path: readonly PropertyKey[], message: string): void => void faults.push({ path, message });
  const known = new Set(["secret", "pair", ...Object.keys(verify.parts ?? {})]);
  for (const message of urlFaults(request, verify)) fault(["url"], message);
  for (const [header, value] of Object.entries(request.headers ?? {})) {
    if (ownHeaders.has(header)) fault(["headers", header], `the header ${header} is not for a recipe to set`);
    if (!/^[\x20-\x7e]+$/.test(value)) fault(["headers", header], "a header is one line of printable ASCII");
    const unknown = safely(() => placeholders(value).find((name) => !known.has(name)));
    if (unknown !== undefined) fault(["headers", header], `there is no placeholder {{${unknown}}} here`);
  }
  if (request.method === "POST" && request.harmless === undefined)
    fault(["method"], "a POST needs harmless: why it changes nothing at the provider");
  if (request.method !== "POST" && (request.body !== undefined || request.harmless !== undefined))
    fault(["method"], "body and harmless belong to a POST");
  if (request.body !== undefined && safely(() => placeholders(request.body ?? "")[0]) !== undefined)
    fault(["body"], "a body is literal: placeholders stand in headers");
  return faults;
}

/** What is wrong with a template counts as an unknown placeholder. */
function safely(find: () => string | undefined): string | undefined {
  try {
    return find();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return error.message;
  }
}

function urlFaults(request: RequestEntry, verify: VerifyEntry): string[] {
  const faults: string[] = [];
  const parts = /^https:\/\/([^/?#]*)(\/[^?#]*)(?:\?([^#]*))?$/.exec(request.url);
  if (parts === null) return ["write https://, a host and a path, and no fragment"];
  const [, host = "", path = "", query = ""] = parts;
  if (host === "{{host}}") {
    if (verify.host === undefined) faults.push("{{host}} needs host: the endings that it may have");
  } else if (!hostName.test(host) || privateHost.test(host)) {
    faults.push("the host must be a public name, written out: no address, port, user or placeholder");
  } else if (verify.host !== undefined) faults.push("the recipe has host, but this address does not use {{host}}");
  if (!/^[A-Za-z0-9\-._~!$&'()*+,;=:@/{}]*$/.test(path) || path.includes("..") || path.includes("//"))
    faults.push("the path must be plain: no escapes, no dots, no double slash");
  const isPublic = (name: string): boolean => verify.parts?.[name]?.public === true;
  const wrong = safely(() =>
    placeholders(path).find((name) => !isPublic(name) && !(name === "secret" && request["secret-in-path"] === true)),
  );
  if (wrong !== undefined) faults.push(`{{${wrong}}} may not stand in an address: only parts that are public`);
  if (safely(() => placeholders(query)[0]) !== undefined) faults.push("the query is literal: no placeholders");
  return faults;
}
