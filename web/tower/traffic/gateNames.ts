import type { RoadTables } from "../data/traffic";

/** What people call the gates: their name and the street or autopista they stand on, by id. */
export function gateNames(tables: Pick<RoadTables, "items" | "gate_streets"> | undefined): Map<string, string> {
  const gates = tables?.items.find((item) => item.kind === "gates");
  const [id, name] = [gates?.columns.indexOf("id") ?? 0, gates?.columns.indexOf("name") ?? 0];
  return new Map((gates?.rows ?? []).map((row) => [row[id] ?? "", gateName(row[id] ?? "", row[name] ?? "", tables?.gate_streets[row[id] ?? ""])]));
}

/** "PA13 ALAMEDA · Autopista Central"; the id where nobody named it. */
function gateName(id: string, name: string, street: string | undefined): string {
  return [...new Set([name, street].filter(Boolean))].join(" · ") || id;
}

const plain = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase("es");

/** Whether a row is what somebody looks for: by any of its cells, or by what its gate is called. */
export function isFound(row: string[], names: Map<string, string>, wanted: string): boolean {
  const said = plain([...row, ...row.map((cell) => names.get(cell) ?? "")].join(" "));
  return plain(wanted).split(/\s+/).every((word) => said.includes(word));
}
