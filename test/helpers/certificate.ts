// A name and a span of time in, a self-signed certificate with its key out (RFC 5280), made anew for each run.

import { createSign, generateKeyPairSync } from "node:crypto";

function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(parts);
  if (body.length < 128) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const length = Buffer.from(body.length.toString(16).padStart(body.length > 255 ? 4 : 2, "0"), "hex");
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, body]);
}

const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, "hex"));
const ecdsaWithSha256 = sequence(oid("2a8648ce3d040302"));

function nameOf(text: string): Buffer {
  return sequence(der(0x31, sequence(oid("550403"), der(0x0c, Buffer.from(text)))));
}

function timeOf(date: Date): Buffer {
  return der(0x18, Buffer.from(`${date.toISOString().replaceAll(/[-:T]|\.\d+/g, "")}`));
}

function extension(id: string, value: Uint8Array): Buffer {
  return sequence(oid(id), der(0x04, value));
}

/** Certificate and key in PEM, for `localhost` and 127.0.0.1, its own authority. */
export function selfSigned(from: Date, until: Date): { readonly cert: string; readonly key: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const names = sequence(der(0x82, Buffer.from("localhost")), der(0x87, Buffer.from([127, 0, 0, 1])));
  const basic = sequence(der(0x01, Buffer.from([0xff])));
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    nameOf("keywarden test"),
    sequence(timeOf(from), timeOf(until)),
    nameOf("keywarden test"),
    publicKey.export({ format: "der", type: "spki" }),
    der(0xa3, sequence(extension("551d11", names), extension("551d13", basic))),
  );
  const signature = createSign("sha256").update(body).sign(privateKey);
  const whole = sequence(body, ecdsaWithSha256, der(0x03, Buffer.from([0]), signature));
  const lines = whole.toString("base64").match(/.{1,64}/g) ?? [];
  const label = (mark: string): string => `${"-".repeat(5)}${mark} CERTIFICATE${"-".repeat(5)}`;
  return {
    cert: `${[label("BEGIN"), ...lines, label("END")].join("\n")}\n`,
    key: privateKey.export({ format: "pem", type: "pkcs8" }) as string,
  };
}
