import { isMeaning, RING_STROKE, SHAPE_PATHS, SLIGHT_PATH, type Meaning } from "../ui/meanings";
import { MAP_FONT } from "./style";
import type { MarkColours } from "./palette";

/** Images of the marks, drawn when the map first asks for them. The name says everything: `late@dark`, `plate:late:R-14@dark`. */
const RATIO = 2;
const SHAPE_PX = 16;
const HALO_PX = 2.4;
const PLATE_HEIGHT_PX = 20;

export interface MarkImage {
  image: ImageData;
  pixelRatio: number;
}

/** Draws the image with this name, or nothing when the name is not one of ours. */
export function drawMark(name: string, colours: MarkColours): MarkImage | undefined {
  const [kind = "", value = "", label = ""] = (name.split("@")[0] ?? "").split(":");
  if (isMeaning(kind)) return kind === "done" ? drawClosed(colours) : drawShape(kind, colours);
  if (kind === "slight") return drawSlight(colours);
  if (kind === "arrow") return drawArrow(colours, value === "selected" ? colours.brand : colours.ink);
  if (kind === "depot") return drawDepot(colours);
  if (kind === "plate" && isMeaning(value)) return drawPlate(value, label, colours, "plain");
  if (kind === "plate-selected" && isMeaning(value)) return drawPlate(value, label, colours, "selected");
  return undefined;
}

function canvas(width_px: number, height_px: number): CanvasRenderingContext2D {
  const element = document.createElement("canvas");
  element.width = Math.ceil(width_px * RATIO);
  element.height = Math.ceil(height_px * RATIO);
  const context = element.getContext("2d");
  if (!context) throw new Error("this browser cannot draw on a canvas");
  context.scale(RATIO, RATIO);
  context.lineJoin = "round";
  return context;
}

function finish(context: CanvasRenderingContext2D): MarkImage {
  const { width, height } = context.canvas;
  return { image: context.getImageData(0, 0, width, height), pixelRatio: RATIO };
}

function drawShape(meaning: Meaning, colours: MarkColours): MarkImage {
  const size = SHAPE_PX + 2 * HALO_PX;
  const context = canvas(size, size);
  context.translate(HALO_PX, HALO_PX);
  paintShape(context, meaning, colours, colours["map-halo"]);
  return finish(context);
}

function paintShape(context: CanvasRenderingContext2D, meaning: Meaning, colours: MarkColours, halo: string | undefined, fill?: string): void {
  const path = new Path2D(SHAPE_PATHS[meaning]);
  const colour = fill ?? colours[`${meaning}-m`];
  if (halo) {
    context.strokeStyle = halo;
    context.lineWidth = 2 * HALO_PX + (meaning === "ok" ? RING_STROKE : 0);
    context.stroke(path);
  }
  if (meaning === "ok") {
    if (halo) {
      context.fillStyle = halo;
      context.fill(path);
    }
    context.strokeStyle = colour;
    context.lineWidth = RING_STROKE;
    context.stroke(path);
  } else {
    context.fillStyle = colour;
    context.fill(path, "evenodd");
  }
}

/** A closed stop is a small plain square: there are thousands, and none needs a person. */
function drawClosed(colours: MarkColours): MarkImage {
  const context = canvas(8, 8);
  context.fillStyle = colours["map-halo"];
  context.globalAlpha = 0.6;
  context.fillRect(0.6, 0.6, 6.8, 6.8);
  context.globalAlpha = 1;
  context.fillStyle = colours["done-m"];
  context.fillRect(1.6, 1.6, 4.8, 4.8);
  return finish(context);
}

/** A risk too slight to act on: the diamond, hollow. */
function drawSlight(colours: MarkColours): MarkImage {
  const size = SHAPE_PX + 2 * HALO_PX;
  const context = canvas(size, size);
  context.translate(HALO_PX, HALO_PX);
  const path = new Path2D(SHAPE_PATHS.risk);
  context.strokeStyle = colours["map-halo"];
  context.lineWidth = 2 * HALO_PX;
  context.stroke(path);
  context.fillStyle = colours["map-halo"];
  context.fill(path);
  context.strokeStyle = colours["risk-m"];
  context.lineWidth = 2.6;
  context.stroke(new Path2D(SLIGHT_PATH));
  return finish(context);
}

function drawArrow(colours: MarkColours, colour: string): MarkImage {
  const context = canvas(20, 20);
  context.translate(10, 10.5);
  const path = new Path2D("M0-7.5 5.5 6 0 3.2-5.5 6Z");
  context.strokeStyle = colours["map-halo"];
  context.lineWidth = 3.2;
  context.stroke(path);
  context.fillStyle = colour;
  context.fill(path);
  return finish(context);
}

/** A depot is the paper square of the plan: ink, with a door. */
function drawDepot(colours: MarkColours): MarkImage {
  const context = canvas(20, 20);
  context.fillStyle = colours["map-halo"];
  context.fillRect(1, 1, 18, 18);
  context.fillStyle = colours.ink;
  context.fillRect(3, 3, 14, 14);
  context.fillStyle = colours["map-halo"];
  context.fillRect(7.5, 9, 5, 8);
  return finish(context);
}

function drawPlate(meaning: Meaning, label: string, colours: MarkColours, look: "plain" | "selected"): MarkImage {
  const font = `640 11.5px "${MAP_FONT}", sans-serif`;
  const measure = canvas(1, 1);
  measure.font = font;
  const inner_px = Math.ceil(measure.measureText(label).width) + 27;
  const context = canvas(inner_px + 8, PLATE_HEIGHT_PX + 8);
  const isSelected = look === "selected";
  context.translate(4, 3);
  context.shadowColor = "rgb(0 0 0 / 0.28)";
  context.shadowBlur = 3 * RATIO;
  context.shadowOffsetY = RATIO;
  context.beginPath();
  context.roundRect(0.75, 0.75, inner_px - 1.5, PLATE_HEIGHT_PX - 1.5, 4);
  context.fillStyle = isSelected ? colours.brand : colours.surface;
  context.fill();
  context.shadowColor = "transparent";
  context.lineWidth = 1.5;
  context.strokeStyle = isSelected ? colours.brand : colours[`${meaning}-m`];
  context.stroke();
  context.save();
  context.translate(6, 5);
  context.scale(0.625, 0.625);
  paintShape(context, meaning, colours, undefined, isSelected ? colours["on-brand"] : undefined);
  context.restore();
  context.font = font;
  context.fillStyle = isSelected ? colours["on-brand"] : colours.ink;
  context.fillText(label, 20, 14);
  return finish(context);
}
