import type { ExpressionSpecification, LayerSpecification, SourceSpecification } from "maplibre-gl";
import type { MarkColours } from "./palette";
import { MAP_FONT } from "./style";

/** Sources and layers of our marks, from the quietest to the loudest. */
export const MARK_SOURCES = ["routes", "moves", "stops", "vans", "depots"] as const;
export type MarkSource = (typeof MARK_SOURCES)[number];
/** Layers a person can point at. */
export const PRESSABLE = ["stops-open", "stops-slight", "stops-alert", "stops-closed", "stop-selected", "van-arrow", "van-plate", "route-line"];

const EMPTY: SourceSpecification = { type: "geojson", data: { type: "FeatureCollection", features: [] } };

export function markSources(): Record<MarkSource, SourceSpecification> {
  return Object.fromEntries(MARK_SOURCES.map((name) => [name, EMPTY])) as Record<MarkSource, SourceSpecification>;
}

const is = (name: string, value: string | boolean): ExpressionSpecification => ["==", ["get", name], value];
const byZoom = (far: number, near: number): ExpressionSpecification => ["interpolate", ["linear"], ["zoom"], 10.5, far, 14.5, near];

function routeLayers(colours: MarkColours): LayerSpecification[] {
  const layout = { "line-join": "round", "line-cap": "round" } as const;
  const ink = colours.ink;
  const selected = is("tone", "selected");
  const restOpacity: ExpressionSpecification = ["match", ["get", "tone"], "trouble", 0.62, 0.3];
  return [
    { id: "route-done", type: "line", source: "routes", layout, filter: ["all", is("part", "done"), ["!", selected]], paint: { "line-color": ink, "line-opacity": 0.1, "line-width": 1.2 } },
    { id: "route-line", type: "line", source: "routes", layout, filter: ["all", is("part", "rest"), ["!", selected]], paint: { "line-color": ink, "line-opacity": restOpacity, "line-width": ["match", ["get", "tone"], "trouble", 1.8, 1.5] } },
    { id: "route-selected-done", type: "line", source: "routes", layout, filter: ["all", is("part", "done"), selected], paint: { "line-color": colours.brand, "line-opacity": 0.35, "line-width": 2 } },
    { id: "route-selected-halo", type: "line", source: "routes", layout, filter: ["all", is("part", "rest"), selected], paint: { "line-color": colours["map-halo"], "line-width": 6.5 } },
    { id: "route-selected", type: "line", source: "routes", layout, filter: ["all", is("part", "rest"), selected], paint: { "line-color": colours.brand, "line-width": 3 } },
    { id: "move-halo", type: "line", source: "moves", paint: { "line-color": colours["map-halo"], "line-width": 4 } },
    { id: "move", type: "line", source: "moves", paint: { "line-color": colours.brand, "line-width": 2, "line-dasharray": [2.5, 2] } },
  ];
}

function shapeLayout(theme: string, far: number, near: number, order: number) {
  return {
    "icon-image": ["concat", ["get", "meaning"], `@${theme}`] as ExpressionSpecification,
    "icon-size": ["interpolate", ["linear"], ["zoom"], 10.5, ["case", ["get", "isInRoute"], far * 1.25, far], 14.5, ["case", ["get", "isInRoute"], near * 1.2, near]] as ExpressionSpecification,
    "icon-allow-overlap": true,
    "icon-ignore-placement": true,
    "symbol-sort-key": order,
  };
}

function stopLayers(colours: MarkColours, theme: string): LayerSpecification[] {
  const slight = is("isSlight", true);
  const isQuiet: ExpressionSpecification = ["match", ["get", "meaning"], ["ok"], true, false];
  return [
    { id: "stops-closed", type: "symbol", source: "stops", filter: is("meaning", "done"), layout: shapeLayout(theme, 0.5, 1, 0), paint: { "icon-opacity": ["case", ["get", "isInRoute"], 0.9, 0.55] } },
    { id: "stops-open", type: "symbol", source: "stops", filter: isQuiet, layout: shapeLayout(theme, 0.34, 0.62, 1) },
    { id: "stops-slight", type: "symbol", source: "stops", filter: slight, layout: { ...shapeLayout(theme, 0.4, 0.7, 2), "icon-image": `slight@${theme}` } },
    { id: "stops-alert", type: "symbol", source: "stops", filter: ["all", ["!", slight], ["match", ["get", "meaning"], ["risk", "late", "fail"], true, false]], layout: shapeLayout(theme, 0.56, 0.85, 2) },
    { id: "stop-selected-halo", type: "circle", source: "stops", filter: is("isSelected", true), paint: { "circle-radius": 13, "circle-color": "transparent", "circle-stroke-width": 5, "circle-stroke-color": colours["map-halo"] } },
    { id: "stop-selected", type: "circle", source: "stops", filter: is("isSelected", true), paint: { "circle-radius": 12, "circle-color": "transparent", "circle-stroke-width": 2.5, "circle-stroke-color": colours.brand } },
  ];
}

function vanLayers(theme: string): LayerSpecification[] {
  const overlap = { "icon-allow-overlap": true, "icon-ignore-placement": true } as const;
  return [
    {
      id: "van-arrow", type: "symbol", source: "vans", filter: is("hasPlate", false),
      layout: { ...overlap, "icon-image": `arrow@${theme}`, "icon-rotate": ["get", "heading"], "icon-rotation-alignment": "map", "icon-size": byZoom(0.8, 1.15) },
    },
    {
      id: "van-plate", type: "symbol", source: "vans", filter: is("hasPlate", true),
      layout: {
        ...overlap,
        "icon-image": ["concat", ["case", ["get", "isSelected"], "plate-selected:", "plate:"], ["get", "meaning"], ":", ["get", "label"], `@${theme}`],
        "symbol-sort-key": ["case", ["get", "isSelected"], 1, 0],
      },
    },
  ];
}

/** Which van would take how many, on its arc: over everything, since it is what is being decided. */
function moveLabelLayer(colours: MarkColours): LayerSpecification {
  return {
    id: "move-label", type: "symbol", source: "moves",
    layout: { "symbol-placement": "line-center", "text-rotation-alignment": "viewport", "text-field": ["get", "label"], "text-font": [MAP_FONT, "SemiBold"], "text-size": 12.5, "text-allow-overlap": true, "text-ignore-placement": true },
    paint: { "text-color": colours.brand, "text-halo-color": colours["map-halo"], "text-halo-width": 3 },
  };
}

function depotLayer(colours: MarkColours, theme: string): LayerSpecification {
  return {
    id: "depots", type: "symbol", source: "depots",
    layout: {
      "icon-image": `depot@${theme}`, "icon-allow-overlap": true, "text-optional": true, "text-field": ["get", "name"],
      "text-font": [MAP_FONT, "SemiBold"], "text-size": 11.5, "text-anchor": "left", "text-offset": [1, 0],
    },
    paint: { "text-color": colours.ink, "text-halo-color": colours["map-halo"], "text-halo-width": 1.6 },
  };
}

/** Every layer of ours, to be put over the basemap. */
export function markLayers(colours: MarkColours, theme: string): LayerSpecification[] {
  return [...routeLayers(colours), ...stopLayers(colours, theme), depotLayer(colours, theme), ...vanLayers(theme), moveLabelLayer(colours)];
}
