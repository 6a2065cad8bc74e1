import type { LonLat } from "$shared/map/marks";

/** A tenth of a metre: more digits are not drawn by hand. */
const DECIMALS = 6;
const CORNERS_MIN = 3;
const ONE_RING = /^\s*POLYGON\s*\(\(([^()]+)\)\)\s*$/i;

/** The corners of a zone's outline, each once; nothing where the text is no polygon of one ring. */
export function ringOf(wkt: string): LonLat[] | undefined {
  const inside = ONE_RING.exec(wkt)?.[1];
  const corners = inside?.split(",").map((pair) => pair.trim().split(/\s+/).map(Number)) ?? [];
  if (corners.length <= CORNERS_MIN || corners.some((corner) => corner.length !== 2 || corner.some((degrees) => !Number.isFinite(degrees)))) return undefined;
  return corners.slice(0, -1).map(([lon, lat]): LonLat => [lon as number, lat as number]);
}

/** The outline as the table keeps it: closed, longitude first. */
export function wktOf(ring: LonLat[]): string {
  const pairs = [...ring, ...ring.slice(0, 1)].map((corner) => corner.map((degrees) => Number(degrees.toFixed(DECIMALS))).join(" "));
  return `POLYGON ((${pairs.join(", ")}))`;
}

/** Whether it holds an area, and none of its sides crosses another. */
export function isOutline(ring: LonLat[]): boolean {
  return ring.length >= CORNERS_MIN && !crosses(ring);
}

/** Whether two sides cross that do not meet at a corner. */
export function crosses(ring: LonLat[]): boolean {
  const sides = ring.map((corner, n) => [corner, ring[(n + 1) % ring.length] as LonLat] as const);
  return sides.some((side, n) => sides.some((other, m) => m > n + 1 && (n > 0 || m < sides.length - 1) && cut(...side, ...other)));
}

function cut(a: LonLat, b: LonLat, c: LonLat, d: LonLat): boolean {
  return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
}

function turn([ax, ay]: LonLat, [bx, by]: LonLat, [cx, cy]: LonLat): number {
  return (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
}

/** Where a corner goes into a closed outline: into the side that is nearest. */
export function placeIn(ring: LonLat[], corner: LonLat): number {
  const gaps = ring.map((start, n) => gapTo(corner, start, ring[(n + 1) % ring.length] as LonLat));
  return gaps.indexOf(Math.min(...gaps)) + 1;
}

function gapTo([x, y]: LonLat, [ax, ay]: LonLat, [bx, by]: LonLat): number {
  const shrink = Math.cos((y * Math.PI) / 180);
  const [dx, dy, ex, ey] = [(bx - ax) * shrink, by - ay, (x - ax) * shrink, y - ay];
  const share = Math.max(0, Math.min(1, (ex * dx + ey * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(ex - share * dx, ey - share * dy);
}
