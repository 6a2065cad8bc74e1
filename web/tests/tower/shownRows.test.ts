import { describe, expect, it } from "vitest";
import type { ShownComuna } from "../../tower/data/promises";
import { shownRows } from "../../tower/promise/shownRows";

const comuna = (name: string, orders: number, p_kept: number | null): ShownComuna => ({
  comuna: name, orders, p_kept, start: p_kept === null ? null : "2026-12-01T12:00:00Z", end: p_kept === null ? null : "2026-12-02T00:00:00Z", days: p_kept === null ? null : 1, price_clp: p_kept === null ? null : 0,
});
const ROWS = [comuna("Maipú", 30, 0.96), comuna("Ñuñoa", 20, null), comuna("Providencia", 10, 0.98)];
const names = (rows: ShownComuna[]): string[] => rows.map((row) => row.comuna);

describe("the comunas and what their carts show", () => {
  it("are found without accents, in any letters", () => {
    expect(names(shownRows(ROWS, " nunoa ", { by: "orders", way: "desc" }))).toEqual(["Ñuñoa"]);
    expect(shownRows(ROWS, "xyz", { by: "orders", way: "desc" })).toEqual([]);
  });

  it("are sorted by any column, and those with nothing to offer stay last", () => {
    expect(names(shownRows(ROWS, "", { by: "orders", way: "asc" }))).toEqual(["Providencia", "Ñuñoa", "Maipú"]);
    expect(names(shownRows(ROWS, "", { by: "p_kept", way: "asc" }))).toEqual(["Maipú", "Providencia", "Ñuñoa"]);
    expect(names(shownRows(ROWS, "", { by: "p_kept", way: "desc" }))).toEqual(["Providencia", "Maipú", "Ñuñoa"]);
  });
});
