// Rows of cells in, the lines of a table for a terminal out; where it is too narrow, each row takes two lines.

import { displayWidth, hang, wrap } from "./layout.ts";

/** Narrowest last column of a table; where less is left, each row takes two lines. */
const minLastColumn = 22;
const gap = "  ";

/** One row; its texts are escaped already. */
export interface TableRow {
  /** All cells but the last one, each on one line. */
  readonly cells: readonly string[];
  /** Wrapped in the room that is left. */
  readonly last: string;
  /** Paints the first cell. */
  readonly paint: (text: string) => string;
}

/** A table: titles of all columns, the last one included. */
export interface TextTable {
  readonly titles: readonly string[];
  readonly rows: readonly TableRow[];
  /** Columns of the terminal. */
  readonly width: number;
  /** Paints the titles. */
  readonly paintTitles: (text: string) => string;
}

/** The text, filled up with spaces to so many columns. */
export function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - displayWidth(text)));
}

/** Cells side by side; the last one is wrapped in the room that is left. */
function renderRow(row: TableRow, widths: readonly number[], room: number): readonly string[] {
  const [first = "", ...others] = row.cells.map((cell, index) => padded(cell, widths[index] ?? 0));
  const indent = " ".repeat(widths.reduce((sum, width) => sum + width + gap.length, gap.length));
  return wrap(row.last, room).map((line, index) => {
    return (index === 0 ? `${gap}${[row.paint(first), ...others, line].join(gap)}` : indent + line).trimEnd();
  });
}

function renderStacked({ cells: [first = "", second = "", ...cells], last, paint }: TableRow, width: number): string[] {
  const head = `${gap}${paint(first)}${gap}${second}`;
  return [head, ...hang("      ", [...cells, last].filter((cell) => cell !== "").join(", "), width)];
}

/** The lines of a table, titles first; a narrow one has no titles. Empty without rows. */
export function renderTable({ titles, rows, width, paintTitles }: TextTable): readonly string[] {
  if (rows.length === 0) return [];
  const columns = titles.slice(0, -1);
  const widths = columns.map((title, column) => {
    return rows.reduce((widest, { cells }) => Math.max(widest, displayWidth(cells[column] ?? "")), title.length);
  });
  const room = width - widths.reduce((sum, column) => sum + column + gap.length, gap.length);
  if (room < minLastColumn) return rows.flatMap((row) => renderStacked(row, width));
  const head = [...columns.map((title, column) => padded(title, widths[column] ?? 0)), titles.at(-1) ?? ""].join(gap);
  return [paintTitles(`${gap}${head}`), ...rows.flatMap((row) => renderRow(row, widths, room))];
}
