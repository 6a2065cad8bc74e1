import type { RoadTables } from "../data/traffic";

/** What people call the gates: their name, the autopista or street and the comuna they stand in, by id. */
export function gateNames(tables: Pick<RoadTables, "items" | "gate_places"> | undefined): Map<string, string> {
  const gates = tables?.items.find((item) => item.kind === "gates");
  const [id, name] = [gates?.columns.indexOf("id") ?? 0, gates?.columns.indexOf("name") ?? 0];
  const said = (gates?.rows ?? []).map((row) => [row[id] ?? "", gateName(row[name] ?? "", tables?.gate_places[row[id] ?? ""] ?? "")] as const);
  const isAlone = (called: string): boolean => said.filter(([, other]) => other === called).length === 1;
  return new Map(said.map(([id, called]) => [id, called && isAlone(called) ? called : [called, id].filter(Boolean).join(" · ")]));
}

/** "PA13 ALAMEDA · Autopista Central, Santiago"; many are named as their autopista. */
function gateName(name: string, place: string): string {
  return [place.startsWith(name) ? "" : name, place].filter(Boolean).join(" · ") || name;
}

const plain = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase("es");

/** Whether a row is what somebody looks for: by any of its cells, or by what its gate is called. */
export function isFound(row: string[], names: Map<string, string>, wanted: string): boolean {
  const said = plain([...row, ...row.map((cell) => names.get(cell) ?? "")].join(" "));
  return plain(wanted).split(/\s+/).every((word) => said.includes(word));
}
