import type { LonLat, Marks, RouteMark, StopMark, VanMark } from "$shared/map/marks";
import { meaningOf } from "../data/risk";
import type { DayView, Proposal, RouteLane, StopPoint, VanRow } from "../data/views";
import { splitAt } from "./splitLine";

interface DayParts {
  routes: RouteLane[];
  stops: StopPoint[];
  vans: ReadonlyMap<string, VanRow>;
  lines: ReadonlyMap<string, LonLat[]>;
}

const TROUBLED = new Set(["at_risk", "late", "failed"]);
const UNDER_WAY = new Set(["loading", "loaded", "started", "paused"]);

/** Turns the day's rows into what the map draws. */
export function makeDayMarks(parts: DayParts): Marks {
  return {
    routes: parts.routes.map((route) => routeMark(route, parts)),
    stops: parts.stops.map(stopMark),
    vans: parts.routes.flatMap((route) => vanMark(route, parts.vans.get(route.id))),
    depots: [],
    moves: [],
  };
}

export function positionOf(route: RouteLane, fix: VanRow | undefined): LonLat | null {
  return fix ? [fix[1], fix[2]] : route.position;
}

function routeMark(route: RouteLane, parts: DayParts): RouteMark {
  const line = parts.lines.get(route.id) ?? [];
  const position = positionOf(route, parts.vans.get(route.id));
  const hasTrouble = route.is_broken_down || TROUBLED.has(route.risk);
  if (!UNDER_WAY.has(route.state) || !position) {
    const isOver = route.stops_total > 0 && route.stops_closed >= route.stops_total;
    return { id: route.id, hasTrouble, done: isOver ? line : [], rest: isOver ? [] : line };
  }
  const share = route.stops_total > 0 ? route.stops_closed / route.stops_total : 0;
  const [done, rest] = splitAt(line, position, share);
  return { id: route.id, hasTrouble, done, rest };
}

function stopMark(stop: StopPoint): StopMark {
  return { id: stop.stop_id, routeId: stop.route_id, position: stop.position, meaning: meaningOf(stop.risk) };
}

function vanMark(route: RouteLane, fix: VanRow | undefined): VanMark[] {
  const position = positionOf(route, fix);
  if (!position) return [];
  const heading_deg = fix ? fix[3] : route.heading_deg;
  const hasPlate = route.is_broken_down || route.risk === "late" || route.risk === "at_risk";
  const meaning = route.is_broken_down ? "late" : meaningOf(route.risk);
  return [{ id: route.id, position, heading_deg, label: route.code, meaning, hasPlate }];
}

type Move = Marks["moves"][number];

/** A proposed move is drawn from the van that would come to the stop it would serve. */
export function makeMoves(proposal: Proposal | undefined, parts: { view: DayView | undefined; stops: StopPoint[]; vans: ReadonlyMap<string, VanRow> }): Move[] {
  return (proposal?.moves ?? []).flatMap((move): Move[] => {
    const stop = parts.stops.find((point) => point.stop_id === move.stop_id);
    const route = parts.view?.routes.find((candidate) => candidate.id === move.to_route_id);
    const spare = proposal?.vans.find((van) => van.is_spare && van.route_id === move.to_route_id);
    const from = route ? positionOf(route, parts.vans.get(route.id)) : spare?.position;
    return stop && from ? [[from, stop.position]] : [];
  });
}
