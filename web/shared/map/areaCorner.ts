import { Marker, type Map as GlMap } from "maplibre-gl";
import type { LonLat } from "./marks";

/** What a person does to the corners of an area. */
export interface AreaHands {
  label: (number: number) => string;
  onmove: (place: number, position: LonLat) => void;
  onremove: (place: number) => void;
  onfinish: () => void;
}

const STEP_PX = 8;
const STEPS: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** A corner of an area on the map: dragged, or moved with the arrows; Supr takes it away, the first one closes. */
export class AreaCorner {
  private readonly marker: Marker;
  private isDragged = false;
  private isOnMap = false;

  constructor(private readonly map: GlMap, private readonly place: number, private readonly hands: AreaHands) {
    const element = document.createElement("button");
    element.type = "button";
    element.className = "corner";
    element.setAttribute("aria-label", hands.label(place + 1));
    // The map would take a click as another corner, and an arrow as its own.
    element.addEventListener("click", (event) => { event.stopPropagation(); this.click(event.detail); });
    element.addEventListener("dblclick", (event) => { event.stopPropagation(); });
    element.addEventListener("keydown", (event) => this.press(event));
    this.marker = new Marker({ element, draggable: true, anchor: "center" });
    this.marker.on("dragend", () => { this.isDragged = true; this.told(); });
  }

  stand(position: LonLat): void {
    this.marker.setLngLat(position);
    // Once: a marker that is added again loses the focus.
    if (!this.isOnMap) this.marker.addTo(this.map);
    this.isOnMap = true;
  }

  focus(): void {
    this.marker.getElement().focus();
  }

  /** Says whether it had the focus. */
  leave(): boolean {
    const hadFocus = document.activeElement === this.marker.getElement();
    this.marker.remove();
    return hadFocus;
  }

  /** The second of a double click falls on the corner that the first one put. */
  private click(count: number): void {
    if (count > 1 || (this.place === 0 && !this.isDragged)) this.hands.onfinish();
    this.isDragged = false;
  }

  private press(event: KeyboardEvent): void {
    const step = STEPS[event.key];
    if (step) {
      const at = this.map.project(this.marker.getLngLat());
      this.marker.setLngLat(this.map.unproject([at.x + step[0] * STEP_PX, at.y + step[1] * STEP_PX]));
      this.told();
    } else if (event.key === "Delete" || event.key === "Backspace") this.hands.onremove(this.place);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private told(): void {
    this.hands.onmove(this.place, this.marker.getLngLat().toArray());
  }
}
