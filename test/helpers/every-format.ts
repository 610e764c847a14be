// Every format with its renderer, those that are loaded on first use included.

import { formats, largeFormats } from "../../src/report/formats.ts";
import type { FormatName, FormatTraits, Render } from "../../src/report/formats.ts";

/** In the order of help. */
export const everyFormat: readonly (FormatTraits<FormatName> & { readonly render: Render })[] = [
  ...formats,
  ...(await Promise.all(largeFormats.map(async (format) => ({ ...format, render: await format.load() })))),
];
