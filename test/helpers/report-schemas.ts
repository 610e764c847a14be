// Schemas of foreign formats, in our own words: the part of each that our reports use, closed against typos.

const text = { type: "string" } as const;
const words = { type: "string", minLength: 1 } as const;
const position = { type: "integer", minimum: 1 } as const;
const bag = { type: "object" } as const;

function object(required: readonly string[], properties: Record<string, unknown>): object {
  return { type: "object", required, properties, additionalProperties: false };
}

function list(items: unknown): object {
  return { type: "array", items };
}

const message = object(["text"], { text: words });
const artifactLocation = object(["uri"], {
  uri: { type: "string", format: "uri-reference", minLength: 1 },
  uriBaseId: { const: "%SRCROOT%" },
});
const location = object(["physicalLocation"], {
  physicalLocation: object(["artifactLocation"], {
    artifactLocation,
    region: object(["startLine", "startColumn", "endLine", "endColumn"], {
      startLine: position,
      startColumn: position,
      endLine: position,
      endColumn: position,
    }),
  }),
  message,
});
const level = { enum: ["none", "note", "warning", "error"] };

const sarifRule = object(["id", "shortDescription", "fullDescription", "help", "defaultConfiguration", "properties"], {
  id: words,
  name: words,
  shortDescription: message,
  fullDescription: message,
  helpUri: { type: "string", format: "uri" },
  help: object(["text", "markdown"], { text: words, markdown: words }),
  defaultConfiguration: object(["level"], { level }),
  properties: {
    type: "object",
    required: ["tags", "security-severity"],
    properties: {
      tags: { type: "array", items: words, uniqueItems: true },
      "security-severity": { type: "string", pattern: "^(10\\.0|[0-9]\\.[0-9])$" },
      precision: { enum: ["very-high", "high", "medium", "low"] },
    },
  },
});

const sarifResult = object(["ruleId", "level", "message", "locations", "partialFingerprints"], {
  ruleId: words,
  ruleIndex: { type: "integer", minimum: 0 },
  level,
  message,
  locations: { type: "array", items: location, minItems: 1, maxItems: 1 },
  partialFingerprints: { type: "object", additionalProperties: words },
  suppressions: {
    type: "array",
    uniqueItems: true,
    items: object(["kind"], {
      kind: { enum: ["inSource", "external"] },
      status: { const: "accepted" },
      justification: text,
    }),
  },
  properties: bag,
});

/** What we use of SARIF 2.1.0 (OASIS Standard with errata 01, sections 3.13 to 3.58). */
export const sarifSubset = object(["version", "runs"], {
  $schema: { type: "string", format: "uri" },
  version: { const: "2.1.0" },
  runs: list(
    object(["tool", "results", "columnKind", "invocations"], {
      tool: object(["driver"], {
        driver: object(["name", "version", "rules"], {
          name: words,
          version: words,
          rules: { type: "array", items: sarifRule, uniqueItems: true },
          properties: bag,
        }),
      }),
      columnKind: { const: "utf16CodeUnits" },
      originalUriBaseIds: { type: "object", additionalProperties: object(["description"], { description: message }) },
      invocations: list(
        object(["executionSuccessful"], {
          executionSuccessful: { type: "boolean" },
          toolExecutionNotifications: list(
            object(["message"], {
              descriptor: object(["id"], { id: words }),
              level,
              message,
              locations: { type: "array", items: location, uniqueItems: true },
              properties: bag,
            }),
          ),
          properties: bag,
        }),
      ),
      results: list(sarifResult),
    }),
  ),
});

const time = { type: "string", pattern: "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}$" };
const scanner = object(["id", "name", "version", "vendor"], {
  id: words,
  name: words,
  version: words,
  vendor: object(["name"], { name: words }),
});
const web = { type: "string", pattern: "^https?://.+" };

/** What we use of GitLab's secret detection report, security-report-schemas 15.2.4. */
export const gitlabSubset = object(["version", "scan", "vulnerabilities"], {
  version: { const: "15.2.4" },
  schema: web,
  scan: object(["analyzer", "scanner", "type", "start_time", "end_time", "status"], {
    analyzer: scanner,
    scanner,
    type: { const: "secret_detection" },
    start_time: time,
    end_time: time,
    status: { enum: ["success", "failure"] },
    messages: list(object(["level", "value"], { level: { enum: ["info", "warn", "fatal"] }, value: words })),
  }),
  vulnerabilities: list(
    object(["id", "identifiers", "location"], {
      id: words,
      name: { type: "string", maxLength: 255 },
      description: { type: "string", maxLength: 1_048_576 },
      severity: { enum: ["Info", "Unknown", "Low", "Medium", "High", "Critical"] },
      solution: { type: "string", maxLength: 7000 },
      identifiers: {
        type: "array",
        minItems: 1,
        items: object(["type", "name", "value"], { type: words, name: words, value: words, url: web }),
      },
      links: list(object(["url"], { name: text, url: web })),
      location: object(["commit"], {
        file: text,
        commit: object(["sha"], { author: text, date: text, message: text, sha: words }),
        start_line: { type: "number" },
        end_line: { type: "number" },
      }),
      raw_source_code_extract: text,
    }),
  ),
});

const gitleaksFields = {
  RuleID: text,
  Description: text,
  StartLine: position,
  EndLine: position,
  StartColumn: position,
  EndColumn: position,
  Match: text,
  Secret: text,
  File: text,
  SymlinkFile: text,
  Commit: text,
  Entropy: { type: "number" },
  Author: text,
  Email: text,
  Date: text,
  Message: text,
  Tags: list(text),
  Fingerprint: words,
};

/** Entries of gitleaks' JSON report (version 8.24 and later), every field there. */
export const gitleaksEntries = list(object(Object.keys(gitleaksFields), gitleaksFields));
