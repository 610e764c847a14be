// A token and the line that says whose it is → the same token as it stands in files of many kinds.

/** A real shape and where it must go. */
export interface Shape {
  readonly name: string;
  /** Template of src/rules/samples.ts. */
  readonly template: string;
  /** The rule that must report it; its provider is the part before the dot. */
  readonly rule: string;
  /** Template of a line that stands above it. */
  readonly context?: string;
  /** Name of the setting it is given to where a form needs one; default API_KEY. */
  readonly setting?: string;
}

/** A shape that no single provider owns. */
export interface Split extends Shape {
  /** Sorted. */
  readonly candidates: readonly string[];
}

/** A text that only looks like a credential. */
export interface LookAlike {
  readonly template: string;
  readonly why: string;
  readonly context?: string;
}

/** One way in which a token stands in a file. */
export interface Form {
  readonly name: string;
  /** `context` is a line of its own, or empty; `setting` is a name in upper case. */
  make(token: string, context: string, setting: string): string | Uint8Array;
}

const above = (mark: string, context: string): string => (context === "" ? "" : `${mark} ${context}\n`);

/** Base64 in lines of 76 characters, as GNU base64 and MIME (RFC 2045, section 6.8) break them. */
function wrapped(text: string): string {
  return Buffer.from(text, "utf8")
    .toString("base64")
    .replaceAll(/.{76}(?=.)/g, "$&\n");
}

function env(token: string, context: string, setting: string): string {
  return `${above("#", context)}MODE=fast\n${setting}=${token}\nLEVEL=3\n`;
}

function utf16(text: string, order: "little" | "big"): Uint8Array {
  const bytes = Buffer.from(`\uFEFF${text}`, "utf16le");
  return order === "little" ? bytes : bytes.swap16();
}

/** Plain, quoted, env, JSON, YAML, a curl command, CRLF, base64 in wrapped lines, UTF-16. */
export const forms: readonly Form[] = [
  { name: "plain", make: (token, context) => `${above("#", context)}${token}` },
  { name: "quoted", make: (token, context) => `${above("//", context)}const value = ${JSON.stringify(token)};\n` },
  { name: "env", make: env },
  {
    name: "JSON",
    make: (token, context, setting) =>
      `${JSON.stringify({ ...(context === "" ? {} : { note: context }), [setting.toLowerCase()]: token }, undefined, 2)}\n`,
  },
  {
    name: "YAML",
    make: (token, context, setting) => `${above("#", context)}${setting.toLowerCase()}: ${token}\nlevel: 3\n`,
  },
  {
    name: "curl",
    make: (token, context) => `${above("#", context)}curl https://host.test/v1 -H "X-Token: ${token}"\n`,
  },
  { name: "CRLF", make: (token, context, setting) => env(token, context, setting).replaceAll("\n", "\r\n") },
  {
    name: "base64 of the file, wrapped",
    make: (token, context, setting) => `${wrapped(env(token, context, setting))}\n`,
  },
  {
    name: "base64 of the line, wrapped",
    make: (token, context, setting) => `${above("#", context)}data: |\n${wrapped(`${setting}=${token}\n`)}\n`,
  },
  { name: "UTF-16, little endian", make: (token, context, setting) => utf16(env(token, context, setting), "little") },
  { name: "UTF-16, big endian", make: (token, context, setting) => utf16(env(token, context, setting), "big") },
];
