import { language } from "$shared/i18n/language.svelte";
import { describe, expect, it } from "vitest";
import { makeDayMarks, makeMoves } from "../../tower/today/dayMarks";
import { endDelay_s, hoursOf, layOutLane, makeScale, stopAt, xOf } from "../../tower/today/laneScale";
import { groupByVan } from "../../tower/today/proposalVans";
import { mixOf, nextStopOf, shareSafe, sortLanes } from "../../tower/today/routeFacts";
import { splitAt } from "../../tower/today/splitLine";
import { meaningOfRoute, routesToLookAt, stateOfRoute } from "../../tower/data/risk";
import type { Proposal, StopPoint } from "../../tower/data/views";
import { lane } from "./fixtures";

const NINE = Date.parse("2026-10-05T09:00:00Z") / 1000;

describe("timeline", () => {
  // Eight hours at least: 09:00 to 17:00 on 800 px, 100 px an hour.
  const scale = makeScale([lane()], 0, 800);

  it("shows eight hours at least, in whole hours", () => {
    expect([scale.from_s, scale.to_s]).toEqual([NINE, NINE + 8 * 3600]);
    expect(xOf(scale, NINE + 5400)).toBe(150);
  });

  it("names every hour when there is room and every third when there is not", () => {
    expect(hoursOf(scale)).toHaveLength(9);
    expect(hoursOf({ ...scale, right_px: 160 })).toHaveLength(3);
  });

  it("stretches to hold a delayed return", () => {
    expect(makeScale([lane({ ends_at: "2026-10-05T18:00:00Z" })], 0, 800).to_s).toBe(NINE + 9 * 3600);
  });

  it("joins the marks of one meaning in one path and draws the loud ones last", () => {
    const paths = layOutLane(lane(), scale, 13).paths;
    expect(paths.map((path) => path.meaning)).toEqual(["done", "ok", "risk"]);
  });

  it("has no tail for less than a minute of delay", () => {
    expect(layOutLane(lane({ expected_end: "2026-10-05T12:00:59Z" }), scale, 13).late_end).toBeNull();
    expect(layOutLane(lane({ expected_end: "2026-10-05T12:30:00Z" }), scale, 13).late_end).toBe(350);
  });

  it("ends where the van is expected back, however late its next stop is", () => {
    const resting = lane({ delay_s: 2340, expected_end: "2026-10-05T12:09:00Z" });
    expect(endDelay_s(resting)).toBe(540);
    expect(layOutLane(resting, scale, 13).late_end).toBe(315);
    expect(layOutLane({ ...resting, expected_end: null }, scale, 13).late_end).toBeNull();
  });

  it("draws a colación where it was had, and says so", () => {
    language.current = "es";
    const rests = [{ start: "2026-10-05T10:00:00Z", end: "2026-10-05T10:32:00Z", is_over: true, is_short: false }];
    const breaks = [{ start: "2026-10-05T11:00:00Z", end: "2026-10-05T11:30:00Z" }];
    const drawn = layOutLane(lane({ rests, breaks }), scale, 13).rests;
    expect(drawn.map((rest) => [rest.told, rest.label.replace(/[ \u00a0].*/, "")])).toEqual([["over", "Tuvo"], [undefined, "Colación"]]);
  });

  it("picks the nearest stop within reach, and none beyond it", () => {
    expect(stopAt(lane(), scale, 154)).toBe("s2");
    expect(stopAt(lane(), scale, 200)).toBeUndefined();
  });

  it("puts the broken van first, then the late one, and the calm ones by code", () => {
    const routes = [lane({ code: "R-03", risk: "on_time" }), lane({ code: "R-02", risk: "on_time" }), lane({ code: "R-07", risk: "late", delay_s: 9000 }), lane({ code: "R-09", risk: "at_risk" }), lane({ code: "R-08", risk: "on_time", is_broken_down: true })];
    expect(sortLanes(routes).map((route) => route.code)).toEqual(["R-08", "R-07", "R-09", "R-02", "R-03"]);
  });
});

function takingVan(code: string): Proposal["vans"][number] {
  return { route_id: code, code, plate: "HKTR52", is_spare: false, position: [-70.7, -33.4], stops: 1, leaves_at: "", meets_at: null, back_at: "", shift_end: "", overtime_s: 0, cost_clp: 0 };
}

function proposedMove(more: Partial<Proposal["moves"][number]>): Proposal["moves"][number] {
  return { stop_id: "s", order_id: "o", reference: "P-1", address: null, to_route_id: "r", to_code: "R-01", arrival: "2026-10-05T15:00:00Z", latest: "2026-10-05T15:20:00Z", window: null, risk: "on_time", is_kept: true, after_stop_id: null, after_reload: false, ...more };
}

it("shows a van that broke down as such until its route is over, with nothing left on it too", () => {
  const empty = lane({ is_broken_down: true, risk: "closed" });
  expect([stateOfRoute(empty), meaningOfRoute(empty)]).toEqual(["broken_down", "late"]);
  const over = { ...empty, state: "finished" };
  expect([stateOfRoute(over), meaningOfRoute(over)]).toEqual(["finished", "done"]);
});

describe("map of the day", () => {
  const stop: StopPoint = { stop_id: "s3", order_id: "o3", route_id: "r1", position: [-70.61, -33.41], risk: "at_risk", sequence: 3 };

  it("cuts the line where the van is, near the share of closed stops", () => {
    // A there-and-back line: the van at the middle is on the way out, not on the way back.
    const [done, rest] = splitAt([[0, 0], [1, 0], [2, 0], [1, 0], [0, 0]], [1, 0.01], 0.2);
    expect([done.length, rest.length]).toEqual([3, 4]);
  });

  it("draws the position of the stream over the snapshot's", () => {
    const marks = makeDayMarks({ routes: [lane()], stops: [stop], vans: new Map([["r1", ["r1", -70.5, -33.5, 180, "x"]]]), lines: new Map(), loud: new Set(["r1"]) });
    expect(marks.vans[0]).toMatchObject({ position: [-70.5, -33.5], heading_deg: 180, hasPlate: true });
    expect(marks.stops[0]?.meaning).toBe("risk");
  });

  it("spends colour only on a van that has a line of its own", () => {
    const parts = { routes: [lane()], stops: [stop], vans: new Map(), lines: new Map() };
    const calm = makeDayMarks({ ...parts, loud: new Set() });
    expect([calm.routes[0]?.hasTrouble, calm.vans[0]?.hasPlate, calm.stops[0]?.isSlight]).toEqual([false, false, true]);
    const loud = makeDayMarks({ ...parts, loud: new Set(["r1"]) });
    expect([loud.routes[0]?.hasTrouble, loud.vans[0]?.hasPlate, loud.stops[0]?.isSlight]).toEqual([true, true, false]);
    const lines = [{ kind: "slight_risk", route_id: "r1" }, { kind: "late_route", route_id: "r2" }, { kind: "failed_stops", route_id: "r3" }, { kind: "unplanned", route_id: null }];
    expect([...routesToLookAt(lines as never)]).toEqual(["r2"]);
  });

  it("draws one arc for each van that takes over, to a stop both ends of which are known", () => {
    const move = proposedMove({ stop_id: "s3", to_route_id: "r1" });
    const proposal = { route_id: "r9", sentence: "", saves: 1, cost_clp: 0, next_day: "2026-10-06", vans: [], later: [], moves: [move, { ...move, stop_id: "s4" }, { ...move, stop_id: "s5" }, { ...move, to_route_id: "r8" }], left: [], undo: [] };
    const day = { routes: [lane()] } as never;
    const stops = [stop, { ...stop, stop_id: "s4", position: [-70.62, -33.42] as [number, number] }, { ...stop, stop_id: "s5", position: [-70.6, -33.4] as [number, number] }];
    expect(makeMoves(proposal, { view: day, stops, vans: new Map() })).toEqual([{ from: [-70.6, -33.4], to: [-70.61, -33.41], label: "R-01 · 3" }]);
    const spare = { ...takingVan("r7"), is_spare: true };
    expect(makeMoves({ ...proposal, vans: [spare], moves: [{ ...move, to_route_id: "r7" }] }, { view: day, stops, vans: new Map() })).toEqual([{ from: [-70.7, -33.4], to: [-70.61, -33.41], label: "r7 · 1" }]);
    expect(makeMoves(undefined, { view: day, stops, vans: new Map() })).toEqual([]);
  });

  it("names the first stop that is still open, and what the route is made of", () => {
    expect(nextStopOf(lane())).toMatchObject({ number: 2, stop: { stop_id: "s2" } });
    expect(mixOf(lane()).map((part) => part.meaning)).toEqual(["done", "risk", "ok"]);
    expect(nextStopOf(lane({ stops: [] }))).toBeUndefined();
  });
});

it("groups a proposal by the van that takes over", () => {
  const move = (to_route_id: string, arrival: string, risk = "on_time") => proposedMove({ stop_id: arrival, to_route_id, arrival, risk });
  const moves = [move("R-11", "2026-10-05T15:30:00Z", "at_risk"), move("R-09", "2026-10-05T16:00:00Z"), move("R-11", "2026-10-05T15:10:00Z")];
  const shares = groupByVan({ moves, vans: [takingVan("R-11"), takingVan("R-09")] });
  expect(shares.map((share) => [share.code, share.first, share.mix.map((part) => part.meaning)])).toEqual([["R-11", "2026-10-05T15:10:00Z", ["ok", "risk"]], ["R-09", "2026-10-05T16:00:00Z", ["ok"]]]);
});

it("calls a day without promises safe", () => {
  // 86,07 %: the server's sentence says 86,0 too.
  expect(shareSafe({ promises: 597, safe: 514 })).toBe(0.86);
  expect(shareSafe({ promises: 0, safe: 0 })).toBe(1);
});
