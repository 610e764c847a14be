// A repository's URL as people type it → what git may be given and what may be shown, credentials apart from both.

import { SourceError } from "../errors.ts";

/** A URL that is safe to give to git. */
export interface RepositoryUrl {
  /** The one protocol git may speak. */
  readonly protocol: "https" | "http" | "ssh" | "file";
  /** Without user and password, but for ssh, where the user is no secret. */
  readonly url: string;
  /** For people: without user and password. */
  readonly shown: string;
  /** What stood before the @ of an http(s) URL, decoded. */
  readonly user?: string;
  readonly password?: string;
}

const forms = "Give a folder, https://host/path, ssh://host/path, user@host:path or file:///path.";

/** `user@host:path`. A host of one letter is a drive on Windows. */
const scpForm = /^(?:([A-Za-z0-9._~+-]+)@)?([A-Za-z0-9][A-Za-z0-9._-]+|\[[0-9A-Fa-f:]+\]):(?!\/\/)(.+)$/s;

/** Whether a text names a repository elsewhere: it has a scheme or a transport, or looks like `user@host:path`. */
export function isRepositoryUrl(text: string): boolean {
  return hasScheme(text) || scpForm.test(text);
}

/** Whether a text can only be a URL, never a path: `https://…`, `ext::…`. */
export function hasScheme(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9+.-]*(?::\/\/|::)/.test(text);
}

/** A text that may be a mistyped URL, without what may be credentials in it. */
export function withoutCredentials(text: string): string {
  return /:.*@/s.test(text) ? text.replace(/^([A-Za-z][A-Za-z0-9+.-]*:\/+)?.*@/s, "$1…@") : text;
}

function refused(why: string, hint: string = forms): SourceError {
  return new SourceError(why, { hint });
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "[::1]" || /^127(?:\.\d{1,3}){3}$/.test(host);
}

/** Percent-encoding taken off; line breaks and zeros would end a line of what git tells a credential helper. */
function decoded(part: string): string {
  let text: string;
  try {
    text = decodeURIComponent(part);
  } catch {
    throw refused("the user or password in the URL is not encoded well", "Write special characters as %XX.");
  }
  // oxlint-disable-next-line no-control-regex
  if (/[\0-\x1f\x7f]/.test(text)) throw refused("the user or password in the URL holds control characters");
  return text;
}

function parseWeb(url: URL): RepositoryUrl {
  const protocol = url.protocol === "https:" ? "https" : "http";
  if (protocol === "http" && !isLoopback(url.hostname)) {
    throw refused("http:// sends everything in the clear", "Use https://, or clone it yourself and audit the folder.");
  }
  const bare = `${url.protocol}//${url.host}${url.pathname}`;
  const user = decoded(url.username);
  const password = decoded(url.password);
  return {
    protocol,
    url: bare,
    shown: bare,
    ...(user === "" && password === "" ? {} : { user }),
    ...(password === "" ? {} : { password }),
  };
}

function parseSsh(url: URL): RepositoryUrl {
  if (url.password !== "") {
    throw refused("ssh takes no password in the URL", "Set up a key for it: ssh-add, or an entry in ~/.ssh/config.");
  }
  const user = decoded(url.username);
  if (!/^[A-Za-z0-9[][A-Za-z0-9.:_[\]-]*$/.test(url.host) || user.startsWith("-")) throw refused("not a host for ssh");
  if (url.pathname.length < 2) throw refused("the URL names no repository on that host");
  const rest = `${url.host}${url.pathname}`;
  return {
    protocol: "ssh",
    url: `ssh://${url.username === "" ? "" : `${url.username}@`}${rest}`,
    shown: `ssh://${rest}`,
  };
}

function parseScp(text: string): RepositoryUrl {
  const [, user, host = "", path = ""] = scpForm.exec(text) ?? [];
  // `https:/user:password@host` and `user:password@host:path` would pass for a host and a path.
  if (path.includes("@")) throw refused("not a URL that can be read", "A path with an @ in it: ssh://host/path.");
  if (path.startsWith("-") || user?.startsWith("-") === true) throw refused("a host or path may not start with -");
  return { protocol: "ssh", url: `${user === undefined ? "" : `${user}@`}${host}:${path}`, shown: `${host}:${path}` };
}

/**
 * Reads a URL. Only https and ssh are spoken, http to this machine, and file where it is typed.
 * @throws {SourceError} for every other protocol, for transport helpers (`ext::`), and for what could be read as an
 * option or a second line. Messages never hold a user or a password.
 */
export function parseRepositoryUrl(text: string): RepositoryUrl {
  // oxlint-disable-next-line no-control-regex
  if (/[\0-\x1f\x7f]|%(?:[01][0-9a-f]|7f)/i.test(text)) throw refused("a URL holds no control characters");
  const helper = /^([A-Za-z0-9+.-]+)::/.exec(text)?.[1];
  if (helper !== undefined) throw refused(`${helper}:: runs a program: keywarden does not speak to it`);
  if (!hasScheme(text)) return parseScp(text);
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw refused("not a URL that can be read");
  }
  if (url.search !== "" || url.hash !== "")
    throw refused("a repository's URL has no ? and no #", "Write them as %3F and %23.");
  switch (url.protocol) {
    case "https:":
    case "http:":
      return parseWeb(url);
    case "ssh:":
      return parseSsh(url);
    case "file:":
      if (url.host !== "") throw refused("a file URL has three slashes and no host: file:///path");
      return { protocol: "file", url: `file://${url.pathname}`, shown: `file://${url.pathname}` };
    default:
      throw refused(`keywarden does not speak ${url.protocol}//`);
  }
}
