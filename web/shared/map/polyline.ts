import type { LonLat } from "./marks";

const SCALE = 100_000;
const OFFSET = 63;
const CHUNK_BITS = 5;
const CHUNK_MASK = 0x1f;
const MORE = 0x20;

/** The path of an encoded polyline with five decimals, as the server sends routes; empty text is an empty path. */
export function decodePolyline(text: string): LonLat[] {
  const path: LonLat[] = [];
  let at = 0;
  let lat = 0;
  let lon = 0;
  const next = (): number => {
    let value = 0;
    let shift = 0;
    let chunk: number;
    do {
      if (at >= text.length) throw new RangeError("the polyline is cut short");
      chunk = text.charCodeAt(at++) - OFFSET;
      value |= (chunk & CHUNK_MASK) << shift;
      shift += CHUNK_BITS;
    } while (chunk & MORE);
    return value & 1 ? ~(value >> 1) : value >> 1;
  };
  while (at < text.length) {
    lat += next();
    lon += next();
    path.push([lon / SCALE, lat / SCALE]);
  }
  return path;
}
