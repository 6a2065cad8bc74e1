import { describe, expect, it } from "vitest";
import { streetFeatures } from "$shared/map/streetLines";
import type { LonLat } from "$shared/map/marks";
import { gateNames, isFound } from "../../tower/traffic/gateNames";
import { Outline } from "../../tower/traffic/outline.svelte";
import { isOutline, placeIn, ringOf, touches, wktOf } from "../../tower/traffic/polygon";
import type { RoadTables } from "../../tower/data/traffic";

const SQUARE: LonLat[] = [[-70.66, -33.45], [-70.64, -33.45], [-70.64, -33.43], [-70.66, -33.43]];
const WKT = "POLYGON ((-70.66 -33.45, -70.64 -33.45, -70.64 -33.43, -70.66 -33.43, -70.66 -33.45))";

describe("the outline of a zone", () => {
  it("is written as the table keeps it, and read again", () => {
    expect(wktOf(SQUARE)).toBe(WKT);
    expect(ringOf(WKT)).toEqual(SQUARE);
    expect(wktOf([[-70.123456789, -33.1], [-70.1, -33.2], [-70.3, -33.3]])).toContain("-70.123457 -33.1,");
  });

  it.each(["", "POLYGON ((1 2, 3 4))", "MULTIPOLYGON (((0 0, 0 1, 1 1, 0 0)))", "POLYGON ((0 0, 0 1, 1 x, 0 0))", "POLYGON ((0 0, 9 0, 9 9, 0 0), (1 1, 2 1, 2 2, 1 1))"])("is not guessed from %s", (text) => {
    expect(ringOf(text)).toBeUndefined();
  });

  it("whose sides cross is none yet", () => {
    const [a, b, c, d] = SQUARE as [LonLat, LonLat, LonLat, LonLat];
    expect(touches(SQUARE)).toBe(false);
    expect(touches([a, c, b, d])).toBe(true);
    const outline = new Outline("");
    for (const corner of [a, c, b, d]) outline.add(corner);
    expect(outline.isDone).toBe(false);
    outline.remove(1);
    expect([outline.isDone, outline.ring]).toEqual([true, [a, b, d]]);
    outline.move(0, c);
    expect(outline.ring).toEqual([c, b, d]);
  });

  it("keeps every corner of a text that does not come back to its first, and closes it", () => {
    const open = ringOf("POLYGON ((-70.66 -33.45, -70.64 -33.45, -70.64 -33.43, -70.66 -33.43))");
    expect(open).toEqual(SQUARE);
    expect(wktOf(open ?? [])).toBe(WKT);
    expect(ringOf("POLYGON ((0 0, 1 0, 1 1))")).toHaveLength(3);
    expect(ringOf("POLYGON ((0 0, 1 0, 0 0))")).toBeUndefined();
  });

  it.each<[string, LonLat[]]>([
    ["on one line", [[0, 0], [1, 1], [2, 2]]],
    ["on one line, its decimals rounded", [[-70.1, -33.1], [-70.2, -33.2], [-70.3, -33.3]]],
    ["in one place", [[0, 0], [0, 0], [0, 0]]],
    ["with one corner twice, as they would be kept", [[0, 0], [2, 0], [2, 1e-8], [1, 1]]],
    ["on another side", [[0, 0], [2, 0], [2, 2], [1, 0], [0, 2]]],
    ["on another corner", [[0, 0], [1, 1], [2, 0], [2, 2], [1, 1], [0, 2]]],
    ["and back the same way", [[0, 0], [2, 0], [1, 0], [1, 1]]],
  ])("whose corners lie %s is none yet", (_, ring) => {
    expect([isOutline(ring), touches(ring)]).toEqual([false, true]);
  });

  it("of fewer than three corners is none yet, and nothing touches", () => {
    expect([isOutline(SQUARE.slice(0, 2)), touches(SQUARE.slice(0, 2)), isOutline(SQUARE)]).toEqual([false, false, true]);
  });

  it("takes a new corner at its end while it grows, and into the nearest side once it is there", () => {
    const south: LonLat = [-70.65, -33.451];
    expect(placeIn(SQUARE, south)).toBe(1);
    const known = new Outline(WKT);
    known.add(south);
    expect(known.ring.indexOf(south)).toBe(1);
    const fresh = new Outline("");
    for (const corner of [...SQUARE, south]) fresh.add(corner);
    expect(fresh.ring.indexOf(south)).toBe(4);
  });

  it("is drawn as an area from three corners on, without the dots of a line", () => {
    const kinds = (ring: LonLat[]): unknown[] => streetFeatures([], ring, "area").features.map((feature) => feature.properties?.["kind"] as string);
    expect(kinds(SQUARE)).toEqual(["area", "draft"]);
    expect(kinds(SQUARE.slice(0, 2))).toEqual(["draft"]);
    expect(kinds(SQUARE.slice(0, 1))).toEqual([]);
  });
});

describe("a toll gate", () => {
  const gates = { kind: "gates", columns: ["id", "name", "lon", "lat", "bearing_deg"], rows: [["osm-1", "PA13 ALAMEDA", "", "", ""], ["osm-2", "", "", "", ""], ["osm-3", "Ruta 5", "", "", ""], ["osm-4", "Ruta 5", "", "", ""], ["osm-5", "", "", "", ""]], saved_at: null };
  const names = gateNames({ items: [gates], gate_places: { "osm-1": "Autopista Central, Santiago", "osm-3": "Ruta 5, Colina", "osm-4": "Ruta 5, Colina", "osm-5": "Las Condes" } } as Pick<RoadTables, "items" | "gate_places">);

  it("is called by its name, its autopista and its comuna, and by its number where those do not tell", () => {
    expect([...names.values()]).toEqual(["PA13 ALAMEDA · Autopista Central, Santiago", "osm-2", "Ruta 5, Colina · osm-3", "Ruta 5, Colina · osm-4", "Las Condes"]);
  });

  it("is found by name in the rows of its prices", () => {
    const row = ["osm-1", "todos", "laboral", "07:30", "09:00", "850"];
    expect(isFound(row, names, "alaméda central")).toBe(true);
    expect(isFound(row, names, "")).toBe(true);
    expect(isFound(row, names, "vespucio")).toBe(false);
  });
});
