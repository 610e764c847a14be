// action.yml and docs/action.md in, the same page with its tables of inputs and outputs as action.yml has them out.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import type { GeneratedFile } from "./generate-schemas.ts";

interface Declared {
  readonly description: string;
  readonly default?: string;
}

interface ActionFile {
  readonly inputs: Readonly<Record<string, Declared>>;
  readonly outputs: Readonly<Record<string, Declared>>;
}

const path = "docs/action.md";

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

function usual({ default: value = "" }: Declared): string {
  return value === "" ? "" : `\`${value}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Puts a table between `<!-- name -->` and `<!-- /name -->`. Throws where the page has lost them. */
function fill(page: string, name: string, text: string): string {
  const [start, end] = [`<!-- ${name}: written by npm run generate from action.yml -->`, `<!-- /${name} -->`];
  const [before, after] = [page.indexOf(start), page.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`${path} has no place for the table of ${name}`);
  return `${page.slice(0, before + start.length)}\n\n${text}\n\n${page.slice(after)}`;
}

/** The page as it should stand in the folder `root`. */
export function actionPage(root: string): GeneratedFile {
  const { inputs, outputs } = parse(readFileSync(join(root, "action.yml"), "utf8")) as ActionFile;
  const page = readFileSync(join(root, path), "utf8").replaceAll("\r\n", "\n");
  const inputRows = Object.entries(inputs).map(([name, one]) => [`\`${name}\``, usual(one), cell(one.description)]);
  const outputRows = Object.entries(outputs).map(([name, one]) => [`\`${name}\``, cell(one.description)]);
  const filled = fill(page, "inputs", table(["input", "usual value", "what it does"], inputRows));
  return { path, text: fill(filled, "outputs", table(["output", "what it is"], outputRows)) };
}
