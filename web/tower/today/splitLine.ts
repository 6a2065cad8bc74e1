import type { LonLat } from "$shared/map/marks";

/** How far, as a share of the line, the van may be from where its closed stops say it is. */
const SEARCH_SHARE = 0.25;

/**
 * Cuts a route's line where the van is, so that what is driven is drawn fainter.
 *
 * A line crosses itself: the nearest vertex is looked for only around the share of stops already closed.
 */
export function splitAt(line: LonLat[], position: LonLat, share: number): [LonLat[], LonLat[]] {
  if (line.length < 2) return [[], line];
  const expected = share * (line.length - 1);
  const from = Math.max(0, Math.floor(expected - SEARCH_SHARE * line.length));
  const to = Math.min(line.length - 1, Math.ceil(expected + SEARCH_SHARE * line.length));
  let nearest = from;
  let best = Infinity;
  for (let index = from; index <= to; index += 1) {
    const gap = squaredGap(line[index], position);
    if (gap < best) [best, nearest] = [gap, index];
  }
  return [
    [...line.slice(0, nearest + 1), position],
    [position, ...line.slice(nearest + 1)],
  ];
}

function squaredGap(a: LonLat | undefined, b: LonLat): number {
  if (!a) return Infinity;
  const squash = Math.cos((b[1] * Math.PI) / 180);
  return ((a[0] - b[0]) * squash) ** 2 + (a[1] - b[1]) ** 2;
}
