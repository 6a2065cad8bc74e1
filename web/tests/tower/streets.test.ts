import { beforeEach, describe, expect, it, vi } from "vitest";
import { language } from "$shared/i18n/language.svelte";
import { streetFeatures } from "$shared/map/streetLines";
import type { LonLat } from "$shared/map/marks";
import { traffic, type Streets } from "../../tower/data/traffic";
import { ApiError } from "$shared/api/problem";
import { Drawing } from "../../tower/traffic/drawing.svelte";
import { namesOf } from "../../tower/traffic/streetNames";

beforeEach(() => { language.current = "es"; });

const STREETS: Streets = { names: ["Lira"], length_m: 120, is_joined: true, lines: [[[-70.64, -33.45], [-70.63, -33.45]]] };
const A: LonLat = [-70.64, -33.45];
const B: LonLat = [-70.63, -33.45];

describe("a line being drawn", () => {
  it("keeps the clicks that lie on a street and asks for the streets under them", async () => {
    const asked = vi.spyOn(traffic, "streets").mockResolvedValue(STREETS);
    const drawing = new Drawing();
    await drawing.add(A);
    await drawing.add(B);
    expect(drawing.line).toEqual([A, B]);
    expect(drawing.streets).toEqual(STREETS);
    expect(asked.mock.calls.map(([line]) => line.length)).toEqual([1, 2]);
  });

  it("takes a click on no street back and says so", async () => {
    const nowhere = new ApiError(422, { code: "traffic_mark_without_street" });
    vi.spyOn(traffic, "streets").mockResolvedValueOnce(STREETS).mockRejectedValueOnce(nowhere);
    const drawing = new Drawing();
    await drawing.add(A);
    await drawing.add([-72, -33]);
    expect(drawing.line).toEqual([A]);
    expect(drawing.isNowhere).toBe(true);
    expect(drawing.streets).toEqual(STREETS);
  });

  it("takes the last click back, and asks for the streets of those left", async () => {
    const asked = vi.spyOn(traffic, "streets").mockResolvedValue(STREETS);
    const drawing = new Drawing();
    await drawing.add(A);
    await drawing.add(B);
    await drawing.dropLast();
    expect(drawing.line).toEqual([A]);
    expect(asked.mock.calls.at(-1)?.[0]).toEqual([A]);
    await drawing.dropLast();
    await drawing.dropLast();
    expect(drawing.line).toEqual([]);
    expect(drawing.streets).toBeUndefined();
  });

  it("lets an answer that comes late change nothing", async () => {
    let late: (streets: Streets) => void = () => undefined;
    vi.spyOn(traffic, "streets").mockReturnValueOnce(new Promise((resolve) => { late = resolve; }));
    const drawing = new Drawing();
    const waiting = drawing.add(A);
    drawing.clear();
    late(STREETS);
    await waiting;
    expect(drawing.streets).toBeUndefined();
    expect(drawing.line).toEqual([]);
  });
});

describe("marked streets", () => {
  it("are named, the long lists cut", () => {
    expect(namesOf(STREETS)).toBe("Lira");
    expect(namesOf({ ...STREETS, names: [] })).toBe("Calle sin nombre");
    expect(namesOf({ ...STREETS, names: ["A", "B", "C", "D"] })).toBe("A, B, C…");
  });

  it("are drawn with the line and its corners", () => {
    const kinds = streetFeatures([{ lines: STREETS.lines, kind: "closed" }], [A, B]).features.map((feature) => feature.properties?.["kind"] as string);
    expect(kinds).toEqual(["closed", "draft", "corner", "corner"]);
    expect(streetFeatures([], [A]).features).toHaveLength(1);
  });
});
