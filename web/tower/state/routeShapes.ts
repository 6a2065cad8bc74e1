import type { LonLat } from "$shared/map/marks";
import { decodePolyline } from "$shared/map/polyline";

/** The drawn line of each route, decoded once for each version of its text. */
export class RouteShapes {
  private known = new Map<string, { text: string; line: LonLat[] }>();

  read(texts: Record<string, string>): ReadonlyMap<string, LonLat[]> {
    const next = new Map<string, { text: string; line: LonLat[] }>();
    for (const [id, text] of Object.entries(texts)) {
      const last = this.known.get(id);
      next.set(id, last?.text === text ? last : { text, line: decodePolyline(text) });
    }
    this.known = next;
    return new Map([...next].map(([id, shape]) => [id, shape.line]));
  }
}
