import { expect, test } from "vitest";
import type { DepotDocks, DockSlot } from "../../tower/data/docks";
import { DockScale, LABEL_PX, ROW_PX, widthNamed } from "../../tower/capacity/dockScale";

const slot = (route: string, start: string, end: string, over: Partial<DockSlot> = {}): DockSlot =>
  ({ route, door: 1, wave: 1, start: `2026-10-05T${start}:00Z`, end: `2026-10-05T${end}:00Z`, due: "2026-10-05T12:00:00Z", late_min: 0, ...over });
/** An hour of doors on a hundred pixels a quarter. */
const WIDTH = LABEL_PX + 22 + 400;
const depot = (slots: DockSlot[]): DepotDocks => ({ doors: 2, opens: "2026-10-05T11:00:00Z", closes: "2026-10-05T12:00:00Z", slots }) as DepotDocks;

test("a quarter of an hour is a quarter of the width", () => {
  const scale = new DockScale(depot([]), WIDTH);
  expect(scale.x("2026-10-05T11:15:00Z")).toBe(LABEL_PX + 100);
  expect(scale.y(2) - scale.y(1)).toBe(ROW_PX);
  expect(scale.box(slot("R-1", "11:15", "11:30")).width).toBe(99);
});

test("a load beyond closing is still on the chart", () => {
  const late = slot("R-1", "12:00", "13:00");
  expect(new DockScale(depot([late]), WIDTH).x(late.end)).toBe(LABEL_PX + 400);
});

test("a name stands only where it finds room", () => {
  const scale = new DockScale(depot([]), WIDTH);
  expect(scale.isNamed(slot("R-14", "11:00", "11:15"))).toBe(true);
  expect(scale.isNamed(slot("R-14", "11:00", "11:02"))).toBe(false);
});

test("times to leave are drawn while they are few", () => {
  const many = Array.from({ length: 5 }, (_, index) => slot(`R-${index}`, "11:00", "11:15", { due: `2026-10-05T12:0${index}:00Z` }));
  expect(new DockScale(depot(many.slice(0, 2)), WIDTH).dues).toHaveLength(2);
  expect(new DockScale(depot(many), WIDTH).dues).toEqual([]);
});

test("on a phone the chart is as wide as the names of its routes need", () => {
  const loads = [slot("R-14", "11:00", "11:15"), slot("R-15", "11:15", "11:20")];
  const scale = new DockScale(depot(loads), widthNamed(depot(loads)));
  expect(loads.every((load) => scale.isNamed(load))).toBe(true);
  expect(widthNamed(depot([]))).toBe(LABEL_PX + 22);
});
