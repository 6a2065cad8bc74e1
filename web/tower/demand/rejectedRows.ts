import type { HistoryImport } from "../data/demand";
import { csvOf } from "../orders/rejectedCsv";

export type RejectedRow = HistoryImport["rejected"][number];

/** Rows that one advice mends; they differ in their numbers at most. */
export interface RejectedGroup {
  field: string;
  reason: string;
  count: number;
  first: RejectedRow[];
}

const FIRST_SHOWN = 3;

/** The rows that were left out by what is wrong with them, the commonest first: seven thousand rows of one mistake are one. */
export function rejectedGroups(rejected: RejectedRow[]): RejectedGroup[] {
  const groups = new Map<string, RejectedGroup>();
  for (const row of rejected) {
    const key = `${row.field}|${row.reason.replace(/\d+/g, "#")}`;
    const group = groups.get(key);
    if (!group) groups.set(key, { field: row.field, reason: row.reason, count: 1, first: [row] });
    else {
      group.count += 1;
      if (group.first.length < FIRST_SHOWN) group.first.push(row);
    }
  }
  return [...groups.values()].sort((one, other) => other.count - one.count || (one.first[0]?.row ?? 0) - (other.first[0]?.row ?? 0));
}

/** Rows as they came, for a spreadsheet: under their own columns, so that they are mended there and imported again; the reasons beside them. */
export function historyRejectedCsv(rejected: RejectedRow[], columns: string[]): string {
  if (columns.length === 0) return csvOf([["fila", "columna", "motivo"], ...rejected.map((row) => [String(row.row ?? ""), row.field, row.reason])]);
  const rows = new Map<string, { cells: string[]; row: string; reasons: string[] }>();
  for (const { row, field, reason, cells, written } of rejected) {
    const key = [row, ...cells].join("|");
    const same = rows.get(key) ?? { cells: columns.map((_, place) => cells[place] ?? ""), row: String(row ?? ""), reasons: [] };
    // What does not stand under the columns must not be taken for them when it comes again.
    same.reasons.push(cells.length > 0 ? `${field}: ${reason}` : `${field}: ${reason} ${written}`);
    rows.set(key, same);
  }
  return csvOf([[...columns, "fila", "motivo"], ...[...rows.values()].map(({ cells, row, reasons }) => [...cells, row, reasons.join(" ")])]);
}
