// The declarations in src → the pages and schemas made from them. `--check` writes nothing and fails when one has drifted.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { configurationPage } from "../src/config/reference.ts";
import { settingsSchema } from "../src/config/schema.ts";
import { inventoryJsonSchema } from "../src/rotation/inventory-schema.ts";
import { ledgerJsonSchema } from "../src/rotation/ledger-schema.ts";
import { catalogue } from "../src/rules/catalogue.ts";
import { loadRules } from "../src/rules/load.ts";
import { providersPage } from "../src/rules/providers-page.ts";
import { ruleJsonSchema } from "../src/rules/schema.ts";
import { actionPage } from "./action-page.ts";
import type { GeneratedFile } from "./generate-schemas.ts";
import { generateSchemas } from "./generate-schemas.ts";

/** Whatever is generated is made by one of these; each gives whole files. */
const generators: readonly (() => readonly GeneratedFile[] | Promise<readonly GeneratedFile[]>)[] = [
  () => [{ path: "docs/configuration.md", text: configurationPage() }],
  () => [{ path: "rules/README.md", text: catalogue(loadRules({ paths: ["rules"] }).rules) }],
  () => [{ path: "docs/verification-providers.md", text: providersPage(loadRules({ paths: ["rules"] }).rules) }],
  () => [
    jsonFile("schemas/config.schema.json", settingsSchema()),
    jsonFile("schemas/rule.schema.json", ruleJsonSchema()),
    jsonFile("schemas/rotation.schema.json", inventoryJsonSchema()),
    jsonFile("schemas/ledger.schema.json", ledgerJsonSchema()),
  ],
  () => [actionPage(process.cwd())],
  generateSchemas,
];

function jsonFile(path: string, value: unknown): GeneratedFile {
  return { path, text: `${JSON.stringify(value, undefined, 2)}\n` };
}

const mend = "npm run generate";

/** What stands in a file, with line ends as git stores them; undefined where there is none. */
function readText(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").replaceAll("\r\n", "\n");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function firstDifference(before: string, after: string): number {
  const [old, fresh] = [before.split("\n"), after.split("\n")];
  let line = 0;
  while (old[line] === fresh[line]) line++;
  return line + 1;
}

async function main(root: string, check: boolean): Promise<number> {
  const files = (await Promise.all(generators.map((generate) => generate()))).flat();
  let drifted = 0;
  for (const { path, text } of files) {
    const file = join(root, path);
    const before = readText(file);
    if (before === text) continue;
    drifted++;
    if (check) {
      console.error(before === undefined ? `${path}: missing` : `${path}:${firstDifference(before, text)}: drifted`);
    } else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      console.log(`${before === undefined ? "new" : "changed"}: ${path}`);
    }
  }
  if (check && drifted > 0)
    console.error(`${drifted} of ${files.length} generated files are not up to date. Run: ${mend}`);
  return check && drifted > 0 ? 1 : 0;
}

process.exitCode = await main(process.cwd(), process.argv.includes("--check"));
