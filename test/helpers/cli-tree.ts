// A folder in, the same folder filled with a few hundred files, some of which hold tokens in several encodings, out.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { tokenOf, tokenRules } from "./cli-tokens.ts";

const encodings: readonly ((text: string) => string | Uint8Array)[] = [
  (text) => text,
  (text) => JSON.stringify({ note: "settings", text }),
  (text) => Buffer.from(text, "utf8").toString("base64"),
  (text) => `data: ${Buffer.from(text, "utf8").toString("hex")}\n`,
  (text) => `value=${encodeURIComponent(text)}\n`,
  (text) => Buffer.from(`\uFEFF${text}`, "utf16le"),
  (text) => text.replaceAll("\n", "\r\n"),
  (text) => Buffer.concat([Buffer.from([0xff, 0x00, 0xfe, 0xc3, 0x28, 0x0a]), Buffer.from(text, "utf8")]),
];

function prose(number: number): string {
  const lines = Array.from({ length: 5 + (number % 40) }, (_, line) => `line ${line} of file ${number}: nothing here`);
  return `${lines.join("\n")}\n`;
}

/** Writes `count` files below `folder`, every third with a token; gives all tokens. The same every time. */
export function plantTree(folder: string, count: number): string[] {
  const tokens: string[] = [];
  for (let number = 0; number < count; number++) {
    const file = join(folder, `part-${number % 7}`, `deep-${number % 3}`, `file-${number}.txt`);
    mkdirSync(dirname(file), { recursive: true });
    let content: string | Uint8Array = prose(number);
    if (number % 3 === 0) {
      const at = number / 3;
      // Some tokens stand in several files.
      const token = tokenOf(tokenRules[at % tokenRules.length]!, `tree ${at % 100}`);
      tokens.push(token);
      content = encodings[at % encodings.length]!(`${content}the token is "${token}"\n${prose(number + 3)}`);
    }
    writeFileSync(file, content);
  }
  return [...new Set(tokens)];
}
