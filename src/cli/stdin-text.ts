// Standard input in, all of it as text out.

/** Reads to the end, as UTF-8. */
export async function stdinText(): Promise<string> {
  const portions: Buffer[] = [];
  for await (const portion of process.stdin) portions.push(Buffer.from(portion as Uint8Array | string));
  return Buffer.concat(portions).toString("utf8");
}
