import { expect, it } from "vitest";
import { instantAt } from "$shared/format/localTime";
import { shiftBody } from "../../tower/planning/shiftChoice";

it("tells the server the instants of a changed shift, and no field that it does not know", () => {
  const date = "2026-10-06";
  const shift = { date, driver_id: "d", vehicle_id: "v", depot_id: "q", start: instantAt(date, "08:30"), end: instantAt(date, "18:30") };
  const body = shiftBody({ ...shift, from: "11:00", until: "12:30" });
  expect(body).toEqual({ ...shift, start: instantAt(date, "11:00"), end: instantAt(date, "12:30") });
});
