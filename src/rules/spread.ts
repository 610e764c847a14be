// One example → many settings in which a secret stands in real files: for the acceptance kit and for tests.

/** The example in one setting. */
export interface SpreadForm {
  readonly form: string;
  readonly bytes: Uint8Array;
  /** How many times the example stands in it. */
  readonly times: number;
  /** Byte offset of its first copy, where it stands there as it is. */
  readonly at?: number;
}

const before = "The quick brown fox looks at the page.\nNothing of note stands on this line.\n\n";
const after = "\n\nHere the page goes on for a while.\nAnd then it stops.\n";

/** Line length of MIME base64 (RFC 2045, section 6.8). */
const wrapAt = 76;

/**
 * The example alone, at the start, in the middle and at the end of a file, twice, with CRLF, as UTF-16 with BOM of
 * either order, in wrapped base64, and, where neither quotes nor newlines in it would be broken, as a value in env,
 * JSON, YAML, shell and TypeScript files.
 */
export function spreadExample(text: string): readonly SpreadForm[] {
  const plain = (form: string, whole: string, lead: string, times = 1): SpreadForm => ({
    form,
    bytes: Buffer.from(whole, "utf8"),
    times,
    at: Buffer.byteLength(lead, "utf8"),
  });
  const crlf = `${before}${text}${after}`.replaceAll("\n", "\r\n");
  const forms = [
    plain("alone", text, ""),
    plain("start", text + after, ""),
    plain("middle", before + text + after, before),
    plain("end", before + text, before),
    plain("twice", `${text}\n${text}`, "", 2),
    { form: "crlf", bytes: Buffer.from(crlf, "utf8"), times: 1 },
    { form: "utf-16le", bytes: utf16(before + text + after, "little"), times: 1 },
    { form: "utf-16be", bytes: utf16(before + text + after, "big"), times: 1 },
    { form: "base64", bytes: base64Lines(before + text + after), times: 1 },
  ];
  if (!/^[\x20-\x7e]+$/.test(text) || /["'`\\$!#]/.test(text)) return forms;
  for (const [form, lead, tail] of syntaxes) forms.push(plain(form, lead + text + tail, lead));
  return forms;
}

/** Form, what stands before the value and what stands after it; the value needs no escaping in any of them. */
const syntaxes: readonly (readonly [string, string, string])[] = [
  ["env", 'MODE=fast\nSETTING="', '"\nLEVEL=3\n'],
  ["json", '{\n  "mode": "fast",\n  "setting": "', '",\n  "level": 3\n}\n'],
  ["yaml", 'mode: fast\nsetting: "', '"\nlevel: 3\n'],
  ["shell", "#!/bin/sh\nrun --mode fast --setting '", "' \\\n  --level 3\n"],
  ["typescript", 'export const level = 3;\nexport const setting = "', '";\n'],
];

function utf16(text: string, order: "little" | "big"): Buffer {
  const bytes = Buffer.from(`\uFEFF${text}`, "utf16le");
  return order === "little" ? bytes : bytes.swap16();
}

function base64Lines(text: string): Buffer {
  const encoded = Buffer.from(text, "utf8").toString("base64");
  const lines = encoded.match(new RegExp(`.{1,${wrapAt}}`, "g")) ?? [];
  return Buffer.from(`data:\n${lines.join("\n")}\n`, "latin1");
}
