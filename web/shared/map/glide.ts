import type { LonLat, VanMark } from "./marks";

/** How long a van takes to reach its new position on the screen. */
export const GLIDE_MS = 900;
/** A jump longer than this is not driven on the screen: the van was out of sight meanwhile. */
const JUMP_DEG_MAX = 0.02;

/** Where each van is drawn while it moves from where it was to where it is. */
export class Glide {
  private from = new Map<string, LonLat>();
  private vans: VanMark[] = [];
  private began_ms = 0;

  /** Takes new positions; each van sets out from where it is drawn now. */
  head(vans: VanMark[], now_ms: number): void {
    const shown = new Map(this.at(now_ms).map((van) => [van.id, van.position]));
    this.from = shown;
    this.vans = vans;
    this.began_ms = now_ms;
  }

  isMoving(now_ms: number): boolean {
    return now_ms - this.began_ms < GLIDE_MS && this.vans.some((van) => isApart(this.from.get(van.id), van.position));
  }

  /** The vans as they are drawn at this moment. */
  at(now_ms: number): VanMark[] {
    const share = Math.min(1, Math.max(0, (now_ms - this.began_ms) / GLIDE_MS));
    return this.vans.map((van) => {
      const from = this.from.get(van.id);
      if (!from || share === 1 || isJump(from, van.position)) return van;
      const position: LonLat = [from[0] + (van.position[0] - from[0]) * share, from[1] + (van.position[1] - from[1]) * share];
      return { ...van, position };
    });
  }
}

function isApart(a: LonLat | undefined, b: LonLat): boolean {
  return a !== undefined && (a[0] !== b[0] || a[1] !== b[1]);
}

function isJump(a: LonLat, b: LonLat): boolean {
  return Math.abs(a[0] - b[0]) > JUMP_DEG_MAX || Math.abs(a[1] - b[1]) > JUMP_DEG_MAX;
}
