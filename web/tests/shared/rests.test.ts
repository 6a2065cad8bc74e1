import { describe, expect, it } from "vitest";
import { isRest, restsOf, withRests } from "../../shared/route/rests";

const at = (time: string): string => `2026-10-05T${time}:00Z`;
const route = {
  breaks: [{ start: at("13:10"), end: at("13:40") }],
  reloads: [{ arrival: at("12:00"), departure: at("12:30") }],
};
const stops = [{ id: "a", arrival: at("11:00") }, { id: "b", arrival: at("12:50") }, { id: "c", arrival: at("14:00") }];

describe("rests of a route", () => {
  it("stand by their hour, whatever they are", () => {
    expect(restsOf(route).map((rest) => rest.kind)).toEqual(["reload", "break"]);
  });

  it("tell a colación that was had from one that is planned", () => {
    const told = { ...route, rests: [{ start: at("09:00"), end: at("09:30"), is_over: true }, { start: at("15:00"), end: at("15:30"), is_over: false }] };
    expect(restsOf(told).map((rest) => rest.told ?? rest.kind)).toEqual(["over", "reload", "break", "now"]);
  });

  it("tell one that was too short to count from one that was had", () => {
    const told = { rests: [{ start: at("13:05"), end: at("13:05"), is_over: true, is_short: true }, { start: at("13:20"), end: at("13:50"), is_over: true, is_short: false }] };
    expect(restsOf(told).map((rest) => rest.told)).toEqual(["short", "over"]);
  });

  it("are none in a day that an older page kept", () => {
    expect(restsOf({})).toEqual([]);
    expect(restsOf(null)).toEqual([]);
  });

  it("stand before the stop that is reached after them", () => {
    const rows = withRests(stops, (stop) => stop.arrival, restsOf(route));
    expect(rows.map((row) => (isRest(row) ? row.kind : row.id))).toEqual(["a", "reload", "b", "break", "c"]);
  });

  it("stand at the end when every stop was before", () => {
    const rows = withRests(stops.slice(0, 1), (stop) => stop.arrival, restsOf(route));
    expect(rows.map((row) => (isRest(row) ? row.kind : row.id))).toEqual(["a", "reload", "break"]);
  });
});
