import type { ShownComuna } from "../data/promises";

export type ShownKey = "comuna" | "orders" | "start" | "days" | "p_kept" | "price_clp";
export interface ShownSorting {
  by: ShownKey;
  way: "asc" | "desc";
}

/** Small letters without accents: who types nunoa means Ñuñoa. */
const folded = (text: string): string => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** The comunas whose name has what was typed, sorted; those nothing is offered in come last either way. */
export function shownRows(rows: ShownComuna[], wanted: string, { by, way }: ShownSorting): ShownComuna[] {
  const sign = way === "asc" ? 1 : -1;
  return rows.filter((row) => folded(row.comuna).includes(folded(wanted.trim()))).sort((one, other) => {
    const [a, b] = [one[by], other[by]];
    if (a === null || b === null) return Number(a === null) - Number(b === null) || one.comuna.localeCompare(other.comuna, "es");
    const gap = typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "es");
    return sign * gap || one.comuna.localeCompare(other.comuna, "es");
  });
}
