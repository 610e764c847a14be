// The vocabulary of verification: how a provider is asked, which answers mean something, and what came of it.

/**
 * What an answer row says. `stop`: nothing is known, and the host is left alone for the rest of the run (rate limit,
 * lock-out). `unknown`: a known answer that settles nothing.
 */
export const meanings = ["active", "inactive", "revoked", "stop", "unknown"] as const;
export type Meaning = (typeof meanings)[number];

/**
 * A value derived from the secret or from its other half before anything is sent. The steps run in the order of the
 * fields: `strip`, `decode`, `json` or `rsa`, `fits`, `encode`. Where a step fails, the request cannot be made.
 */
export interface RecipePart {
  readonly of: "secret" | "pair";
  /** Removed from the start, where it is there. */
  readonly strip?: string;
  /** Canonical base64 (standard alphabet, padded, spare bits zero) or base64url, to printable text. */
  readonly decode?: "base64" | "base64url";
  /** The text of this key of the JSON object that the value is. */
  readonly json?: string;
  /** The modulus of the RSA private key that the value is (base64 of PKCS #8 or PKCS #1), as base64url; public. */
  readonly rsa?: "modulus";
  /** RE2 pattern that the value must match as a whole. */
  readonly fits?: string;
  readonly encode?: "base64" | "base64url";
  /** It is no secret: it may stand in an address and in a condition. */
  readonly public?: boolean;
}

/**
 * One request. Placeholders: `{{secret}}`, `{{pair}}` (the other half, public by its rule's role), `{{NAME}}` (a part),
 * `{{base64(...)}}` around any of them. Addresses take public values only (`host` and public parts), with
 * `secretInPath` as the one exception.
 */
export interface RecipeRequest {
  readonly method: "GET" | "HEAD" | "POST";
  /** `https://` and a literal host, or `https://{{host}}` where the recipe has `host`; no query but a literal one. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** For a reviewed POST only; literal text. */
  readonly body?: string;
  /** Why this POST changes nothing. */
  readonly harmless?: string;
  /** The address holds the secret (Telegram), and is never shown. */
  readonly secretInPath?: boolean;
  /** AWS Signature Version 4 with the pair as key id: `authorization` and `x-amz-date` are added. */
  readonly sign?: { readonly kind: "aws-sigv4"; readonly service: string; readonly region: string };
  /** Made only where the secret, as it was found, starts so. */
  readonly ifStarts?: string;
}

/** A condition on a JSON body. `path`: keys and indexes joined by dots, `*` for any one key or index. */
export interface JsonCondition {
  readonly path: string;
  /** Exactly so; a placeholder of a public part may stand in it. */
  readonly equals?: string | number | boolean | null;
  readonly oneOf?: readonly (string | number)[];
  /** The text holds this, without regard to case. */
  readonly contains?: string;
  /** The text starts so. */
  readonly starts?: string;
  readonly exists?: boolean;
}

/**
 * One row of the answer table. Everything that is there must fit; the first row that fits decides, and nothing fits
 * means unknown. `json` and `text` read the body (8 KiB; a longer one fits no such row). Where no row of a recipe has `json` or
 * needs `media`, the body is not read.
 */
export interface AnswerRow {
  readonly row: string;
  readonly status: readonly number[];
  /** `json`: the Content-Type is JSON, or there is none and the body parses as JSON. */
  readonly media?: "json";
  readonly headers?: readonly { readonly name: string; readonly equals?: string; readonly contains?: string }[];
  readonly json?: readonly JsonCondition[];
  /** The body, which need not be JSON, holds this text as it stands. */
  readonly text?: string;
  /** Counts only where the control has been answered as it should within the last 24 hours. */
  readonly needsControl?: boolean;
  readonly means: Meaning;
  /** For people, where the row's name does not say enough. */
  readonly says?: string;
}

/** One thing that an answer may reveal, and how it is read; whatever does not have the form is left out. */
export interface Reveal {
  readonly fact: string;
  readonly header?: string;
  /** Path as in JsonCondition; the first value there. */
  readonly json?: string;
  /**
   * `date`: ISO 8601, Unix seconds or milliseconds, `2026-01-31 12:00:00 UTC` → `2026-01-31`. `words`: names of scopes,
   * a list or text. `label`: one short name of letters, digits and `._:/@ -`, at most 60 characters. `table`: `table`
   * names the value.
   */
  readonly as: "date" | "words" | "label" | "table";
  readonly table?: Readonly<Record<string, string>>;
}

/** The impossible key that is sent before the first real one, as templates; see `controlValues` in rules/control.ts. */
export interface ControlKey {
  readonly secret: string;
  readonly pair?: string;
  /** The negative answer that proves the endpoint must be one of these rows; default: any row that means inactive. */
  readonly rows?: readonly string[];
}

/** How one kind of credential is verified. */
export interface Recipe {
  /**
   * Tried in turn, the next one only where the one before was answered with inactive (other sites of the provider,
   * another spelling); inactive only after all. Those whose `ifStarts` does not fit are left out.
   */
  readonly requests: readonly RecipeRequest[];
  readonly parts?: Readonly<Record<string, RecipePart>>;
  /** `{{host}}` is the pair's value, which must be one or two labels (a-z, 0-9, -) and one of these endings. */
  readonly host?: { readonly suffixes: readonly string[] };
  readonly answers: readonly AnswerRow[];
  /** Or why there is none. */
  readonly control: ControlKey | { readonly none: string };
  readonly reveals: readonly Reveal[];
  /** What inactive does not cover: other installations, other sites. Shown with it. */
  readonly caveat?: string;
  /** The provider's page that says so. */
  readonly docs: string;
}
