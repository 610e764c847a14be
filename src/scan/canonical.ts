// A secret as it stands in, the secret proper out: the same whether on one line or many, escaped or not.

/**
 * Removes what only wraps a secret of several lines: line breaks, spelled-out `\n` and `\r`, indentation, quotes,
 * continuation marks. Secrets of one line without such escapes come back as they are.
 */
export function canonicalText(secret: string): string {
  if (!/[\r\n]|\\[rn]/.test(secret)) return secret;
  return secret.replaceAll(/\\[rn]|[\s"'`\\+,]/g, "");
}
