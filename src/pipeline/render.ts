// A report and a format's name in, its text out; the doors reach the report room through here.

import { InternalError } from "../errors.ts";
import type { Report } from "../model/finding.ts";
import { formatNamed } from "../report/formats.ts";
import type { FormatName } from "../report/formats.ts";
import type { RenderOptions } from "../report/options.ts";

export { writeReport } from "../report/write.ts";

/** Renders a report; the same report and options give the same text. */
export function render(report: Report, name: FormatName, options: RenderOptions): string {
  const format = formatNamed(name);
  if (format === undefined) throw new InternalError(`no format is called ${name}`);
  return format.render(report, options);
}
