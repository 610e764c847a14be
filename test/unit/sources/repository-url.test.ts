// URLs of repositories: what git is given, what is shown, and everything that is refused.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SourceError } from "../../../src/errors.ts";
import {
  hasScheme,
  isRepositoryUrl,
  parseRepositoryUrl,
  withoutCredentials,
} from "../../../src/sources/repository-url.ts";

describe("is taken for a URL", () => {
  it.each<[text: string, isUrl: boolean, scheme: boolean]>([
    ["https://host/a", true, true],
    ["HTTPS://host/a", true, true],
    ["ext::sh -c x", true, true],
    ["git@host:a/b.git", true, false],
    ["host:a", true, false],
    ["[::1]:a", true, false],
    ["C:\\repos\\a", false, false],
    ["C:/repos/a", false, false],
    [".", false, false],
    ["./a:b", false, false],
    ["a/b:c", false, false],
    ["/srv/a:b", false, false],
    ["a", false, false],
    ["", false, false],
  ])("%j: %s", (text, isUrl, scheme) => {
    expect([isRepositoryUrl(text), hasScheme(text)]).toEqual([isUrl, scheme]);
  });
});

describe("a URL", () => {
  it.each<[text: string, want: object]>([
    [
      "https://host/team/a.git",
      { protocol: "https", url: "https://host/team/a.git", shown: "https://host/team/a.git" },
    ],
    ["https://host:8443/a", { protocol: "https", url: "https://host:8443/a", shown: "https://host:8443/a" }],
    [
      "https://ann:p%40ss%2Fw@host/a",
      { protocol: "https", url: "https://host/a", shown: "https://host/a", user: "ann", password: "p@ss/w" },
    ],
    ["https://tok@host/a", { protocol: "https", url: "https://host/a", shown: "https://host/a", user: "tok" }],
    [
      "https://:pw@host/a",
      { protocol: "https", url: "https://host/a", shown: "https://host/a", user: "", password: "pw" },
    ],
    ["http://127.0.0.1:81/a", { protocol: "http", url: "http://127.0.0.1:81/a", shown: "http://127.0.0.1:81/a" }],
    ["http://[::1]/a", { protocol: "http", url: "http://[::1]/a", shown: "http://[::1]/a" }],
    ["ssh://git@host:22/a", { protocol: "ssh", url: "ssh://git@host:22/a", shown: "ssh://host:22/a" }],
    ["ssh://host/~ann/a", { protocol: "ssh", url: "ssh://host/~ann/a", shown: "ssh://host/~ann/a" }],
    ["git@host:team/a.git", { protocol: "ssh", url: "git@host:team/a.git", shown: "host:team/a.git" }],
    ["host:a", { protocol: "ssh", url: "host:a", shown: "host:a" }],
    ["file:///srv/a%20b", { protocol: "file", url: "file:///srv/a%20b", shown: "file:///srv/a%20b" }],
  ])("%s", (text, want) => {
    expect(parseRepositoryUrl(text)).toEqual(want);
  });

  it.each<[text: string, says: RegExp]>([
    ["ext::sh -c touch% /tmp/x", /ext:: runs a program/],
    ["fd::17", /fd:: runs a program/],
    ["https::https://host/a", /https:: runs a program/],
    ["git://host/a", /does not speak git:/],
    ["ftp://host/a", /does not speak ftp:/],
    ["git+ssh://host/a", /does not speak git\+ssh:/],
    ["http://host/a", /in the clear/],
    ["http://127.0.0.1.evil.example/a", /in the clear/],
    ["http://localhost.evil.example/a", /in the clear/],
    ["https://host/a?b=c", /no \? and no #/],
    ["https://host/a#b", /no \? and no #/],
    ["https://ho st/a", /not a URL/],
    ["https://host/a\nb", /control characters/],
    ["https://host/a%0ab", /control characters/],
    ["https://ann:p%0Aw@host/a", /control characters/],
    ["https://ann%00:x@host/a", /control characters/],
    ["https://ann:%ff@host/a", /not encoded well/],
    ["ssh://-oProxyCommand=x/a", /not a host for ssh/],
    ["ssh://-a@host/a", /not a host for ssh/],
    ["ssh://ann:pw@host/a", /no password/],
    ["ssh://host", /names no repository/],
    ["git@host:-x", /may not start with -/],
    ["file://host/a", /three slashes/],
    ["ann:pw@host:a", /not a URL/],
    ["https:/ann:pw@host/a", /not a URL/],
  ])("%j is refused", (text, says) => {
    expect(() => parseRepositoryUrl(text)).toThrow(says);
    expect(() => parseRepositoryUrl(text)).toThrow(SourceError);
  });

  it("never shows what stands before the @, whatever else is wrong with it", () => {
    const part = fc.string({ unit: fc.constantFrom(..."abcXYZ019-._~!$&'()*+,;=%4"), minLength: 6, maxLength: 12 });
    const scheme = fc.constantFrom("https://", "http://", "ssh://", "git://", "file://", "https:/", "x://", "");
    const rest = fc.constantFrom("host/a", "host/a?b", "127.0.0.1/a", "host:a", "ho st/a", "host/%0a");
    fc.assert(
      fc.property(scheme, part, part, rest, (start, user, password, end) => {
        const text = `${start}Zu${user}:Zp${password}@${end}`;
        let shown = withoutCredentials(text);
        try {
          shown += ` ${parseRepositoryUrl(text).shown}`;
        } catch (error) {
          const { message, hint } = error as SourceError;
          shown += ` ${message} ${hint}`;
        }
        expect(shown).not.toContain(`Zp${password}`);
        expect(shown).not.toContain(`Zu${user}`);
      }),
    );
  });

  it.each([
    ["my@folder", "my@folder"],
    ["https:/ann:pw@host/a", "https:/…@host/a"],
    ["ann:pw@host", "…@host"],
  ])("%s shows as %s", (text, want) => {
    expect(withoutCredentials(text)).toBe(want);
  });
});
