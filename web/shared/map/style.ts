import type { ExpressionSpecification, FilterSpecification, LayerSpecification, StyleSpecification, SymbolLayerSpecification } from "maplibre-gl";
import { PALETTES, type MapTheme, type Palette } from "./palette";

/** Our basemap: one vector source, no glyph or sprite server. Labels are drawn with the page's own font. */
export const BASEMAP_URL = "/map/basemap.pmtiles";
export const BASEMAP_SOURCE = "basemap";
export const MAP_FONT = "Archivo Variable";
/** Everything of ours goes below this layer when it must not cover the street names. */
export const FIRST_LABEL = "road-name";

type RoadClass = "minor" | "tertiary" | "secondary" | "primary" | "motorway";
interface Road {
  name: RoadClass;
  fill: keyof Palette;
  casing: keyof Palette;
  zoom_min: number;
  /** Width in px at zooms 10, 12.4, 14.5, 16.5 and 18. */
  width_px: [number, number, number, number, number];
}

const ROADS: Road[] = [
  { name: "minor", fill: "minor", casing: "minorCase", zoom_min: 11.5, width_px: [0.15, 0.55, 2.2, 9, 20] },
  { name: "tertiary", fill: "tertiary", casing: "minorCase", zoom_min: 10, width_px: [0.4, 1.3, 4, 12, 24] },
  { name: "secondary", fill: "secondary", casing: "primaryCase", zoom_min: 9, width_px: [0.6, 1.9, 5, 14, 28] },
  { name: "primary", fill: "primary", casing: "primaryCase", zoom_min: 8, width_px: [0.8, 2.4, 6, 17, 32] },
  { name: "motorway", fill: "motorway", casing: "motorwayCase", zoom_min: 6, width_px: [1, 2.8, 7, 18, 34] },
];
const CASING_PX = 1.4;

function width(road: Road, extra_px: number): ExpressionSpecification {
  const [a, b, c, d, e] = road.width_px.map((px) => px + extra_px);
  return ["interpolate", ["exponential", 1.4], ["zoom"], 10, a, 12.4, b, 14.5, c, 16.5, d, 18, e] as ExpressionSpecification;
}

function isClass(...names: RoadClass[]): FilterSpecification {
  return ["in", ["get", "class"], ["literal", names]];
}

function roadLayer(road: Road, palette: Palette, kind: "casing" | "fill"): LayerSpecification {
  const isCasing = kind === "casing";
  return {
    id: `${road.name}-${kind}`,
    type: "line",
    source: BASEMAP_SOURCE,
    "source-layer": "transportation",
    minzoom: road.zoom_min,
    filter: isClass(road.name),
    layout: { "line-cap": "round", "line-join": "round" },
    paint: {
      "line-color": palette[isCasing ? road.casing : road.fill],
      "line-width": width(road, isCasing ? CASING_PX : 0),
    },
  };
}

function areaLayer(id: "park" | "water", palette: Palette): LayerSpecification {
  return { id, type: "fill", source: BASEMAP_SOURCE, "source-layer": id, paint: { "fill-color": palette[id] } };
}

function nameLayers(palette: Palette): LayerSpecification[] {
  const shared = { source: BASEMAP_SOURCE, "source-layer": "transportation_name", type: "symbol" } as const;
  const layout: NonNullable<SymbolLayerSpecification["layout"]> = {
    "symbol-placement": "line",
    "text-field": ["get", "name"],
    "text-font": [MAP_FONT],
    "text-max-angle": 25,
    "text-letter-spacing": 0.01,
  };
  const paint = { "text-color": palette.name, "text-halo-color": palette.nameHalo, "text-halo-width": 1.3 };
  return [
    {
      ...shared, id: FIRST_LABEL, minzoom: 12, filter: isClass("primary", "secondary"), paint,
      layout: { ...layout, "symbol-spacing": 420, "text-padding": 18, "text-size": ["interpolate", ["linear"], ["zoom"], 12, 10.5, 16, 12.5] },
    },
    {
      ...shared, id: "small-road-name", minzoom: 14, filter: isClass("tertiary", "minor"), paint,
      layout: { ...layout, "symbol-spacing": 260, "text-padding": 8, "text-size": ["interpolate", ["linear"], ["zoom"], 14, 10.5, 17, 12.5] },
    },
  ];
}

function placeLayer(palette: Palette): LayerSpecification {
  return {
    id: "place",
    type: "symbol",
    source: BASEMAP_SOURCE,
    "source-layer": "place",
    maxzoom: 15,
    layout: {
      "text-field": ["upcase", ["get", "name"]],
      "text-font": [MAP_FONT],
      "text-size": 11,
      "text-letter-spacing": 0.22,
      "text-padding": 12,
    },
    paint: { "text-color": palette.place, "text-halo-color": palette.nameHalo, "text-halo-width": 1.6 },
  };
}

/** The basemap alone, in one of its three themes. */
export function makeBasemapStyle(theme: MapTheme, url: string = BASEMAP_URL): StyleSpecification {
  const palette = PALETTES[theme];
  const absolute = new URL(url, globalThis.location?.href ?? "http://localhost").href;
  return {
    version: 8,
    sources: { [BASEMAP_SOURCE]: { type: "vector", url: `pmtiles://${absolute}`, attribution: "© OpenStreetMap" } },
    layers: [
      { id: "land", type: "background", paint: { "background-color": palette.land } },
      areaLayer("park", palette),
      areaLayer("water", palette),
      ...ROADS.map((road) => roadLayer(road, palette, "casing")),
      ...ROADS.map((road) => roadLayer(road, palette, "fill")),
      ...nameLayers(palette),
      placeLayer(palette),
    ],
  };
}
