// A recipe's parts and what was found in, the values that its placeholders stand for out.

import { createPrivateKey, createPublicKey } from "node:crypto";
import type { RegexEngine } from "../base/regex/regex.ts";
import type { RecipePart } from "../model/recipe.ts";

const alphabets = {
  base64: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
  base64url: /^[A-Za-z0-9_-]+={0,2}$/,
} as const;

/** Strict: the text must be what encoding its value again gives, so that lenient decoding can make nothing up. */
function decode(text: string, how: "base64" | "base64url"): string | undefined {
  if (!alphabets[how].test(text)) return undefined;
  const bytes = Buffer.from(text, how);
  const again = bytes.toString(how);
  if (again !== (how === "base64" ? text : text.replace(/=+$/, ""))) return undefined;
  const decoded = bytes.toString("latin1");
  return /^[\x20-\x7e]+$/.test(decoded) ? decoded : undefined;
}

function textAt(text: string, key: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const found = Object(value) as Record<string, unknown>;
    return Object.hasOwn(found, key) && typeof found[key] === "string" ? found[key] : undefined;
  } catch {
    return undefined;
  }
}

/** The modulus of an RSA private key, given as base64 of PKCS #8 or PKCS #1 with or without its PEM lines. */
function modulusOf(text: string): string | undefined {
  const der = Buffer.from(text.replaceAll(/-{5}[A-Z ]+-{5}|\\[rn]|\s/g, ""), "base64");
  for (const type of ["pkcs8", "pkcs1"] as const) {
    try {
      const jwk = createPublicKey(createPrivateKey({ key: der, format: "der", type })).export({ format: "jwk" });
      return jwk.n;
    } catch {
      continue; // not of this form; the next one may be it
    }
  }
  return undefined;
}

function valueOf(part: RecipePart, from: string, engine: RegexEngine): string | undefined {
  let value: string | undefined = from;
  if (part.strip !== undefined && value.startsWith(part.strip)) value = value.slice(part.strip.length);
  if (part.decode !== undefined) value = decode(value, part.decode);
  if (value !== undefined && part.json !== undefined) value = textAt(value, part.json);
  if (value !== undefined && part.rsa !== undefined) value = modulusOf(value);
  if (value !== undefined && part.fits !== undefined) {
    const found = engine.compile(`^(?:${part.fits})$`).find(value, 0, true);
    if (found === undefined || found.end !== value.length) value = undefined;
  }
  if (value !== undefined && part.encode !== undefined) value = Buffer.from(value, "latin1").toString(part.encode);
  return value === "" ? undefined : value;
}

/** The values of all parts, and of the public ones; undefined where one cannot be made. */
export function partValues(
  parts: Readonly<Record<string, RecipePart>>,
  given: { readonly secret: string; readonly pair?: string },
  engine: RegexEngine,
): { readonly all: Record<string, string>; readonly open: Record<string, string> } | undefined {
  const all: Record<string, string> = {};
  const open: Record<string, string> = {};
  for (const [name, part] of Object.entries(parts)) {
    const from = given[part.of];
    const value = from === undefined ? undefined : valueOf(part, from, engine);
    if (value === undefined) return undefined;
    all[name] = value;
    if (part.public === true) open[name] = value;
  }
  return { all, open };
}

/** The host that a pair names: one or two labels before an ending that the recipe lists; anything else is none. */
export function hostOf(pair: string, suffixes: readonly string[]): string | undefined {
  const host = pair.toLowerCase();
  const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
  const fits = suffixes.some((suffix) => {
    const ending = suffix.startsWith(".") ? suffix : `.${suffix}`;
    return host.endsWith(ending) && new RegExp(`^${label}(?:\\.${label})?$`).test(host.slice(0, -ending.length));
  });
  return fits ? host : undefined;
}
