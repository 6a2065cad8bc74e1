import type { LonLat } from "$shared/map/marks";
import { isOutline, placeIn, ringOf, wktOf } from "./polygon";

/** A zone's outline under a dispatcher's hands: a new one grows corner by corner, one that was there is bent. */
export class Outline {
  ring = $state.raw<LonLat[]>([]);
  private readonly wasClosed: boolean;

  constructor(wkt: string) {
    const ring = ringOf(wkt);
    this.ring = ring ?? [];
    this.wasClosed = ring !== undefined;
  }

  get isDone(): boolean {
    return isOutline(this.ring);
  }

  get wkt(): string {
    return wktOf(this.ring);
  }

  add(corner: LonLat): void {
    this.ring = this.ring.toSpliced(this.wasClosed && this.ring.length > 2 ? placeIn(this.ring, corner) : this.ring.length, 0, corner);
  }

  move(place: number, corner: LonLat): void {
    this.ring = this.ring.with(place, corner);
  }

  remove(place: number): void {
    this.ring = this.ring.toSpliced(place, 1);
  }
}
