import { addProtocol, Map as GlMap, setWorkerUrl, type MapOptions } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import "maplibre-gl/dist/maplibre-gl.css";
import { Protocol } from "pmtiles";
import { MAP_FONT } from "./style";

let isReady = false;

/** Prepares the library once: its worker, the tile archive protocol, and the font its labels are drawn with. */
async function prepare(): Promise<void> {
  if (!isReady) {
    isReady = true;
    setWorkerUrl(workerUrl);
    addProtocol("pmtiles", new Protocol().tile);
  }
  await Promise.all([430, 640].map((weight) => document.fonts.load(`${weight} 12px "${MAP_FONT}"`)));
}

/** Makes a map with our defaults: no rotation, no pitch, attribution always visible. */
export async function createMap(options: MapOptions): Promise<GlMap> {
  await prepare();
  const map = new GlMap({
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    rollEnabled: false,
    maxZoom: 18,
    minZoom: 8,
    attributionControl: { compact: false },
    fadeDuration: 0,
    ...options,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  return map;
}
