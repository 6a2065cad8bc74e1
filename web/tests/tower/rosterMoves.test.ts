import { expect, test } from "vitest";
import type { RosterCell, RosterDepot, RosterRow } from "../../tower/data/roster";
import { cellOf, isSo, movedBy, wishOf } from "../../tower/capacity/rosterMoves";

const CODES = ["08:30–18:30", "11:00–21:00"];
const cell = (over: Partial<RosterCell> = {}): RosterCell => ({ day: "2026-10-06", duties: [], is_away: false, ...over });
const duty = (shift: string): RosterCell["duties"][number] => ({ shift, depot: "QUI", vehicle_id: "v", vehicle: "BBCD12" });

test("arrows stay within the grid", () => {
  expect(movedBy({ row: 0, column: 0 }, "ArrowLeft", 3, 14)).toEqual({ row: 0, column: 0 });
  expect(movedBy({ row: 1, column: 13 }, "ArrowRight", 3, 14)).toEqual({ row: 1, column: 13 });
  expect(movedBy({ row: 2, column: 4 }, "ArrowDown", 3, 14)).toEqual({ row: 2, column: 4 });
  expect(movedBy({ row: 2, column: 4 }, "End", 3, 14)).toEqual({ row: 2, column: 13 });
  expect(movedBy({ row: 2, column: 4 }, "x", 3, 14)).toBeUndefined();
});

test("a number puts the shift of that place, and no other key does", () => {
  expect(wishOf("2", CODES)).toEqual({ kind: "shift", code: "11:00–21:00" });
  expect(wishOf("3", CODES)).toBeUndefined();
  expect(wishOf("0", CODES)).toEqual({ kind: "free" });
  expect(wishOf("Delete", CODES)).toEqual({ kind: "free" });
  expect(wishOf("A", CODES)).toEqual({ kind: "away" });
  expect(wishOf("Tab", CODES)).toBeUndefined();
});

test("a cell that is already so is not sent again", () => {
  expect(isSo(cell(), { kind: "free" })).toBe(true);
  expect(isSo(cell({ is_away: true }), { kind: "free" })).toBe(false);
  expect(isSo(cell({ duties: [duty("08:30–18:30")] }), { kind: "shift", code: "08:30–18:30" })).toBe(true);
  expect(isSo(cell({ duties: [duty("08:30–18:30"), duty("08:30–18:30")] }), { kind: "shift", code: "08:30–18:30" })).toBe(false);
});

test("a day off names no depot", () => {
  const row = { driver_id: "d" } as RosterRow, depot = { depot: "QUI" } as RosterDepot;
  expect(cellOf(row, "2026-10-06", depot, { kind: "free" })).toEqual({ driver_id: "d", day: "2026-10-06", shift: null, depot: null, is_away: false });
  expect(cellOf(row, "2026-10-06", depot, { kind: "shift", code: "11:00–21:00" }).depot).toBe("QUI");
});
