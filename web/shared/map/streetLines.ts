import type { ExpressionSpecification, LayerSpecification } from "maplibre-gl";
import type { Feature, FeatureCollection } from "geojson";
import type { LonLat } from "./marks";
import type { MarkColours } from "./palette";

/** A street as a dispatcher marked it, or is about to. */
export interface StreetLine {
  lines: LonLat[][];
  kind: "closed" | "slow" | "found";
}

export const STREET_SOURCE = "streets";

/** Marked streets, the line being drawn and its corners, as the map takes them. */
export function streetFeatures(streets: StreetLine[], draft: LonLat[], shape: "line" | "area" = "line"): FeatureCollection {
  const marked = streets.flatMap(({ lines, kind }) => lines.map((coordinates): Feature => ({ type: "Feature", properties: { kind }, geometry: { type: "LineString", coordinates } })));
  // The corners of an area are taken by hand: the map has them as buttons.
  if (shape === "area") return { type: "FeatureCollection", features: [...marked, ...areaFeatures(draft)] };
  const corners = draft.map((coordinates): Feature => ({ type: "Feature", properties: { kind: "corner" }, geometry: { type: "Point", coordinates } }));
  const drawn: Feature[] = draft.length > 1 ? [{ type: "Feature", properties: { kind: "draft" }, geometry: { type: "LineString", coordinates: draft } }] : [];
  return { type: "FeatureCollection", features: [...marked, ...drawn, ...corners] };
}

/** Two corners are a side as yet, three an area. */
function areaFeatures(ring: LonLat[]): Feature[] {
  const outline: Feature = { type: "Feature", properties: { kind: "draft" }, geometry: { type: "LineString", coordinates: [...ring, ...ring.slice(0, 1)] } };
  const area: Feature = { type: "Feature", properties: { kind: "area" }, geometry: { type: "Polygon", coordinates: [[...ring, ...ring.slice(0, 1)]] } };
  return [...(ring.length > 2 ? [area] : []), ...(ring.length > 1 ? [outline] : [])];
}

const is = (kind: string): ExpressionSpecification => ["==", ["get", "kind"], kind];

/** A closed street is dashed as well as red: nobody has to tell colours apart. */
export function streetLayers(colours: MarkColours): LayerSpecification[] {
  const layout = { "line-join": "round", "line-cap": "butt" } as const;
  const source = STREET_SOURCE;
  return [
    { id: "street-area", type: "fill", source, filter: is("area"), paint: { "fill-color": colours.brand, "fill-opacity": 0.16 } },
    { id: "street-halo", type: "line", source, layout, filter: ["in", ["get", "kind"], ["literal", ["closed", "slow", "found"]]], paint: { "line-color": colours["map-halo"], "line-width": 9 } },
    { id: "street-slow", type: "line", source, layout, filter: is("slow"), paint: { "line-color": colours["risk-m"], "line-width": 5 } },
    { id: "street-closed", type: "line", source, layout, filter: is("closed"), paint: { "line-color": colours["fail-m"], "line-width": 5, "line-dasharray": [1.6, 0.8] } },
    { id: "street-found", type: "line", source, layout, filter: is("found"), paint: { "line-color": colours.brand, "line-width": 5 } },
    { id: "street-draft", type: "line", source, layout, filter: is("draft"), paint: { "line-color": colours.ink, "line-width": 1.5, "line-dasharray": [2, 2] } },
    { id: "street-corner", type: "circle", source, filter: is("corner"), paint: { "circle-radius": 5, "circle-color": colours.surface, "circle-stroke-color": colours.brand, "circle-stroke-width": 2.5 } },
  ];
}
