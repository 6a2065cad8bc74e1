import type { Feature, Polygon } from "geojson";
import type { LonLat } from "./marks";

const METRES_PER_DEGREE = 111_320;
const CORNERS = 48;

/** A circle of this radius as a polygon, for what is known only to within some metres. */
export function circleAround(center: LonLat, radius_m: number): Feature<Polygon> {
  const lat_deg = radius_m / METRES_PER_DEGREE;
  const lon_deg = lat_deg / Math.cos((center[1] * Math.PI) / 180);
  const ring = Array.from({ length: CORNERS + 1 }, (_, index) => {
    const angle = (index / CORNERS) * 2 * Math.PI;
    return [center[0] + lon_deg * Math.cos(angle), center[1] + lat_deg * Math.sin(angle)];
  });
  return { type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [ring] } };
}
