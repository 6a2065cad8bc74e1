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

/** The box that leaves out the outermost share of the positions on each side: one far stop must not shrink the city. */
export function coreBoundsOf(positions: LonLat[], left_out: number = 0.02): Bounds | undefined {
  if (positions.length === 0) return undefined;
  const skip = Math.floor(positions.length * left_out);
  const trim = (axis: 0 | 1): [number, number] => {
    const values = positions.map((position) => position[axis]).sort((a, b) => a - b);
    return [values[skip] ?? 0, values[values.length - 1 - skip] ?? 0];
  };
  const [lons, lats] = [trim(0), trim(1)];
  return [
    [lons[0], lats[0]],
    [lons[1], lats[1]],
  ];
}
