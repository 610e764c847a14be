// The table of settings → docs/configuration.md.

import type { Kind, Setting } from "./kinds.ts";
import { formatNames } from "./kinds.ts";
import { configPath } from "./load.ts";
import { settings } from "./settings.ts";
import { sizeText } from "./size.ts";

const intro = `# Configuration

<!-- Written by \`npm run generate\` from src/config/settings.ts. Do not edit. -->

Settings stand in \`${configPath}\` of the repository that is scanned, or in the file that \`--config FILE\` names. Each is
also a flag, and a flag is stronger than the file. The file is optional, and so is everything in it. It never holds a
secret.

\`\`\`yaml
# yaml-language-server: $schema=../node_modules/keywarden/schemas/config.schema.json
exclude:
  - "third-party/**"
min-confidence: medium
fail-on: high
format:
  - format: terminal
  - format: sarif
    output: keywarden.sarif
allow:
  - paths: ["test/fixtures/**"]
    rules: [acme.live-key]
    reason: made up for tests
    owner: platform team
    until: 2027-06-30
\`\`\`

- Keys that keywarden does not know are errors, with line, column and the nearest known key; so are keys that stand twice.
- Relative paths in the file start from the root, the folder that holds \`.keywarden/\`; on the command line they start
  from the working directory.
- Files that the file tells keywarden to write (\`output\`, \`baseline\`) must stay inside the root and outside \`.git\`:
  a repository must not choose what is written on the machine of those who scan it.
- Lists on the command line are made by repeating the flag.

## All settings
`;

/** The page, as Markdown with a newline at its end. */
export function configurationPage(): string {
  const table: readonly Setting[] = settings;
  const rows = table.map((setting) => [
    `[\`${setting.key}\`](#${setting.key})`,
    cell(kindText(setting.value)),
    setting.default === undefined ? "" : cell(defaultText(setting)),
    cell(setting.help),
  ]);
  const overview = markdownTable([["setting", "value", "default", "what it does"], ...rows]);
  return `${[intro, overview, ...table.map(section)].join("\n")}`;
}

function section(setting: Setting): string {
  const flags = [setting.flag, setting.off?.flag, setting.key === "format" ? "--output <file>" : undefined]
    .filter((flag) => flag !== undefined)
    .map((flag) => `\`${flag}\``);
  const where = setting.where === "flag" ? "Flag only" : setting.flagsAdd ? "Flags add to the file's list" : "";
  return `\n### ${setting.key}\n\n${[flags.join(" · "), where].filter((part) => part !== "").join(". ")}${where === "" ? "" : "."}\n\n${setting.doc}\n`;
}

function kindText(kind: Kind): string {
  switch (kind.kind) {
    case "switch":
      return "true or false";
    case "choice":
      return kind.of.join(", ");
    case "choices":
      return "list out of those below";
    case "texts":
      return "list of texts";
    case "paths":
      return "list of paths";
    case "path":
      return "path or false";
    case "integer":
      return `${kind.min} to ${kind.max}${kind.word === undefined ? "" : ` or ${kind.word}`}`;
    case "size":
      return "size: 512M, 1G";
    case "formats":
      return `list of format (${formatNames.join(", ")}) and output`;
    case "allow":
      return "list of entries";
  }
}

function defaultText(setting: Setting): string {
  if (setting.value.kind === "choices") return "all";
  if (setting.value.kind === "formats") return "terminal";
  if (setting.value.kind === "size") return sizeText(Number(setting.default));
  if (Array.isArray(setting.default)) return setting.default.length === 0 ? "none" : setting.default.join(", ");
  return String(setting.default);
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

/** Columns padded to the same width, the way the formatter wants them. */
function markdownTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => `| ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join(" | ")} |`);
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return `${[lines[0], rule, ...lines.slice(1)].join("\n")}\n`;
}
