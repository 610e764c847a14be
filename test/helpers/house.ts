// A source file → what it imports, uses and exports, and the house rules it breaks.

import ts from "typescript";

/** A file of src: path from the project root with forward slashes, and its text. */
export interface HouseFile {
  readonly path: string;
  readonly text: string;
}

/** The table of who may do what; see test/house.test.ts. */
export interface House {
  /** Room (folder or file directly under src) → what it may import besides itself; `packages` for npm and Node. */
  readonly imports: Readonly<Record<string, readonly string[]>>;
  /** Ability → paths that may use it: files, or folders with a slash at the end. */
  readonly abilities: Readonly<Record<string, readonly string[]>>;
  /** Folders in which nothing may depend on the moment or on chance. */
  readonly pure: readonly string[];
  /** Files that are tables of data and may be longer. */
  readonly tables: readonly string[];
  /** npm packages that code may load at run time. */
  readonly runtime: readonly string[];
}

/** Limits that every file keeps. */
export const limits = {
  fileLines: 250,
  corridorLines: 100,
  functionLines: 60,
  parameters: 4,
  openingLines: 3,
} as const;

interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

/** A parsed file and what its nodes gave. */
interface Parsed {
  readonly file: HouseFile;
  readonly source: ts.SourceFile;
  readonly imports: readonly Import[];
  /** `console`, `fetch`, `process.env`, `.reveal()`, `new Date()`, … */
  readonly uses: ReadonlySet<string>;
}

/** One rule of the house: what is wrong with a file, one text for each place. */
export type Check = (parsed: Parsed, house: House) => string[];

/** The room a path of src belongs to: its folder under src, or its own name. */
function roomOf(path: string): string {
  return path.split("/")[1] ?? "";
}

const parsedFiles = new WeakMap<HouseFile, Parsed>();

function parse(file: HouseFile): Parsed {
  const known = parsedFiles.get(file);
  if (known !== undefined) return known;
  const parsed = parseAfresh(file);
  parsedFiles.set(file, parsed);
  return parsed;
}

function parseAfresh(file: HouseFile): Parsed {
  const source = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.ES2023, true, ts.ScriptKind.TS);
  const imports: Import[] = [];
  const uses = new Set<string>();
  const visit = (node: ts.Node): void => {
    const found = importOf(node);
    if (found !== undefined) imports.push(found);
    const use = useOf(node);
    if (use !== undefined) uses.add(use);
    node.forEachChild(visit);
  };
  visit(source);
  return { file, source, imports, uses };
}

function importOf(node: ts.Node): Import | undefined {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    return {
      specifier: node.moduleSpecifier.text,
      typeOnly: node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword,
    };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined && ts.isStringLiteral(node.moduleSpecifier)) {
    return { specifier: node.moduleSpecifier.text, typeOnly: node.isTypeOnly };
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)) {
    return { specifier: node.argument.literal.text, typeOnly: true };
  }
  if (!ts.isCallExpression(node)) return undefined;
  const [argument] = node.arguments;
  const loads = node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === "require";
  return loads && argument !== undefined && ts.isStringLiteral(argument)
    ? { specifier: argument.text, typeOnly: false }
    : undefined;
}

const watchedGlobals = new Set(["console", "fetch", "WebSocket", "XMLHttpRequest"]);
const watchedMembers = new Set([
  "process.stdout",
  "process.stderr",
  "process.env",
  "process.exit",
  "Date.now",
  "Math.random",
]);

function useOf(node: ts.Node): string | undefined {
  if (
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    node.expression.name.text === "reveal"
  ) {
    return ".reveal()";
  }
  if (ts.isNewExpression(node) && node.expression.getText() === "Date" && (node.arguments ?? []).length === 0)
    return "new Date()";
  if (ts.isPropertyAccessExpression(node)) {
    const member = `${node.expression.getText()}.${node.name.text}`.replace(/^globalThis\./, "");
    return watchedMembers.has(member) || watchedGlobals.has(member) ? member : undefined;
  }
  if (ts.isBindingElement(node)) {
    const holder = node.parent.parent;
    const name = (node.propertyName ?? node.name).getText();
    const member =
      ts.isVariableDeclaration(holder) && holder.initializer ? `${holder.initializer.getText()}.${name}` : "";
    return watchedMembers.has(member) ? member : undefined;
  }
  if (!ts.isIdentifier(node) || !watchedGlobals.has(node.text)) return undefined;
  const { parent } = node;
  const isName =
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    ("name" in parent && parent.name === node) ||
    (ts.isPropertyAssignment(parent) && parent.name === node);
  return isName ? undefined : node.text;
}

/** `./a.ts` as seen from a file → a path from the project root; undefined for a package. */
function targetOf(path: string, specifier: string): string | undefined {
  if (!specifier.startsWith(".")) return undefined;
  const parts = path.split("/").slice(0, -1);
  for (const part of specifier.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}

function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

const mayImport: Check = ({ file, imports }, house) => {
  const room = roomOf(file.path);
  const allowed = house.imports[room];
  if (allowed === undefined) return [`${room} is no room of the house: add it to the table of imports`];
  return imports.flatMap(({ specifier }) => {
    const target = targetOf(file.path, specifier);
    const other = target === undefined ? "packages" : target.startsWith("src/") ? roomOf(target) : target;
    return other === room || allowed.includes(other) ? [] : [`${room} may not import ${specifier}`];
  });
};

const spelling: Check = ({ imports }) =>
  imports.flatMap(({ specifier }) => {
    if (specifier.startsWith("../../../")) return [`${specifier}: too far away`];
    if (specifier.startsWith(".") && !/\.(?:ts|json)$/.test(specifier)) return [`${specifier}: give the .ts extension`];
    return [];
  });

const packages: Check = ({ imports }, house) =>
  imports.flatMap(({ specifier, typeOnly }) => {
    if (specifier.startsWith(".") || specifier.startsWith("node:") || typeOnly) return [];
    return house.runtime.includes(packageOf(specifier)) ? [] : [`${specifier} is not in dependencies`];
  });

/** Modules that give an ability, besides the globals of the same purpose. */
const abilityModules: Readonly<Record<string, RegExp>> = {
  "node:fs": /^node:fs(?:\/|$)/,
  "node:child_process": /^node:child_process$/,
  network: /^(?:node:(?:https?|http2|net|tls|dgram|dns)(?:\/|$)|undici|octokit|node-fetch|axios|ws)(?:\/|$)?/,
};
const abilityUses: Readonly<Record<string, readonly string[]>> = {
  network: ["fetch", "WebSocket", "XMLHttpRequest"],
  console: ["console"],
  "process.stdout": ["process.stdout", "process.stderr"],
  "process.env": ["process.env"],
  "process.exit": ["process.exit"],
  ".reveal()": [".reveal()"],
};

const abilities: Check = ({ file, imports, uses }, house) =>
  Object.entries(house.abilities).flatMap(([ability, paths]) => {
    if (paths.some((path) => (path.endsWith("/") ? file.path.startsWith(path) : file.path === path))) return [];
    const module = imports.find((one) => !one.typeOnly && abilityModules[ability]?.test(one.specifier));
    const use = abilityUses[ability]?.find((one) => uses.has(one));
    return module === undefined && use === undefined
      ? []
      : [`${ability} is not for this file (${module?.specifier ?? use})`];
  });

const purity: Check = ({ file, uses }, house) =>
  house.pure.some((folder) => file.path.startsWith(folder))
    ? ["Date.now", "new Date()", "Math.random"].filter((use) => uses.has(use)).map((use) => `${use} in a pure room`)
    : [];

const fileSize: Check = ({ file }, house) => {
  const lines = file.text.trimEnd().split("\n").length;
  const isCorridor = /^src\/pipeline\/run-[^/]*$/.test(file.path);
  const most = isCorridor ? limits.corridorLines : limits.fileLines;
  return lines <= most || house.tables.includes(file.path) ? [] : [`${lines} lines, at most ${most}`];
};

function functionsOf(source: ts.SourceFile): ts.SignatureDeclaration[] {
  const found: ts.SignatureDeclaration[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) found.push(node);
    node.forEachChild(visit);
  };
  visit(source);
  return found;
}

function lineOf(source: ts.SourceFile, offset: number): number {
  return source.getLineAndCharacterOfPosition(offset).line + 1;
}

const functionSize: Check = ({ source }) =>
  functionsOf(source).flatMap((one) => {
    const first = lineOf(source, one.getStart());
    const lines = lineOf(source, one.getEnd()) - first + 1;
    return lines <= limits.functionLines
      ? []
      : [`line ${first}: function of ${lines} lines, at most ${limits.functionLines}`];
  });

const parameterCount: Check = ({ source }) =>
  functionsOf(source).flatMap((one) => {
    const count = one.parameters.filter((parameter) => parameter.name.getText() !== "this").length;
    if (count <= limits.parameters) return [];
    return [`line ${lineOf(source, one.getStart())}: ${count} parameters, at most ${limits.parameters}`];
  });

const opening: Check = ({ file }) => {
  const lines = file.text.replace(/^#!.*\n/, "").split("\n");
  const comments = lines.findIndex((line) => !line.startsWith("//"));
  if (comments >= 1 && comments <= limits.openingLines) return [];
  return [
    `opens with ${comments} comment lines, not with 1 to ${limits.openingLines} that say what it turns into what`,
  ];
};

const docstrings: Check = ({ source }) => {
  const documented = new Set<string>();
  return source.statements.flatMap((statement) => {
    const exported =
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some((one) => one.kind === ts.SyntaxKind.ExportKeyword);
    if (!exported) return [];
    const name = nameOf(statement);
    const hasDoc = ts.getJSDocCommentsAndTags(statement).length > 0;
    if (hasDoc) documented.add(name);
    // Overloads share the first one's; a type derived from the table just above it has the table's.
    return hasDoc || documented.has(name) || isDerived(statement) ? [] : [`${name} is exported without a docstring`];
  });
};

function nameOf(statement: ts.Statement): string {
  if (ts.isVariableStatement(statement)) return statement.declarationList.declarations[0]?.name.getText() ?? "";
  return "name" in statement ? ((statement.name as ts.Identifier | undefined)?.getText() ?? "default") : "default";
}

/** `type X = (typeof xs)[number]` or `type X = z.output<typeof y>`: named for what it comes from. */
function isDerived(statement: ts.Statement): boolean {
  return (
    ts.isTypeAliasDeclaration(statement) &&
    /^(?:\(typeof \w+\)\[number\]|z\.\w+<typeof \w+>)$/.test(statement.type.getText())
  );
}

const namedExports: Check = ({ source }) =>
  source.statements.some(
    (one) =>
      ts.isExportAssignment(one) ||
      (ts.canHaveModifiers(one) &&
        ts.getModifiers(one)?.some((modifier) => modifier.kind === ts.SyntaxKind.DefaultKeyword)) ||
      (ts.isExportDeclaration(one) &&
        one.exportClause &&
        ts.isNamedExports(one.exportClause) &&
        one.exportClause.elements.some((element) => element.name.getText() === "default")),
  )
    ? ["default export"]
    : [];

const names: Check = ({ file }) =>
  file.path.split("/").flatMap((part) => {
    const stem = part.replace(/(?:\.d)?\.ts$/, "");
    if (/^(?:utils?|helpers?|common|misc|shared)$/.test(stem)) return [`${part}: say what is in it`];
    return /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(stem) ? [] : [`${part}: names are kebab-case`];
  });

const finished: Check = ({ file }) =>
  /\/[/*].*\b(?:TODO|FIXME|XXX)\b/.test(file.text) ? ["unfinished business in a comment"] : [];

/** All rules, by name. */
export const checks: Readonly<Record<string, Check>> = {
  mayImport,
  spelling,
  packages,
  abilities,
  purity,
  fileSize,
  functionSize,
  parameterCount,
  opening,
  docstrings,
  namedExports,
  names,
  finished,
};

/** What a check has against a file, as `path: what`. */
export function violations(name: string, files: readonly HouseFile[], house: House): string[] {
  const check = checks[name];
  if (check === undefined) throw new Error(`no check ${name}`);
  return files.flatMap((file) => check(parse(file), house).map((what) => `${file.path}: ${what}`));
}
