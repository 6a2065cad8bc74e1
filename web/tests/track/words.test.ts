import { describe, expect, it } from "vitest";
import type { TrackView } from "../../track/data/views";
import { layOutBar } from "../../track/state/barLayout";
import { isRoomy } from "../../track/state/network";
import { readToken } from "../../track/state/link";
import { dayName, headlineOf, isDelayed, isPaidInPart, shownWindow, wasKept, widerPromise } from "../../track/state/words";

const at = (time: string): string => `2026-10-05T${time}:00Z`;
const window = (start: string, end: string) => ({ start: at(start), end: at(end) });

function view(change: Partial<TrackView> = {}): TrackView {
  return {
    reference: "48213", merchant: "Tienda", merchant_email: null, merchant_phone: null, messages: [], state: "en_camino", date: "2026-10-05", window: window("18:00", "22:00"),
    previous_window: null, cause: null, expected: null, address_short: "Suecia 1120", unit: null, correction: null, map_center: [-70.6, -33.4], first_name: "Ana", language: "es", stops_before: 3, is_at_door: false,
    driver_first_name: null, van: null, destination: null, placement_level: null, instructions: null, safe_place: null, pin: null, cod_clp: null,
    can: { instruct: true, safe_place: true, reschedule: false, cancel: false, send_back: false, rate: false, correct: false }, dates: [], delivered: null, failed: null, rating: null,
    is_simulated: false, now: at("18:00"), ...change,
  };
}

describe("the state in large letters", () => {
  it("has a shape for each state, and one for a state it does not know yet", () => {
    expect(headlineOf(view())).toEqual({ key: "en_camino", meaning: "ok" });
    expect(headlineOf(view({ state: "no_pudimos_entregar" })).meaning).toBe("fail");
    expect(headlineOf(view({ state: "entregado" })).meaning).toBe("done");
    expect(headlineOf(view({ state: "entrega_parcial" }))).toEqual({ key: "entrega_parcial", meaning: "risk" });
    expect(headlineOf(view({ state: "teletransportado" })).key).toBe("en_preparacion");
  });

  it("says a delay only when an earlier window was told", () => {
    const late = view({ previous_window: window("17:00", "18:00") });
    expect(headlineOf(late)).toEqual({ key: "en_camino_atraso", meaning: "risk" });
    expect(isDelayed(view({ ...late, state: "entregado" }))).toBe(false);
  });
});

describe("the window shown", () => {
  it("narrows to the estimate inside of the promise, and still names the promise", () => {
    const near = view({ expected: window("19:00", "19:30") });
    expect(shownWindow(near)).toEqual(window("19:00", "19:30"));
    expect(widerPromise(near)).toEqual(window("18:00", "22:00"));
  });

  it("keeps the promise while the estimate leaves it: a delay is told, never slipped in", () => {
    const beyond = view({ expected: window("21:45", "22:15") });
    expect(shownWindow(beyond)).toEqual(window("18:00", "22:00"));
    expect(widerPromise(beyond)).toBeNull();
  });

  it("says whether a delivery was inside of it", () => {
    const delivered = { at: at("19:00"), receiver_first_name: null, has_photo: false, parcels: 1, parcels_total: 1, paid_clp: null };
    expect(wasKept(view({ delivered }))).toBe(true);
    expect(wasKept(view({ delivered: { ...delivered, at: at("22:30") } }))).toBe(false);
    expect(wasKept(view({ delivered, window: null }))).toBeUndefined();
  });

  it("says when the driver received another amount than was due", () => {
    const delivered = { at: at("19:00"), receiver_first_name: null, has_photo: false, parcels: 1, parcels_total: 2, paid_clp: 15_000 };
    expect(isPaidInPart(view({ delivered, cod_clp: 30_000 }))).toBe(true);
    expect(isPaidInPart(view({ delivered, cod_clp: 15_000 }))).toBe(false);
    expect(isPaidInPart(view({ delivered: { ...delivered, paid_clp: null }, cod_clp: 15_000 }))).toBe(false);
  });

  it("names days beside the server's own clock, in Chile's zone", () => {
    expect(dayName("2026-10-05", "2026-10-06T02:30:00Z")).toBe("today");
    expect(dayName("2026-10-06", "2026-10-06T02:30:00Z")).toBe("tomorrow");
    expect(dayName("2026-10-09", at("18:00"))).toBe("other");
  });
});

describe("the promise bar", () => {
  it("keeps windows and now in order inside of its width", () => {
    const bar = layOutBar({ window: window("19:05", "19:35"), old: window("18:10", "18:40"), now: at("18:20") }, 320);
    const places = [bar.old?.[0], bar.now, bar.old?.[1], bar.window[0], bar.window[1]].map(Number);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(Math.min(...places)).toBeGreaterThan(0);
    expect(Math.max(...places)).toBeLessThan(320);
  });

  it("leaves now out when the promise is for another day", () => {
    expect(layOutBar({ window: window("19:05", "19:35"), old: null, now: "2026-10-03T12:00:00Z" }, 320).now).toBeUndefined();
  });
});

describe("the link", () => {
  it("reads the secret from the path alone", () => {
    expect(readToken("/seguimiento/AfyuE5BmpGMLv50PzIwuSgYqk7Y")).toBe("AfyuE5BmpGMLv50PzIwuSgYqk7Y");
    expect(readToken("/seguimiento/")).toBeUndefined();
    expect(readToken("/seguimiento/a/b")).toBeUndefined();
  });
});

describe("a slow network", () => {
  it("gets the page without its font", () => {
    expect([isRoomy({ effectiveType: "3g" }), isRoomy({ effectiveType: "4g", saveData: true }), isRoomy({ effectiveType: "4g" })]).toEqual([false, false, true]);
  });
});
