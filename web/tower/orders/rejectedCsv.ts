import type { ImportView } from "../data/orderViews";

/** OWASP, CSV injection: a cell that begins so is run as a formula by spreadsheets. */
const RUNS = /^[=+\-@\t\r]/;
const HEADERS = ["fila", "documento", "campo", "motivo"];

/** The rows a preview would leave out, for a spreadsheet: semicolons and a mark, so that Excel in Spanish opens it. */
export function rejectedCsv(view: ImportView): string {
  const references = new Map(view.rows.map((row) => [row.row, row.reference]));
  const lines = view.rejected.map((fault) => [String(fault.row ?? ""), references.get(fault.row ?? -1) ?? "", fault.field, fault.reason]);
  return csvOf([HEADERS, ...lines]);
}

/** Rows of cells as Excel in Spanish opens them: semicolons and a mark. */
export function csvOf(rows: string[][]): string {
  return `\uFEFF${rows.map((cells) => cells.map(quoted).join(";")).join("\r\n")}\r\n`;
}

/** Has the browser keep a text as a file. */
export function downloadText(text: string, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

function quoted(cell: string): string {
  const harmless = RUNS.test(cell) ? `'${cell}` : cell;
  return /[;"\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
