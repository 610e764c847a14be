// GitHub's published OpenAPI description → the cut of it that the tests judge requests and answers by. Run by hand:
// node scripts/github-openapi.mjs PATH/api.github.com.json (generated/ of the package @octokit/openapi, 385 MB unpacked).
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** Every operation that src/github/ uses; the test server knows no other. */
const operations = [
  "GET /user",
  "GET /repos/{owner}/{repo}",
  "GET /repos/{owner}/{repo}/issues",
  "POST /repos/{owner}/{repo}/issues",
  "GET /repos/{owner}/{repo}/issues/{issue_number}",
  "PATCH /repos/{owner}/{repo}/issues/{issue_number}",
  "GET /repos/{owner}/{repo}/issues/{issue_number}/comments",
  "POST /repos/{owner}/{repo}/issues/{issue_number}/comments",
  "GET /repos/{owner}/{repo}/assignees/{assignee}",
  "GET /repos/{owner}/{repo}/contents/{path}",
  "GET /repos/{owner}/{repo}/commits/{ref}",
  "GET /repos/{owner}/{repo}/actions/secrets",
];

/** Words for readers: no judge looks at them. */
const silent = new Set(["description", "example", "examples", "title", "summary", "externalDocs", "deprecated"]);

const file = process.argv[2];
if (file === undefined) throw new Error("give the path of api.github.com.json");
const source = readFileSync(file);
const whole = JSON.parse(source.toString("utf8"));

const resolve = (node) =>
  node.$ref === undefined
    ? node
    : resolve(
        node.$ref
          .slice(2)
          .split("/")
          .reduce((at, key) => at[key], whole),
      );

const schemas = {};

/** A schema without words, its references collected and led to the cut's own place for them. */
function cut(node, isMap = false) {
  if (Array.isArray(node)) return node.map((one) => cut(one));
  if (node === null || typeof node !== "object") return node;
  if (typeof node.$ref === "string") {
    const name = node.$ref.split("/").at(-1);
    if (!(name in schemas)) {
      schemas[name] = {};
      schemas[name] = cut(resolve(node));
    }
    return { $ref: `#/schemas/${name}` };
  }
  return Object.fromEntries(
    Object.entries(node)
      // In a map of properties `description` and `title` are names like any other.
      .filter(([key]) => isMap || !(silent.has(key) || key.startsWith("x-")))
      .map(([key, value]) => [key, cut(value, !isMap && key === "properties")]),
  );
}

const json = (content) => {
  const schema = content?.["application/json"]?.schema;
  return schema === undefined ? null : cut(schema);
};

const described = Object.fromEntries(
  operations.map((name) => {
    const [method, route] = name.split(" ");
    const operation = whole.paths[route][method.toLowerCase()];
    const parameters = (operation.parameters ?? [])
      .map(resolve)
      .map((one) => ({ name: one.name, in: one.in, required: one.required === true, schema: cut(one.schema) }));
    const answers = Object.entries(operation.responses).map(([status, answer]) => [
      status,
      json(resolve(answer).content),
    ]);
    return [name, { parameters, body: json(operation.requestBody?.content), answers: Object.fromEntries(answers) }];
  }),
);

const cutFile = path.join(
  path.dirname(path.dirname(fileURLToPath(import.meta.url))),
  "test/helpers/schemas/github-openapi.json",
);
const taken = {
  from: { title: whole.info.title, version: whole.info.version, license: whole.info.license.name },
  sha256: createHash("sha256").update(source).digest("hex"),
};
writeFileSync(cutFile, `${JSON.stringify({ taken, operations: described, schemas })}\n`);
