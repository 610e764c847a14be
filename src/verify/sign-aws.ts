// A request and an AWS key pair in, the two headers that sign it out (Signature Version 4); the secret itself is not sent.

import { createHash, createHmac } from "node:crypto";

/** What is signed, for whom, and when. */
export interface AwsRequest {
  readonly method: string;
  readonly url: URL;
  readonly body: string;
  readonly keyId: string;
  readonly secret: string;
  readonly service: string;
  readonly region: string;
  /** Milliseconds since 1970; AWS refuses a clock that is five minutes off. */
  readonly now: number;
}

const algorithm = "AWS4-HMAC-SHA256";
const signedHeaders = "host;x-amz-date";

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function hmac(key: string | Uint8Array, text: string): Uint8Array {
  return createHmac("sha256", key).update(text).digest();
}

/** RFC 3986, as AWS asks for it: everything but letters, digits and `-._~` in percent and upper case. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

function canonicalQuery(url: URL): string {
  return [...url.searchParams]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .toSorted((a, b) => (a < b ? -1 : 1))
    .join("&");
}

function canonicalRequest({ method, url, body }: AwsRequest, stamp: string): string {
  // Host and date are all that must be signed; other headers may change on the way.
  const headers = `host:${url.host}\nx-amz-date:${stamp}\n`;
  return [method, url.pathname, canonicalQuery(url), headers, signedHeaders, sha256(body)].join("\n");
}

/** `authorization` and `x-amz-date` for the request ("Create a signed AWS API request", IAM User Guide). */
export function signAws(request: AwsRequest): { readonly authorization: string; readonly "x-amz-date": string } {
  const { keyId, secret, region, service, now } = request;
  const stamp = new Date(now).toISOString().replaceAll(/[-:]|\.\d+/g, "");
  const day = stamp.slice(0, 8);
  const scope = `${day}/${region}/${service}/aws4_request`;
  const toSign = [algorithm, stamp, scope, sha256(canonicalRequest(request, stamp))].join("\n");
  const key = [day, region, service, "aws4_request"].reduce<string | Uint8Array>(hmac, `AWS4${secret}`);
  const signature = createHmac("sha256", key).update(toSign).digest("hex");
  const credential = `Credential=${keyId}/${scope}`;
  return {
    authorization: `${algorithm} ${credential}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
    "x-amz-date": stamp,
  };
}
