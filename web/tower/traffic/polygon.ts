import type { LonLat } from "$shared/map/marks";

/** A tenth of a metre: more digits are not drawn by hand. */
const DECIMALS = 6;
const CORNERS_MIN = 3;
const ONE_RING = /^\s*POLYGON\s*\(\(([^()]+)\)\)\s*$/i;

/** The corners of a zone's outline, each once, closed or not; nothing where the text is no polygon of one ring. */
export function ringOf(wkt: string): LonLat[] | undefined {
  const inside = ONE_RING.exec(wkt)?.[1];
  const corners = inside?.split(",").map((pair) => pair.trim().split(/\s+/).map(Number)) ?? [];
  if (corners.some((corner) => corner.length !== 2 || corner.some((degrees) => !Number.isFinite(degrees)))) return undefined;
  const ring = corners.map(([lon, lat]): LonLat => [lon as number, lat as number]);
  const [first, last] = [ring[0], ring.at(-1)];
  if (ring.length > 1 && first && last && isSame(first, last)) ring.pop();
  return ring.length >= CORNERS_MIN ? ring : undefined;
}

/** The outline as the table keeps it: closed, longitude first. */
export function wktOf(ring: LonLat[]): string {
  const pairs = [...ring, ...ring.slice(0, 1)].map(([lon, lat]) => `${Number(lon.toFixed(DECIMALS))} ${Number(lat.toFixed(DECIMALS))}`);
  return `POLYGON ((${pairs.join(", ")}))`;
}

/** Whether it holds an area, and its sides meet at its corners alone. */
export function isOutline(ring: LonLat[]): boolean {
  return ring.length >= CORNERS_MIN && !touches(ring);
}

/** Whether two sides have a point in common besides the corner between them, as the table would keep them. */
export function touches(ring: LonLat[]): boolean {
  if (ring.length < CORNERS_MIN) return false;
  // In whole numbers, so that what lies on a side does so exactly.
  const kept = ring.map((corner) => corner.map((degrees) => Math.round(degrees * 10 ** DECIMALS)) as LonLat);
  const sides = kept.map((corner, n) => [corner, kept[(n + 1) % kept.length] as LonLat] as const);
  return sides.some(([a, b], n) => sides.some(([c, d], m) => {
    if (m <= n) return false;
    if (m === n + 1) return isOn(a, c, d) || isOn(d, a, b);
    if (n === 0 && m === sides.length - 1) return isOn(b, c, d) || isOn(c, a, b);
    return cut(a, b, c, d) || isOn(a, c, d) || isOn(b, c, d) || isOn(c, a, b) || isOn(d, a, b);
  }));
}

function cut(a: LonLat, b: LonLat, c: LonLat, d: LonLat): boolean {
  return Math.sign(turn(a, b, c)) * Math.sign(turn(a, b, d)) < 0 && Math.sign(turn(c, d, a)) * Math.sign(turn(c, d, b)) < 0;
}

function isOn([x, y]: LonLat, [ax, ay]: LonLat, [bx, by]: LonLat): boolean {
  const isBeside = x < Math.min(ax, bx) || x > Math.max(ax, bx) || y < Math.min(ay, by) || y > Math.max(ay, by);
  return !isBeside && turn([ax, ay], [bx, by], [x, y]) === 0;
}

function isSame(a: LonLat, b: LonLat): boolean {
  return a[0] === b[0] && a[1] === b[1];
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
