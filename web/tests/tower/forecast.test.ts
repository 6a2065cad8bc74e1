import { describe, expect, it } from "vitest";
import { language } from "$shared/i18n/language.svelte";
import type { DayUnderWay, EventUsed, Outlook } from "../../tower/data/forecast";
import { dayTop, estimated, morningWords } from "../../tower/demand/dayUnderWay";
import { bandsOf, FanScale, MARGIN } from "../../tower/demand/fanScale";
import { bandWords, basisWords, headline, sourceWords, unservedWords } from "../../tower/demand/forecastWords";

const band = (mean: number) => ({ mean, p10: mean / 2, p50: mean, p90: mean * 2 });
const day = (name: string, orders: number) => ({ day: name, orders: band(orders), deliveries: band(orders), model: null });
const event = (name: string, on: string, factor: number): EventUsed => ({ name, day: on, factor, low: factor / 2, high: factor * 2, is_given: true, event_id: null, uplift: null, day_share: null, comunas: [], depots: [], merchant_ids: [], share: null, own: null, together: [], is_confirmed: true, is_unsaid: false, source: "", author: null, is_typed: false, seen: null, is_firm: false, moved: null });
const OUTLOOK: Outlook = {
  made_at: "2026-10-05T12:00:00Z", origin: "2026-10-04", history_days: 400, is_new: false, is_boosted: true, calibrated: 10, days_max: 28, far_from: null, far_calibrated: null, low_series: 0, depots: [], unserved: null,
  past: [{ day: "2026-10-02", orders: 90 }, { day: "2026-10-03", orders: null }, { day: "2026-10-04", orders: 80 }],
  days: [day("2026-10-05", 400), day("2026-10-06", 100)],
  events: [event("CyberMonday", "2026-10-05", 4)], comunas: [], total: null, judged: [],
};
const scale = new FanScale(OUTLOOK, "orders", MARGIN.left + MARGIN.right + 500, MARGIN.top + MARGIN.bottom + 100);

describe("the first words, once orders of today have come", () => {
  const today = (basis: DayUnderWay["basis"], seen: number): DayUnderWay => ({
    day: "2026-10-05", at: "2026-10-05T17:00:00Z", basis, seen, expected_by_now: 300, mean: 430, p10: 420, p50: 430, p90: 441,
    expected: 400, expected_at: "2026-10-05T12:00:00Z", morning: 400, morning_at: "2026-10-05T12:00:00Z", is_remade: false, hours_days: 14, hours: [],
  });
  it("tell those and what is still expected beside the numbers of the chart", () => {
    language.current = "es";
    expect(headline(OUTLOOK, "orders", estimated(today("own", 390)))).toBe("Vienen 500 pedidos en 2 días. El día más alto es el lunes 5 de octubre, con 400 (entre 200 y 800), por CyberMonday ×4. De hoy ya llegaron 390 y se esperan 40 más: 430, donde el pronóstico dice 400.");
  });
  it("are the forecast's where they are a part of demand, where none has come, and of deliveries", () => {
    const plain = headline(OUTLOOK, "orders");
    expect([headline(OUTLOOK, "orders", estimated(today("part", 390))), headline(OUTLOOK, "orders", estimated(today("own", 0))), estimated(null)]).toEqual([plain, plain, undefined]);
    expect(headline(OUTLOOK, "deliveries", today("own", 390))).toContain("Habrá 500 entregas");
  });
});

describe("where the number of an event comes from", () => {
  const of = (part: Partial<EventUsed>): string => sourceWords({ ...event("Cyber", "2026-10-05", 4), event_id: "e", uplift: 4, ...part });
  it("is its row's, with who wrote it or that it ships", () => {
    language.current = "es";
    expect(of({ source: "CCS, 2025" })).toBe("De dónde sale: CCS, 2025 · viene con Promesa");
    expect(of({ source: "Comercial", is_typed: true, author: "Ana" })).toBe("De dónde sale: Comercial · Ana lo escribió");
    expect(of({ is_typed: true })).toBe("De dónde sale: Alguien lo escribió");
  });
  it("is the history where nobody gave one, and nothing where that has none", () => {
    expect([of({ is_given: false, uplift: null, seen: 3 }), of({ is_given: false, uplift: null, seen: 1 }), of({ is_given: false, seen: 0 }), of({ is_unsaid: true })]).toEqual([
      "De dónde sale: 3 fechas anteriores de tu historia.", "De dónde sale: 1 fecha anterior de tu historia.", "De dónde sale: tu historia.", "",
    ]);
  });
});

describe("the scale of the fan", () => {
  it("ends on a round number at or above the highest", () => {
    expect(scale.lines).toEqual([0, 200, 400, 600, 800]);
  });
  it("gives each day its width and breaks the line where nobody knows", () => {
    expect(scale.dayWidth).toBe(100);
    expect(scale.past.match(/M/g)).toHaveLength(2);
  });
  it("shows no past of deliveries, which nobody counts", () => {
    const delivered = new FanScale(OUTLOOK, "deliveries", MARGIN.left + MARGIN.right + 500, MARGIN.top + MARGIN.bottom + 100);
    expect(delivered.dayWidth).toBe(250);
    expect(delivered.past).toBe("");
    expect(delivered.dayAt(MARGIN.left + 300)).toBe(1);
  });
  it("finds the day under the pointer among those to come", () => {
    expect(scale.dayAt(MARGIN.left + 10)).toBe(0);
    expect(scale.dayAt(MARGIN.left + 410)).toBe(1);
    expect(scale.dayAt(MARGIN.left + 9000)).toBe(1);
  });
});

describe("the bands of events", () => {
  it("joins days in a row and keeps the largest factor", () => {
    const [first, second] = bandsOf([event("Cyber", "2026-10-06", 3), event("Cyber", "2026-10-05", 6), event("Cyber", "2026-10-20", 2)]);
    expect([first?.first, first?.last, first?.peak.factor]).toEqual(["2026-10-05", "2026-10-06", 6]);
    expect(second?.first).toBe("2026-10-20");
  });
  it("takes two scopes of an event on one day as one band", () => {
    expect(bandsOf([event("Cyber", "2026-10-05", 6), event("Cyber", "2026-10-05", 2)])).toHaveLength(1);
  });
});

describe("the forecast in words", () => {
  it("begins with the peak and what makes it", () => {
    expect(headline(OUTLOOK, "orders")).toBe("Vienen 500 pedidos en 2 días. El día más alto es el lunes 5 de octubre, con 400 (entre 200 y 800), por CyberMonday ×4.");
  });
  it("says that a year is missing", () => {
    expect(basisWords({ ...OUTLOOK, history_days: 90 }).join(" ")).toContain("menos de un año");
    expect(basisWords({ ...OUTLOOK, days_max: 90 })).toHaveLength(1);
  });
  it("says that a comuna is known on a few days", () => {
    expect(basisWords({ ...OUTLOOK, history_days: 1, is_new: true, calibrated: 0 })).toEqual(["Poca historia: se conoce 1 día suyo. Se parte de lo que traen las comunas chicas y de ese día; con 28 días se pronostica por sí misma."]);
  });
});

describe("the day under way", () => {
  const today: DayUnderWay = {
    day: "2026-10-05", at: "2026-10-05T18:00:00Z", basis: "own", seen: 900, expected_by_now: 400, mean: 1400, p10: 1300, p50: 1400, p90: 1550,
    expected: 697, expected_at: "2026-10-05T17:30:00Z", morning: 2053, morning_at: "2026-10-05T09:30:00Z", is_remade: true, hours_days: 14,
    hours: [{ hour: 14, expected: 400, low: 300, high: 500, came: 900 }, { hour: 23, expected: 697, low: 500, high: 900, came: null }],
  };
  it("keeps what was expected as it began, and says of which forecast it is", () => {
    language.current = "es";
    expect(morningWords(today)).toBe("Al empezar el día se esperaban 2.053 (pronóstico de las 06:30); con el último, de las 14:30, 697.");
    expect(morningWords({ ...today, expected: 2053, is_remade: false })).toBe("Al empezar el día se esperaban 2.053 (pronóstico de las 06:30).");
    expect(morningWords({ ...today, expected: 1500, is_remade: false })).toContain("corregido, 1.500");
    expect(morningWords({ ...today, morning_at: "2026-10-05T01:00:00Z" })).toContain("pronóstico del dom 4 oct 22:00");
  });
  it("has an axis that holds where the day will end", () => {
    expect(dayTop(today)).toBe(1550);
    expect(dayTop({ ...today, basis: "part" })).toBe(900);
  });
});
describe("the band of an event", () => {
  it("has both numbers where the history moved the uplift, but a merchant's alone is not what the fan shows", () => {
    language.current = "es";
    const moved = { ...event("Cyber", "2026-10-06", 1.2), uplift: 4, moved: { given: 4, expected: 2 } };
    expect(bandWords(moved)).toBe("Cyber ×2 (se dio ×4)");
    expect(bandWords({ ...moved, merchant_ids: ["m1"], share: 0.2 })).toBe("Cyber ×1,2");
  });
});
describe("what no depot serves", () => {
  it("is named, the rest counted, with how many orders", () => {
    language.current = "es";
    expect(unservedWords({ comunas: ["Macondo"], orders: 840.2 })).toContain("qué CD atiende a Macondo: sus 840 pedidos");
    expect(unservedWords({ comunas: ["A", "B", "C", "D", "E", "F"], orders: 9 })).toContain("A, B, C, D y 2 más");
  });
});
