import { expect, test } from "vitest";
import { RosterUndo } from "../../tower/capacity/rosterUndo.svelte";

const cell = (shift: string | null) => ({ driver_id: "d", day: "2026-10-05", shift, depot: null, vehicle_id: null, is_away: false });
const step = (shift: string) => ({ before: [cell(null)], after: [cell(shift)] });

function storage() {
  const kept = new Map<string, string>();
  return { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) };
}

test("steps are taken back the newest first, and survive loading the page again", () => {
  const kept = storage();
  const undo = new RosterUndo("a", kept);
  undo.push(step("08:00–15:30"));
  undo.push(step("14:00–22:00"));
  expect(new RosterUndo("a", kept).last).toEqual(step("14:00–22:00"));
  undo.drop();
  expect(new RosterUndo("a", kept).last).toEqual(step("08:00–15:30"));
  expect(new RosterUndo("b", kept).last).toBeUndefined();
});

test("fifty steps are kept, and a storage that is full keeps the screen's", () => {
  const full = { getItem: () => "no es json", setItem: () => { throw new Error("full"); } };
  const undo = new RosterUndo("a", full);
  for (let number = 0; number < 51; number++) undo.push(step(String(number)));
  for (let number = 0; number < 49; number++) undo.drop();
  expect(undo.last).toEqual(step("1"));
  undo.drop();
  expect(undo.last).toBeUndefined();
});
