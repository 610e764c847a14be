// Small strict readers for the formats that Node cannot parse: CSV, XML and workflow commands.

/** Rows of an RFC 4180 text whose lines end in CRLF; throws on anything else. */
export function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    const field = /"(?:[^"]|"")*"|[^",\r\n]*/y;
    field.lastIndex = at;
    const raw = field.exec(text)?.[0] ?? "";
    row.push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw);
    at += raw.length;
    if (text.startsWith("\r\n", at)) {
      rows.push(row);
      row = [];
      at += 2;
    } else if (text[at] === ",") at++;
    else throw new Error(`CSV: unexpected ${JSON.stringify(text[at])} at ${at}`);
  }
  if (row.length > 0) throw new Error("CSV: the last line has no end");
  return rows;
}

/** An element with its decoded attributes, its children and the text directly in it. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: XmlElement[];
  text: string;
}

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
// XML 1.0, section 2.2, production Char; tabs and newlines inside attributes would be normalized away.
const forbidden = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

function decode(raw: string): string {
  if (/[<]/.test(raw)) throw new Error("XML: raw < in text");
  return raw.replace(/&([a-z]*);?/g, (whole, name: string) => {
    const character = entities[name];
    if (character === undefined || !whole.endsWith(";")) throw new Error(`XML: bad entity ${whole}`);
    return character;
  });
}

function attributesOf(raw: string): Record<string, string> {
  const values: Record<string, string> = {};
  const rest = raw.replace(/\s+([a-zA-Z]+)="([^"<]*)"/g, (_, name: string, value: string) => {
    if (name in values || /[\t\r\n]/.test(value)) throw new Error(`XML: bad attribute ${name}`);
    values[name] = decode(value);
    return "";
  });
  if (rest.trim() !== "") throw new Error(`XML: bad attributes ${rest}`);
  return values;
}

/** The root element of a well-formed document of elements, attributes and text; throws on anything else. */
export function readXml(text: string): XmlElement {
  if (forbidden.test(text)) throw new Error("XML: forbidden character");
  const body = text.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>/, "");
  const top: XmlElement = { name: "", attributes: {}, children: [], text: "" };
  const open = [top];
  for (const [, tag, between] of body.matchAll(/(<[^>]*>)|([^<]+)/g)) {
    const inside = open.at(-1) ?? top;
    if (between !== undefined) inside.text += decode(between);
    else if (tag?.startsWith("</") === true) {
      if (tag !== `</${inside.name}>`) throw new Error(`XML: ${tag} closes ${inside.name}`);
      open.pop();
    } else {
      const parts = /^<([a-z-]+)((?:\s[^>]*?)?)(\/?)>$/s.exec(tag ?? "");
      if (parts === null) throw new Error(`XML: bad tag ${tag}`);
      const element: XmlElement = {
        name: parts[1] ?? "",
        attributes: attributesOf(parts[2] ?? ""),
        children: [],
        text: "",
      };
      inside.children.push(element);
      if (parts[3] !== "/") open.push(element);
    }
  }
  const root = top.children[0];
  if (open.length !== 1 || root === undefined || top.children.length !== 1) throw new Error("XML: not one root");
  return root;
}

/** A workflow command as the runner of GitHub Actions reads it. */
export interface Command {
  readonly name: string;
  readonly properties: Record<string, string>;
  readonly message: string;
}

function unescapeBy(pairs: readonly (readonly [string, string])[], text: string): string {
  return pairs.reduce((result, [code, character]) => result.replaceAll(code, character), text);
}

const dataCodes = [
  ["%0D", "\r"],
  ["%0A", "\n"],
  ["%25", "%"],
] as const;
const propertyCodes = [
  ["%0D", "\r"],
  ["%0A", "\n"],
  ["%3A", ":"],
  ["%2C", ","],
  ["%25", "%"],
] as const;

/** Reads one line by the rules of actions/runner (ActionCommand.TryParseV2); undefined when it is no command. */
export function readCommand(line: string): Command | undefined {
  const parts = /^::([a-z]+)(?: (.*?))?::(.*)$/su.exec(line);
  if (parts === null) return undefined;
  const properties: Record<string, string> = {};
  for (const property of (parts[2] ?? "").split(",").filter((part) => part !== "")) {
    const cut = property.indexOf("=");
    properties[property.slice(0, cut)] = unescapeBy(propertyCodes, property.slice(cut + 1));
  }
  return { name: parts[1] ?? "", properties, message: unescapeBy(dataCodes, parts[3] ?? "") };
}
