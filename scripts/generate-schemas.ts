// Turns the declarations of our formats into the JSON schemas that are shipped in schemas/.

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { rotationReportSchema } from "../src/channels/schema.ts";
import { reportLineSchema, reportSchema } from "../src/report/schema.ts";

/** One generated file: its path from the project root, with forward slashes, and its text. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

function generate(path: string, schema: z.ZodType): GeneratedFile {
  const json = z.toJSONSchema(schema, { target: "draft-2020-12", reused: "ref" });
  return { path, text: `${JSON.stringify(json, undefined, 2)}\n` };
}

/** All schemas, in path order. Pure; a test compares them with what is in schemas/. */
export function generateSchemas(): readonly GeneratedFile[] {
  return [
    generate("schemas/report-line.schema.json", reportLineSchema),
    generate("schemas/report.schema.json", reportSchema),
    generate("schemas/rotation-report.schema.json", rotationReportSchema),
  ];
}

const self = fileURLToPath(import.meta.url);
if (process.argv[1] === self) {
  for (const { path, text } of generateSchemas()) {
    const file = join(dirname(self), "..", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
