import { beforeEach, describe, expect, it } from "vitest";
import { language } from "$shared/i18n/language.svelte";
import { countRows } from "../../tower/orders/importCounts";
import { doubtLines, mergedWords, placeWords } from "../../tower/orders/importDoubts";
import { keepNumber } from "../../tower/orders/orderFields.svelte";
import { nextPair, previousDate } from "../../tower/planning/shiftChoice";
import { writeParts, writeValue } from "../../tower/report/writeValue";
import { groupByDay } from "../../tower/story/storyTimes";
import { detailOfData } from "../../tower/story/factDetail";
import { fateOf, showsWindow, standingOf } from "../../tower/story/standing";
import { splitLinks } from "../../tower/tray/links";
import { t } from "../../tower/i18n/texts";
import type { Fact, ImportRow, OrderView, PromiseVersion } from "../../tower/data/orderViews";
import towerWords from "../../tower/i18n/es/facts.json";
import trackWords from "../../track/i18n/es/track.json";

beforeEach(() => {
  language.current = "es";
});

const fact = (type: string, at: string, data: Record<string, unknown> = {}): Fact => ({
  event_id: at, number: 1, type, at, recorded_at: at, clocks_differ: false, actor_kind: "driver", position: null, evidence: [], data, request_id: null,
});

describe("texts", () => {
  it("chooses the plural form and writes the number in the person's language", () => {
    expect(t.count("today.broken", 1)).toBe("1 rota");
    expect(t.count("import.kept", 1234)).toBe("1.234 pedidos guardados");
    language.current = "en";
    expect(t.count("today.broken", 2)).toBe("2 broken");
  });

  it("shows a code it does not know as it came", () => {
    expect(t.code("reason", "NEW_REASON")).toBe("NEW_REASON");
  });
});

describe("an order's story", () => {
  it("puts a fact of 23:30 in Santiago under that day, not the next", () => {
    const days = groupByDay([fact("b", "2026-10-06T12:00:00Z"), fact("a", "2026-10-06T02:30:00Z")]);
    expect(days.map((day) => day.date)).toEqual(["2026-10-05", "2026-10-06"]);
  });

  it("says the outcome and the reason of a closed visit", () => {
    expect(detailOfData(fact("stop.closed", "2026-10-05T12:00:00Z", { outcome: "failed", reason: "RECIPIENT_ABSENT" }))).toBe("Fallida, Sin moradores");
  });

  it("says of a visit to the seller that it was no delivery", () => {
    expect(detailOfData(fact("stop.closed", "2026-10-05T12:00:00Z", { outcome: "succeeded", type: "pickup" }))).toBe("Retiro, Exitosa");
    expect(detailOfData(fact("stop.closed", "2026-10-05T12:00:00Z", { outcome: "succeeded", type: "delivery" }))).toBe("Exitosa");
  });

  it("says how the delivery was rated and in which words", () => {
    expect(detailOfData(fact("order.rated", "2026-10-05T12:00:00Z", { score: 4, comment: "Muy amable" }))).toBe("4 de 5 · “Muy amable”");
    expect(detailOfData(fact("order.rated", "2026-10-05T12:00:00Z", { score: 2 }))).toBe("2 de 5");
  });

  it("leaves out data it does not know", () => {
    expect(detailOfData(fact("route.started", "2026-10-05T12:00:00Z", { version: 3 }))).toBe("");
  });
});

describe("messages", () => {
  it("makes a link of an address and leaves the full stop after it", () => {
    expect(splitLinks("Síguelo en http://a.cl/x.")).toEqual([
      { text: "Síguelo en ", href: null },
      { text: "http://a.cl/x", href: "http://a.cl/x" },
      { text: ".", href: null },
    ]);
  });

  it("never makes a link of another scheme", () => {
    expect(splitLinks("javascript:alert(1)")).toEqual([{ text: "javascript:alert(1)", href: null }]);
  });
});

describe("forms", () => {
  it("keeps the house number when a street is chosen", () => {
    expect(keepNumber("Avenida Suecia", "suecia 1120")).toBe("Avenida Suecia 1120");
    expect(keepNumber("Pasaje 10", "pasaje 10")).toBe("Pasaje 10");
    expect(keepNumber("Avenida Suecia", "suecia")).toBe("Avenida Suecia");
  });

  it("offers the first driver and vehicle that are free and in service", () => {
    const driver = (id: string, is_active: boolean) => ({ id, code: id, name: id, phone: null, is_active });
    const vehicle = { id: "v1", code: "v1", plate: "HKTR52", depot_id: "q", capacity: { parcels: 1, weight_g: 1, volume_ml: 1 }, skills: [], cost_fixed_clp: 0, cost_per_hour_clp: 0, cost_per_km_clp: 0, is_active: true };
    const shift = { id: "s", date: "2026-10-05", driver_id: "d1", vehicle_id: "v9", depot_id: "q", start: "", end: "" };
    const fleet = { shifts: [shift], drivers: [driver("d1", true), driver("d2", false), driver("d3", true)], vehicles: [vehicle], depots: [] };
    expect(nextPair(fleet)).toEqual({ driver_id: "d3", vehicle_id: "v1", depot_id: "q" });
    expect(nextPair({ ...fleet, vehicles: [] })).toBeUndefined();
  });

  it("steps back over the end of a month", () => {
    expect(previousDate("2026-03-01")).toBe("2026-02-28");
  });
});

describe("report", () => {
  it("writes each unit as people read it", () => {
    expect(writeValue({ value: 0.941, unit: "share" })).toBe("94,1\u00a0%");
    expect(writeValue({ value: 2410, unit: "clp" })).toBe("$\u00a02.410");
    expect(writeValue({ value: null, unit: "share" })).toBe("–");
    expect(writeValue({ value: -2.46, unit: "min" }), "early is not late").toBe("−2,5\u00a0min");
    expect(writeValue({ value: 135, unit: "min" })).toBe("2\u00a0h\u00a015");
  });
});

it("counts a doubtful row among the kept ones once, and a row with two faults once", () => {
  const fault = { field: "date", reason: "x", row: 7, code: "date_invalid" };
  expect(countRows({ accepted: 23, doubtful: 20, rejected: [fault, { ...fault, field: "phone" }] })).toEqual({ all: 24, accepted: 3, doubtful: 20, rejected: 1 });
});

describe("what happens to a row of a sheet", () => {
  const row: ImportRow = { row: 2, reference: "A", address: "Suecia 100", comuna: "Providencia", street: null, level: "street", uncertainty_m: 2000, position: [-70.6, -33.4], is_outside: false, date: "2026-11-24", windows: [], status: "doubtful", doubt: "far", warning: null, merged_rows: 1, parcels: 1 };
  const told = (change: Partial<ImportRow>): string => placeWords({ ...row, ...change }).replaceAll("\u00a0", " ");

  it("says where it would be, each row in few words", () => {
    expect(told({})).toBe("Nivel calle, ±2 km");
    expect(told({ street: "Avenida Suecia" })).toBe("Nivel calle, ±2 km. En el mapa: Avenida Suecia");
    expect(told({ level: null, uncertainty_m: null, position: null })).toBe("Sin posición");
    expect(told({ is_outside: true })).toBe("Fuera del mapa de esta ciudad");
  });

  it("never calls a point of the sheet a house number, and says when there is no street", () => {
    expect(told({ status: "accepted", level: "given", uncertainty_m: 30 })).toBe("Punto dado, ±30 m");
    expect(told({ status: "accepted", level: "given", uncertainty_m: 30, address: null })).toBe("Punto dado, ±30 m. Sin dirección: el conductor y el cliente verán sólo el punto.");
  });

  it("says which rows are one order", () => {
    expect(mergedWords({ merged_rows: 3, parcels: 2 })).toBe("Junta 3 filas: un pedido de 2 bultos");
    expect(mergedWords({ merged_rows: 2, parcels: 1 })).toBe("Junta 2 filas: un pedido de 1 bulto");
  });

  it("says each reason of doubt once, with how many rows it concerns, the commonest first", () => {
    expect(doubtLines({ doubts: { not_found: 2, far: 38 } }).map((line) => `${line.count} ${line.words}`)).toEqual([
      "38 con la calle o la comuna en el mapa, sin saber cuál es la puerta",
      "2 sin posición: no encontramos la dirección ni su comuna en el mapa",
    ]);
    for (const doubt of ["outside", "given"]) expect(doubtLines({ doubts: { [doubt]: 1 } })[0]?.words).not.toBe(doubt);
  });
});

describe("what an indicator is made of", () => {
  it("says both sums with what they count", () => {
    const parts = (counts: string, among: string, numerator: number, denominator: number): string => writeParts({ counts, among, numerator, denominator } as Parameters<typeof writeParts>[0]);
    expect(parts("minutes", "orders", 4680, 39)).toBe("4.680\u00a0min ÷ 39 pedidos");
    expect(parts("orders", "orders", 0, 0)).toBe("–");
    expect(parts("orders", "orders", 56, 57)).toBe("56 de 57 pedidos");
    expect(parts("stops", "seconds", 4, 7200)).toBe("4 paradas ÷ 2\u00a0h\u00a000");
    expect(parts("seconds", "seconds", 3600, 36_000)).toBe("1\u00a0h\u00a000 de 10\u00a0h\u00a000");
    language.current = "en";
    expect(parts("pesos", "orders", 24_990, 1)).toBe("$\u00a024,990 ÷ 1 order");
  });
});

describe("how an order stands", () => {
  const order = (changes: Partial<OrderView>): OrderView => ({ state: "scheduled", risk: null, date: "2026-10-07", ...changes }) as OrderView;
  const by = (type: string, actor_kind: string, data: Record<string, unknown> = {}): Fact => ({ ...fact(type, "2026-10-05T12:00:00Z", data), actor_kind });

  it("says who called it off, and that nothing is promised any more", () => {
    expect(standingOf(order({ state: "cancelled", risk: "on_time" }), [by("order.cancelled", "recipient")])).toEqual({ meaning: "done", text: "Cancelado por quien recibe", isOver: true });
    expect(standingOf(order({ state: "cancelled" }), [by("order.cancelled", "user")])).toEqual({ meaning: "done", text: "Cancelado por la torre", isOver: true });
  });

  it("says to which day it was moved", () => {
    expect(standingOf(order({ state: "rescheduled" }), [by("order.rescheduled", "recipient")]).text).toBe("Cambiado a mié 7 oct por quien recibe");
  });

  it("says who changed a promise", () => {
    const promise = { version: 1, fate: "released" } as PromiseVersion;
    expect(fateOf(promise, [by("promise.closed", "user", { version: 1, fate: "released" })])).toBe("cambiada por la torre");
    expect(fateOf({ ...promise, fate: "kept" }, [])).toBe("cumplida");
  });

  it("shows what the recipient sees in the words of the recipient's page, without a dead window", () => {
    const seen = Object.entries(trackWords).filter(([key]) => key.startsWith("state.") && key !== "state.en_camino_atraso");
    for (const [key, words] of seen) expect((towerWords as Record<string, string>)[key.replace("state.", "seen.")]).toBe(words);
    expect(["en_camino", "anulado", "en_devolucion", "no_pudimos_entregar"].map(showsWindow)).toEqual([true, false, false, false]);
  });
});
