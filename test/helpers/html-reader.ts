// An HTML report's text → its elements as a browser would build them (parse5), its policy and its data.

import { createHash } from "node:crypto";
import { parse } from "parse5";
import type { DefaultTreeAdapterTypes } from "parse5";
import type { PageData } from "../../src/report/html-data.ts";

/** An element, its attributes, and all text in it. */
export interface HtmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
}

function textOf(node: DefaultTreeAdapterTypes.Node): string {
  if (node.nodeName === "#text") return (node as DefaultTreeAdapterTypes.TextNode).value;
  return "childNodes" in node ? node.childNodes.map(textOf).join("") : "";
}

/** All elements in the order of the document; comments would be `#comment`. */
export function readHtml(text: string): readonly HtmlElement[] {
  const found: HtmlElement[] = [];
  const visit = (node: DefaultTreeAdapterTypes.Node): void => {
    if ("attrs" in node) {
      const attributes = Object.fromEntries(node.attrs.map(({ name, value }) => [name, value]));
      found.push({ name: node.tagName, attributes, text: textOf(node) });
    } else if (node.nodeName === "#comment") found.push({ name: "#comment", attributes: {}, text: "" });
    if ("childNodes" in node) for (const child of node.childNodes) visit(child);
  };
  visit(parse(text));
  return found;
}

/** The Content-Security-Policy of the page, by directive. */
export function policyIn(elements: readonly HtmlElement[]): Readonly<Record<string, string>> {
  const metas = elements.filter(({ attributes }) => attributes["http-equiv"] === "Content-Security-Policy");
  if (metas.length !== 1) throw new Error(`${metas.length} policies`);
  const directives = (metas[0]?.attributes["content"] ?? "").split(";").map((directive) => directive.trim());
  return Object.fromEntries(
    directives.map((directive) => {
      const [name = "", ...values] = directive.split(" ");
      return [name, values.join(" ")];
    }),
  );
}

/** A text as a policy names it by hash. */
export function sourceHash(text: string): string {
  return `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;
}

/** The data that stands in the page. */
export function dataIn(elements: readonly HtmlElement[]): PageData {
  const data = elements.find(({ attributes }) => attributes["id"] === "data");
  return JSON.parse(data?.text ?? "") as PageData;
}
