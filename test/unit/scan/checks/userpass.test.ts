// User and password in base64: what is a pair, which half is shown, and a prefix that stands outside of the base64.

import { describe, expect, test } from "vitest";
import { splitPair, userpass } from "../../../../src/scan/checks/userpass.ts";
import { checkInput, randomText, zedToken } from "../../../helpers/scan-rig.ts";

describe("userpass", () => {
  const secret = randomText(21, 20);
  const run = (text: string, options: Record<string, unknown> = {}) =>
    userpass(checkInput(text, { groups: { secret: text } }), options);
  const pair = (user: string, password: string, kind: BufferEncoding = "base64") =>
    Buffer.from(`${user}:${password}`, "latin1").toString(kind);

  test("the user becomes a fact, the password the canonical secret", () => {
    expect(run(pair("deploy", secret))).toEqual({
      pass: true,
      facts: [{ name: "user", value: "deploy" }],
      canonical: secret,
    });
    expect(run(pair("", secret))).toEqual({ pass: true, facts: [], canonical: secret });
    expect(run(pair("deploy", `a:${secret}`))).toMatchObject({ canonical: `a:${secret}` });
  });

  test("a user that is a token itself is not shown", () => {
    for (const user of [zedToken(5), randomText(1, 32, "0123456789abcdef")]) {
      expect(run(pair(user, "x-oauth-basic"))).toEqual({ pass: true, facts: [], canonical: "x-oauth-basic" });
    }
    expect(run(pair("0b8a6ad2-1111-4222-8333-94f0d4d9a1b7", secret))).toMatchObject({ facts: [{ name: "user" }] });
  });

  test.each([
    ["no colon", Buffer.from("deploysecret").toString("base64"), {}, false],
    ["not printable", Buffer.from([0x61, 0x3a, 0x01, 0x62]).toString("base64"), {}, false],
    ["not base64", "deploy:secret", {}, false],
    ["URL alphabet", pair("de>>>???ploy", secret, "base64url"), {}, true],
    ["standard alphabet", pair("de>>>???ploy", secret), {}, true],
    ["both mixed", `${pair("de>>>???ploy", secret).replace(/[+/]/, "-")}`, {}, false],
    ["a sample", pair("user", "pass"), {}, false],
    ["a sample in capitals", pair("Aladdin", "Open Sesame"), {}, false],
    ["filler", pair("deploy", "xxxxxxxxxxxx"), {}, false],
    ["too short", pair("deploy", "abc1"), { min: 8 }, false],
    ["empty", pair("deploy", ""), {}, false],
    ["user fits", pair("client_ab12", secret), { user: "^client_[a-z0-9]{4}$" }, true],
    ["user does not fit", pair("deploy", secret), { user: "^client_[a-z0-9]{4}$" }, false],
    ["password does not fit", pair("deploy", secret), { secret: "^[0-9]+$" }, false],
  ])("%s", (_, text, options, pass) => {
    expect(run(text, options).pass).toBe(pass);
  });

  test("the prefix stands outside of the base64 and decodes to junk with a colon in it", () => {
    const prefix = ["ozp", ""].join("_");
    const body = pair("client_a9b8c7d6", secret);
    const options = { strip: prefix, user: "^client_[a-z0-9]{4,40}$" };
    // Read leniently, prefix and all, there is a colon: it must not be taken for the one of the pair.
    expect(
      Buffer.from(prefix + body, "base64")
        .toString("latin1")
        .indexOf(":"),
    ).toBe(1);
    expect(run(prefix + body, options)).toMatchObject({ pass: true, canonical: secret });
    expect(run(body, options)).toMatchObject({ pass: true, canonical: secret });
    expect(run(prefix + body, { user: "^client_[a-z0-9]{4,40}$" }).pass).toBe(false);
  });

  test.each([
    ["a:b", { user: "a", secret: "b" }],
    ["a:b:c", { user: "a", secret: "b:c" }],
    [":b", { user: "", secret: "b" }],
    ["a:", { user: "a", secret: "" }],
    ["ab", undefined],
    ["a\n:b", undefined],
  ])("splits %j", (text, parts) => {
    expect(splitPair(text)).toEqual(parts);
  });
});
