import type { Feature, FeatureCollection, LineString, Point } from "geojson";
import type { Meaning } from "../ui/meanings";

/** What the map draws of ours. Positions are [lon, lat]. */
export type LonLat = [number, number];

export interface RouteMark {
  id: string;
  /** The part already driven, and what remains. */
  done: LonLat[];
  rest: LonLat[];
  hasTrouble: boolean;
}

export interface StopMark {
  id: string;
  position: LonLat;
  meaning: Meaning;
  routeId: string | null;
  /** A risk too slight to act on: drawn as an outline. */
  isSlight?: boolean;
}

export interface VanMark {
  id: string;
  position: LonLat;
  /** Degrees clockwise from north; null when the van has not moved yet. */
  heading_deg: number | null;
  label: string;
  meaning: Meaning;
  /** Only vans with a problem, or in a proposal, carry a plate. */
  hasPlate: boolean;
}

export interface DepotMark {
  id: string;
  position: LonLat;
  name: string;
}

/** What a van would take over: from where it is to the middle of what it would serve. */
export interface MoveMark {
  from: LonLat;
  to: LonLat;
  label: string;
}

export interface Marks {
  routes: RouteMark[];
  stops: StopMark[];
  vans: VanMark[];
  depots: DepotMark[];
  moves: MoveMark[];
}

export const NO_MARKS: Marks = { routes: [], stops: [], vans: [], depots: [], moves: [] };

export interface Selection {
  routeId: string | null;
  stopId: string | null;
}

export const NO_SELECTION: Selection = { routeId: null, stopId: null };

function collect<G extends Point | LineString>(features: Feature<G>[]): FeatureCollection<G> {
  return { type: "FeatureCollection", features };
}

function line(coordinates: LonLat[], properties: Record<string, unknown>): Feature<LineString> {
  return { type: "Feature", properties, geometry: { type: "LineString", coordinates } };
}

function point(coordinates: LonLat, properties: Record<string, unknown>): Feature<Point> {
  return { type: "Feature", properties, geometry: { type: "Point", coordinates } };
}

/** Every route gives up to two lines: what is driven and what remains. */
export function routeFeatures(routes: RouteMark[], selection: Selection): FeatureCollection<LineString> {
  const features: Feature<LineString>[] = [];
  for (const route of routes) {
    const tone = route.id === selection.routeId ? "selected" : route.hasTrouble ? "trouble" : "calm";
    if (route.done.length > 1) features.push(line(route.done, { id: route.id, tone, part: "done" }));
    if (route.rest.length > 1) features.push(line(route.rest, { id: route.id, tone, part: "rest" }));
  }
  return collect(features);
}

export function stopFeatures(stops: StopMark[], selection: Selection): FeatureCollection<Point> {
  return collect(
    stops.map((stop) => {
      const isSelected = stop.id === selection.stopId;
      const isInRoute = stop.routeId !== null && stop.routeId === selection.routeId;
      return point(stop.position, { id: stop.id, routeId: stop.routeId, meaning: stop.meaning, isSlight: stop.isSlight ?? false, isSelected, isInRoute });
    }),
  );
}

export function vanFeatures(vans: VanMark[], selection: Selection): FeatureCollection<Point> {
  return collect(
    vans.map((van) => {
      const isSelected = van.id === selection.routeId;
      const { id, label, meaning } = van;
      return point(van.position, { id, label, meaning, isSelected, heading: van.heading_deg ?? 0, hasPlate: van.hasPlate || isSelected });
    }),
  );
}

export function depotFeatures(depots: DepotMark[]): FeatureCollection<Point> {
  return collect(depots.map((depot) => point(depot.position, { id: depot.id, name: depot.name })));
}

export function moveFeatures(moves: MoveMark[]): FeatureCollection<LineString> {
  return collect(moves.map(({ from, to, label }, index) => line(bend(from, to), { id: String(index), label })));
}

const BEND_POINTS = 16;
const BEND_SHARE = 0.18;

/** A proposed move is drawn as a curve, so that no one takes it for a street. */
export function bend(from: LonLat, to: LonLat): LonLat[] {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const middle: LonLat = [(from[0] + to[0]) / 2 - dy * BEND_SHARE, (from[1] + to[1]) / 2 + dx * BEND_SHARE];
  return Array.from({ length: BEND_POINTS + 1 }, (_, index) => {
    const t = index / BEND_POINTS;
    const u = 1 - t;
    return [
      u * u * from[0] + 2 * u * t * middle[0] + t * t * to[0],
      u * u * from[1] + 2 * u * t * middle[1] + t * t * to[1],
    ] satisfies LonLat;
  });
}
