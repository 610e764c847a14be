// A report and a format's name in, its text out; the doors reach the report room through here.

import { InternalError } from "../errors.ts";
import type { Report } from "../model/finding.ts";
import { formatNamed, loadRender } from "../report/formats.ts";
import type { FormatName, TextFormatName } from "../report/formats.ts";
import type { RenderOptions } from "../report/options.ts";

export type { TextFormatName } from "../report/formats.ts";
export { writeReport } from "../report/write.ts";

/** Renders a report at once, in a format that is at hand; the same report and options give the same text. */
export function render(report: Report, name: TextFormatName, options: RenderOptions): string {
  const format = formatNamed(name);
  if (format === undefined) throw new InternalError(`no format is called ${name}`);
  return format.render(report, options);
}

/** Renders a report in any format, one that must be loaded included; the same report and options give the same text. */
export async function loadAndRender(report: Report, name: FormatName, options: RenderOptions): Promise<string> {
  const load = await loadRender(name);
  if (load === undefined) throw new InternalError(`no format is called ${name}`);
  return load(report, options);
}
