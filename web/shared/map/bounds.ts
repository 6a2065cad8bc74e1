import type { LonLat } from "./marks";

export type Bounds = [LonLat, LonLat];

/** The smallest box around the positions, or nothing when there is none. */
export function boundsOf(positions: LonLat[]): Bounds | undefined {
  if (positions.length === 0) return undefined;
  const lons = positions.map((position) => position[0]);
  const lats = positions.map((position) => position[1]);
  return [
    [Math.min(...lons), Math.min(...lats)],
    [Math.max(...lons), Math.max(...lats)],
  ];
}
