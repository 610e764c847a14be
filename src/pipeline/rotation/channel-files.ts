// An overview in, the files of channels out: a Markdown page, a calendar, a JSON report; each replaced in one step.

import { updateRootedFile } from "../../base/locked-file.ts";
import type { Overview } from "../../channels/overview.ts";
import type { Delivery } from "../../model/channel.ts";
import { attempt, nothing, together } from "./deliveries.ts";

/** The channels that are files. */
export const fileChannels = ["markdown", "ics", "json"] as const;
export type FileChannel = (typeof fileChannels)[number];

/** How a channel's file is called, and how it is rendered from what stood there before. */
const table: Readonly<
  Record<FileChannel, { readonly file: string; render(overview: Overview, before: string): Promise<string> }>
> = {
  markdown: {
    file: "rotation.md",
    render: async (overview, before) => (await import("../../channels/markdown.ts")).renderMarkdown(overview, before),
  },
  ics: {
    file: "rotation.ics",
    render: async (overview) => (await import("../../channels/ics.ts")).renderCalendar(overview),
  },
  json: {
    file: "rotation-report.json",
    render: async (overview) => (await import("../../channels/json.ts")).renderRotationJson(overview),
  },
};

/** The text of a channel, as it would stand in its file if that were new. */
export function renderChannel(channel: FileChannel, overview: Overview): Promise<string> {
  return table[channel].render(overview, "");
}

async function writeChannel(channel: FileChannel, overview: Overview, root: string): Promise<Delivery> {
  const file = `.keywarden/${table[channel].file}`;
  const isNew = await updateRootedFile({ root, file }, async (before) => {
    const text = await table[channel].render(overview, before ?? "");
    return { text, result: text !== before };
  });
  return isNew ? { ...nothing, written: [{ what: "saved", where: file }] } : nothing;
}

/**
 * Writes the files of channels into `.keywarden/` of a root; the same text is not written again. One that cannot be
 * written is a problem, and stays as it was.
 */
export async function writeChannels(
  channels: readonly FileChannel[],
  overview: Overview,
  root: string,
): Promise<Delivery> {
  const deliveries: Delivery[] = [];
  for (const channel of channels) deliveries.push(await attempt(() => writeChannel(channel, overview, root)));
  return together(deliveries);
}
