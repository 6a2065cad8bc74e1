import { addProtocol, Map as GlMap, setWorkerUrl, type MapOptions, type VectorTileSource } from "maplibre-gl";
import workerUrl from "maplibre-gl/dist/maplibre-gl-worker.mjs?url";
import "maplibre-gl/dist/maplibre-gl.css";
import { Protocol } from "pmtiles";
import { waitBefore } from "../live/backoff";
import { BASEMAP_SOURCE, MAP_FONT } from "./style";

const archives = new Protocol();
let isReady = false;

/** Prepares the library once: its worker, the tile archive protocol, and the font its labels are drawn with. */
async function prepare(): Promise<void> {
  if (!isReady) {
    isReady = true;
    setWorkerUrl(workerUrl);
    addProtocol("pmtiles", archives.tile);
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
  keepAsking(map);
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  return map;
}

/** One failed request would leave the map bare for ever: what failed is asked for again, more and more seldom. */
function keepAsking(map: GlMap): void {
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  map.on("error", () => {
    if (timer !== undefined) return;
    failures += 1;
    timer = setTimeout(() => { timer = undefined; askAgain(map); }, waitBefore(failures));
  });
  map.on("idle", () => { failures = 0; });
  map.on("remove", () => clearTimeout(timer));
}

function askAgain(map: GlMap): void {
  const source = map.getSource<VectorTileSource>(BASEMAP_SOURCE);
  // The archive remembers a directory that could not be read, and the source counts as loaded all the same.
  archives.tiles.clear();
  source?.setUrl(source.url);
}
