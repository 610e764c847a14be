// An error of the network in, one word of a closed list out: its own text, which may hold a secret, ends here.

/** Why no answer came. */
export type Failure =
  | "timeout"
  | "dns"
  | "address-refused"
  | "connection"
  | "reset"
  | "tls"
  | "proxy"
  | "bad-answer"
  | "interrupted";

const byCode: Readonly<Record<string, Failure>> = {
  KW_ADDRESS: "address-refused",
  ENOTFOUND: "dns",
  EAI_AGAIN: "dns",
  EAI_FAIL: "dns",
  EAI_NODATA: "dns",
  EAI_NONAME: "dns",
  ENODATA: "dns",
  ESERVFAIL: "dns",
  ECONNRESET: "reset",
  EPIPE: "reset",
  UND_ERR_SOCKET: "reset",
  ETIMEDOUT: "timeout",
  UND_ERR_CONNECT_TIMEOUT: "timeout",
  UND_ERR_HEADERS_TIMEOUT: "timeout",
  UND_ERR_BODY_TIMEOUT: "timeout",
  UND_ERR_HEADERS_OVERFLOW: "bad-answer",
  // The body ended before its announced length.
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: "reset",
};

/** OpenSSL's and Node's words for certificates and handshakes that do not hold. */
const tlsCode =
  /^(?:ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO$|CRL_|INVALID_CA)/;

/** Codes of an error and of what caused it, outermost first. */
function codesOf(error: unknown): readonly string[] {
  const codes: string[] = [];
  let seen: unknown = error;
  for (let depth = 0; depth < 5 && typeof seen === "object" && seen !== null; depth++) {
    const { code, cause, errors } = seen as { code?: unknown; cause?: unknown; errors?: unknown };
    if (typeof code === "string") codes.push(code);
    seen = Array.isArray(errors) ? errors[0] : cause;
  }
  return codes;
}

function isProxyTrouble(error: unknown): boolean {
  const { name, message } = Object(error) as { name?: unknown; message?: unknown };
  return String(name) === "SecureProxyConnectionError" || /proxy/i.test(String(message));
}

/** The word for an error. With a proxy, not being able to connect is the proxy's failure, since nobody else is dialled. */
export function failureOf(error: unknown, withProxy: boolean): Failure {
  const codes = codesOf(error);
  const { name } = Object(error) as { name?: unknown };
  if (name === "HTTPParserError" || codes.some((code) => code.startsWith("HPE_"))) return "bad-answer";
  if (codes.some((code) => tlsCode.test(code))) return "tls";
  if (withProxy && (isProxyTrouble(error) || codes.includes("ECONNREFUSED") || codes.includes("ENOTFOUND")))
    return "proxy";
  for (const code of codes) {
    const failure = byCode[code];
    if (failure !== undefined) return failure;
  }
  return "connection";
}
