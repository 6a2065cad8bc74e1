import type { LonLat } from "$shared/map/marks";

/** The way to one stop drawn without a map: what the phone shows with no signal. */
export interface Sketch {
  path: string;
  from: LonLat | undefined;
  to: LonLat;
}

const MARGIN_PX = 56;
/** The last part of the way is what the driver looks for: about this many points of the route. */
const TAIL_POINTS = 80;

function nearestIndex(path: LonLat[], to: LonLat): number {
  const scale = Math.cos((to[1] * Math.PI) / 180);
  let best = 0;
  let best_d = Infinity;
  path.forEach((point, index) => {
    const d = ((point[0] - to[0]) * scale) ** 2 + (point[1] - to[1]) ** 2;
    if (d < best_d) [best, best_d] = [index, d];
  });
  return best;
}

/** The piece of the route that ends at the stop, from where the driver is when that is known and behind. */
export function wayTo(path: LonLat[], stop: LonLat, position: LonLat | null): LonLat[] {
  if (path.length < 2) return position ? [position, stop] : [];
  const end = nearestIndex(path, stop);
  const here = position ? nearestIndex(path.slice(0, end + 1), position) : Math.max(0, end - TAIL_POINTS);
  return path.slice(here, end + 1);
}

export function sketch(way: LonLat[], stop: LonLat, width_px: number, height_px: number): Sketch {
  const points = [...way, stop];
  const scale = Math.cos((stop[1] * Math.PI) / 180);
  const xs = points.map((point) => point[0] * scale);
  const ys = points.map((point) => -point[1]);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const zoom = Math.min((width_px - 2 * MARGIN_PX) / (right - left || 1e-6), (height_px - 2 * MARGIN_PX) / (bottom - top || 1e-6), 60_000);
  const at = (index: number): LonLat => [
    width_px / 2 + ((xs[index] ?? 0) - (left + right) / 2) * zoom,
    height_px / 2 + ((ys[index] ?? 0) - (top + bottom) / 2) * zoom + 10,
  ];
  const drawn = way.map((_point, index) => at(index));
  return {
    path: drawn.map(([x, y], index) => `${index ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join(""),
    from: drawn[0],
    to: at(points.length - 1),
  };
}
