// `PROVIDER=URL` in, the provider and the address that stands in for its own out.

import { UsageError } from "../errors.ts";

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Is this host the machine itself, by its name? */
export function isLoopbackHost(hostname: string): boolean {
  return loopback.test(hostname);
}

/** Judges an address that the user gives for a provider or a proxy. `what` names it in messages, never its value. */
function addressOf(text: string, what: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new UsageError(`${what} is no address`, { hint: "Write it as https://host or https://host:port/path." });
  }
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopbackHost(url.hostname))) {
    throw new UsageError(`${what} must begin with https://`, {
      hint: "Plain http is allowed for 127.0.0.1, [::1] and localhost alone.",
    });
  }
  return url;
}

/** Reads an endpoint. Throws UsageError for an unknown provider, or an address that keys must not be sent to. */
export function parseEndpoint(provider: string, address: string, known: ReadonlySet<string>): URL {
  const what = `the endpoint of ${provider}`;
  if (!known.has(provider)) {
    throw new UsageError(`no provider called ${provider} can be verified`, {
      hint: "docs/verification-providers.md lists those that can.",
    });
  }
  const url = addressOf(address, what);
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new UsageError(`${what} must be a plain address`, { hint: "No user, password, query or fragment." });
  }
  return url;
}

/** Reads `PROVIDER=URL`. */
export function splitEndpoint(text: string): readonly [provider: string, address: string] {
  const equals = text.indexOf("=");
  if (equals < 1)
    throw new UsageError("--endpoint needs PROVIDER=URL", { hint: "--endpoint gitlab=https://gitlab.example.org" });
  return [text.slice(0, equals).trim(), text.slice(equals + 1).trim()];
}

/** Reads the address of a proxy; plain http is usual there, since the key passes through it encrypted. */
export function parseProxy(text: string): URL {
  let url: URL | undefined;
  try {
    url = new URL(text);
  } catch {
    url = undefined;
  }
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw new UsageError("--proxy needs an address", { hint: "--proxy http://proxy.example.org:3128" });
  }
  return url;
}
