// What the library exports, by name and kind, and that its declarations serve a strict TypeScript program.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as library from "../../../src/index.ts";
import { removeTemporary, temporaryFolder } from "../../helpers/git-repo.ts";

afterAll(removeTemporary);

const root = join(import.meta.dirname, "../../..");

/** Removing or renaming one of these is a breaking change; adding one needs a line here and in docs/library.md. */
const golden = {
  AuditOptions: "interface",
  CommitPoint: "interface",
  ConfigError: "class",
  Confidence: "type",
  Coverage: "interface",
  Decision: "type",
  Encoding: "type",
  Exposure: "type",
  Fact: "interface",
  Finding: "interface",
  FormatOptions: "interface",
  HtmlOptions: "interface",
  InternalError: "class",
  Introduction: "interface",
  KeywardenError: "class",
  Location: "interface",
  ObjectCounts: "interface",
  Occurrence: "interface",
  Origin: "interface",
  PartialSettings: "type",
  Presence: "interface",
  Problem: "interface",
  Progress: "interface",
  ReachingRefs: "interface",
  Report: "interface",
  Rule: "interface",
  RuleError: "class",
  ScanOptions: "interface",
  Secret: "class",
  Settings: "type",
  Severity: "type",
  Skip: "interface",
  SourceError: "class",
  Summary: "interface",
  Suppression: "interface",
  Unseen: "interface",
  UsageError: "class",
  Verdict: "interface",
  Verification: "interface",
  VerificationReason: "type",
  VerificationStatus: "type",
  VerifyOptions: "interface",
  audit: "function",
  formatReport: "function",
  htmlReport: "function",
  scan: "function",
};

function kindOf(symbol: ts.Symbol): string {
  const { flags } = symbol;
  if (flags & ts.SymbolFlags.Class) return "class";
  if (flags & ts.SymbolFlags.Function) return "function";
  if (flags & ts.SymbolFlags.Interface) return "interface";
  if (flags & ts.SymbolFlags.TypeAlias) return "type";
  return ts.SymbolFlags[flags] ?? "unknown";
}

function optionsOf(config: string, more: ts.CompilerOptions): ts.ParsedCommandLine {
  const { config: json } = ts.readConfigFile(join(root, config), ts.sys.readFile) as { config: unknown };
  return ts.parseJsonConfigFileContent(json, ts.sys, root, more, config);
}

function mistakes(program: ts.Program): string[] {
  return ts.getPreEmitDiagnostics(program).map(({ file, start, messageText }) => {
    const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start ?? 0).line + 1;
    return `${file?.fileName ?? ""}:${line} ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
  });
}

const consumer = `
import { audit, formatReport, KeywardenError, scan, Secret, UsageError } from "keywarden";
import type { Finding, PartialSettings, Progress, Report, ScanOptions } from "keywarden";

const settings: PartialSettings = { minConfidence: "low", exclude: ["**/*.md"], jobs: 2, baseline: false };
const options: ScanOptions = { paths: ["."], settings, onProgress: ({ files, bytes }: Progress) => void (files + bytes) };
export async function run(signal: AbortSignal): Promise<readonly Finding[]> {
  try {
    const report: Report = await scan({ ...options, signal });
    const text: string = formatReport(report, "sarif", { verbose: true });
    const [first] = report.verdicts;
    const secret: Secret | undefined = first?.finding.secret;
    if (text.length > 0 && first?.decision === "block") return [first.finding];
    return secret === undefined ? [] : report.verdicts.map(({ finding }) => finding);
  } catch (error) {
    if (error instanceof UsageError) throw new Error(error.hint ?? error.message, { cause: error });
    if (error instanceof KeywardenError) return [];
    throw error;
  }
}
export async function oldest(repository: string): Promise<string | undefined> {
  const { verdicts, coverage } = await audit({ repository, refs: ["main"], since: new Date(0), cache: true });
  const count: number = coverage.objects?.blobs ?? 0;
  return count > 0 ? verdicts[0]?.finding.origin?.introduced?.date : coverage.unseen?.[0]?.kind;
}
// @ts-expect-error -- a date is no text
void audit({ since: "2026-01-01" });
// @ts-expect-error -- a path is no list of paths
void scan({ paths: "src" });
// @ts-expect-error -- no such setting
void scan({ text: "", settings: { minimumConfidence: "low" } });
// @ts-expect-error -- no such level
void scan({ text: "", settings: { minConfidence: "most" } });
// @ts-expect-error -- no such format
void scan({ text: "" }).then((report) => formatReport(report, "html"));
`;

describe("the declarations", { timeout: 120_000 }, () => {
  const folder = temporaryFolder();
  const home = join(folder, "node_modules/keywarden");
  let program: ts.Program;

  beforeAll(() => {
    const outDir = join(home, "dist/types");
    const { fileNames, options } = optionsOf("tsconfig.types.json", { outDir, noCheck: true });
    program = ts.createProgram(fileNames, options);
    program.emit();
    writeFileSync(join(home, "package.json"), readFileSync(join(root, "package.json")));
    writeFileSync(join(folder, "package.json"), '{"type": "module"}');
  }, 120_000);

  test("name what they have named before", () => {
    const checker = program.getTypeChecker();
    const source = program.getSourceFile(join(root, "src/index.ts"));
    const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
    const found = checker.getExportsOfModule(module as ts.Symbol).map((symbol) => {
      const aliased = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      return [symbol.name, kindOf(aliased)] as const;
    });
    expect(Object.fromEntries(found.toSorted(([a], [b]) => (a < b ? -1 : 1)))).toEqual(golden);
  });

  test("at run time there are the classes and the functions", () => {
    const values = Object.entries(golden).filter(([, kind]) => kind === "class" || kind === "function");
    expect(Object.keys(library).toSorted()).toEqual(values.map(([name]) => name).toSorted());
    expect(new Set(Object.values(library).map((value) => typeof value))).toEqual(new Set(["function"]));
  });

  test("serve a strict program, and every example in docs/library.md is one", () => {
    const page = readFileSync(join(root, "docs/library.md"), "utf8");
    const examples = [...page.matchAll(/^```ts\n(.*?)^```$/gms)].map((match) => `${match[1]}\nexport {};\n`);
    expect(examples.length).toBeGreaterThan(3);
    const files = [consumer, ...examples].map((text, index) => {
      const file = join(folder, `program-${index}.ts`);
      writeFileSync(file, text);
      return file;
    });
    const user = ts.createProgram(files, {
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      target: ts.ScriptTarget.ES2023,
      lib: ["lib.es2023.d.ts"],
      strict: true,
      exactOptionalPropertyTypes: true,
      // The declarations are judged, too.
      skipLibCheck: false,
      noEmit: true,
      types: ["node"],
      typeRoots: [join(root, "node_modules/@types")],
    });
    expect(mistakes(user)).toEqual([]);
  });
});
