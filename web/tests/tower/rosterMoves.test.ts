import { expect, test } from "vitest";
import type { RosterCell, RosterDepot, RosterRow } from "../../tower/data/roster";
import { cellsOf, isSo, movedBy, wishOf } from "../../tower/capacity/rosterMoves";

const DEPOT = { depot: "QUI", shifts: [{ code: "08:30–18:30" }, { code: "11:00–21:00" }] } as RosterDepot;
const ROW = { driver_id: "d" } as RosterRow;
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
  expect(wishOf("2", DEPOT)).toEqual({ kind: "shift", code: "11:00–21:00", depot: "QUI" });
  expect(wishOf("3", DEPOT)).toBeUndefined();
  expect(wishOf("0", DEPOT)).toEqual({ kind: "free" });
  expect(wishOf("Delete", DEPOT)).toEqual({ kind: "free" });
  expect(wishOf("A", DEPOT)).toEqual({ kind: "away" });
  expect(wishOf("Tab", DEPOT)).toBeUndefined();
});

test("a cell that is already so is not sent again", () => {
  expect(isSo(cell(), { kind: "free" })).toBe(true);
  expect(isSo(cell({ is_away: true }), { kind: "free" })).toBe(false);
  expect(isSo(cell({ duties: [duty("08:30–18:30")] }), { kind: "shift", code: "08:30–18:30", depot: "QUI" })).toBe(true);
  expect(isSo(cell({ duties: [duty("08:30–18:30"), duty("08:30–18:30")] }), { kind: "shift", code: "08:30–18:30", depot: "QUI" })).toBe(false);
});

test("a day off names no depot", () => {
  expect(cellsOf(ROW, "2026-10-06", { kind: "free" })).toEqual([{ driver_id: "d", day: "2026-10-06", shift: null, depot: null, is_away: false }]);
  expect(cellsOf(ROW, "2026-10-06", { kind: "shift", code: "11:00–21:00", depot: "QUI" })[0]?.depot).toBe("QUI");
});

test("who is lent comes home on the same hours", () => {
  const lent = cell({ duties: [{ ...duty("08:30–18:30"), depot: "SJO" }] });
  expect(isSo(lent, { kind: "shift", code: "08:30–18:30", depot: "QUI" })).toBe(false);
  expect(isSo(lent, { kind: "shift", code: "08:30–18:30", depot: "SJO" })).toBe(true);
});

test("a leave is a cell a day, over the end of a month, and has a limit", () => {
  const days = (until: string): string[] => cellsOf(ROW, "2026-10-30", { kind: "away", until }).map((each) => each.day);
  expect(days("2026-11-01")).toEqual(["2026-10-30", "2026-10-31", "2026-11-01"]);
  expect(days("2027-10-30")).toHaveLength(92);
  expect(isSo(cell({ is_away: true }), { kind: "away", until: "2026-11-01" })).toBe(false);
});
