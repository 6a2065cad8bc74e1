import { beforeEach, describe, expect, it } from "vitest";
import { language } from "$shared/i18n/language.svelte";
import { plain } from "../../tower/shell/plain";
import { actionOf, wordsOf } from "../../tower/today/exceptionWords";
import { causeOf, notesOf, titleOf } from "../../tower/today/promiseRows";
import type { DayException, PromiseRow } from "../../tower/data/views";

beforeEach(() => {
  language.current = "es";
});

const NOW = "2026-10-05T15:30:00Z";
/** 12:00 in Santiago on a spring day. */
const DUE = "2026-10-05T15:00:00Z";

function line(kind: string, facts: Partial<DayException["facts"]>, changes: Partial<DayException> = {}): DayException {
  return {
    key: kind, kind, risk: "at_risk", route_id: null, order_id: null, action: "plan",
    facts: { promises: 1, passed: 0, late: 0, late_stated: 0, delay_s: 0, since: null, due: null, heading_to: null, is_route_seen: true, route_codes: ["R-01"], reasons: [], released: 0, visit: null, ...facts },
    ...changes,
  };
}

describe("what to look at", () => {
  it("says a delay, what is due first and where the van goes", () => {
    const words = wordsOf(line("late_route", { promises: 7, delay_s: 1590, due: DUE, heading_to: "Suecia 1120" }, { action: "proposal" }), NOW);
    expect(words).toEqual({ title: "R-01 · 26\u00a0min de atraso", count: "7 en riesgo", why: "Primera vence 12:00 · va a Suecia 1120", proposal: "Ver quién puede tomar paradas" });
  });

  it("speaks English in the English torre", () => {
    language.current = "en";
    const words = wordsOf(line("silent_phone", { promises: 4, since: DUE }, { action: "call" }), NOW);
    expect([words.title, words.count, words.proposal]).toEqual(["R-01 · 30\u00a0min without signal", "4 stops", "Call the driver"]);
    expect(actionOf(line("breakdown", {}))).toBe("Spread the stops");
  });

  it("has other words for an order whose window is over", () => {
    const lost = wordsOf(line("unplanned", { promises: 2, passed: 2 }, { action: "reschedule" }), NOW);
    expect([lost.why, lost.proposal]).toEqual(["Sus ventanas ya pasaron y nadie los llevó", "Reagendar y avisar a quien espera"]);
    const some = wordsOf(line("unplanned", { promises: 3, passed: 1, due: DUE }), NOW);
    expect([some.title, some.count, some.why]).toEqual(["3 pedidos sin ruta", "1 rota", "1 ya tiene la ventana vencida; la próxima vence 12:00"]);
    expect(wordsOf(line("unplanned", { promises: 3, due: DUE }), NOW).why).toBe("Nadie los lleva; la primera ventana vence 12:00");
  });

  it("names the two commonest reasons and counts the rest", () => {
    const reasons = [{ reason: "RECIPIENT_ABSENT", count: 8 }, { reason: "PURCHASE_CANCELLED", count: 2 }, { reason: "", count: 1 }];
    const words = wordsOf(line("failed_stops", { promises: 11, route_codes: ["R-01", "R-02"], reasons }, { action: "decide" }), NOW);
    expect([words.title, words.count, words.why]).toEqual(["11 pedidos no entregados", "2 rutas", "Sin moradores 8 · Compra anulada 2 · otros 1"]);
    expect(wordsOf(line("failed_stops", { reasons: reasons.slice(1, 2) }), NOW).why).toBe("Compra anulada");
  });

  it("tells apart the failed visits that break no promise", () => {
    const words = wordsOf(line("failed_stops", { promises: 3, reasons: [{ reason: "PURCHASE_CANCELLED", count: 3 }], released: 2 }), NOW);
    expect(words.why).toBe("Compra anulada 3 · 2 no rompen promesa: la liberó quien esperaba");
  });

  it("says since when promises drift, how many of how many, how many were stated, and what to do", () => {
    const facts = { promises: 1900, late: 187, late_stated: 95, since: "2026-10-01T03:00:00Z", route_codes: [] };
    const worse = wordsOf(line("promises_worse", facts, { action: "offer" }), NOW);
    expect(worse).toEqual({ title: "Más promesas rotas de lo dicho", count: "187 de 1.900", why: "Desde el jue 1 oct; se dijo que serían 95", proposal: "Ver Promesas: más turnos o prometer más tarde" });
    const better = wordsOf(line("promises_better", { ...facts, late: 12 }, { action: "offer" }), NOW);
    expect([better.title, better.count, better.proposal]).toEqual(["Menos promesas rotas de lo dicho", "12 de 1.900", "Ver Promesas: se puede prometer antes"]);
  });

  it("gathers slight risks in one line, with the vans by name while they are few", () => {
    const words = wordsOf(line("slight_risk", { promises: 5, due: DUE, route_codes: ["R-01", "R-02"] }, { action: "see" }), NOW);
    expect(words).toEqual({ title: "5 promesas en riesgo leve", count: "2 rutas", why: "Primera vence 12:00 · R-01, R-02", proposal: "Ver cuáles son y qué furgones las llevan" });
    expect(wordsOf(line("slight_risk", { route_codes: ["1", "2", "3", "4", "5"], due: DUE }), NOW).why).toBe("Primera vence 12:00");
  });
});

describe("visits beside promises", () => {
  const found = { visits: 9, broken: 5, released: 4, other: 0, reasons: [{ reason: "PURCHASE_CANCELLED", count: 4 }], promises_released: 4 };

  it("says why nine visits failed and five promises broke", () => {
    const told = "Hoy fallaron 9 visitas: 5 rompieron su promesa; en 4 la liberó el destinatario o el comercio (Compra anulada 4) y no cuentan como rotas.";
    expect(notesOf({ shape: "failed" }, found)).toEqual([told]);
    expect(notesOf({}, found)).toEqual([told, "Hay más pedidos que promesas: 4 pedidos de hoy ya no la tienen, porque el destinatario o el comercio pidió otra cosa."]);
  });

  it("says nothing where both are one count, or the number is another one", () => {
    expect(notesOf({ shape: "failed" }, { ...found, visits: 5, released: 0, reasons: [], promises_released: 0 })).toEqual([]);
    expect(notesOf({ standing: "safe" }, found)).toEqual([]);
    expect(notesOf({ shape: "failed", route: { id: "r", code: "R-01" } }, found)).toEqual([]);
  });
});

describe("a visit in doubt", () => {
  const visit = { reference: "P-1", driver: "Dora", cod_due_clp: 12_990, cod_collected_clp: 10_000, outcome: null, why: null, note: "No tenía más" };

  it("says who received how much of how much, and why", () => {
    const words = wordsOf(line("cash_differs", { visit }, { action: "see" }), NOW);
    expect([words.title, words.count, words.proposal]).toEqual(["R-01 · Cobró otro monto", "faltan $\u00a02.990", "Ver y dar el visto"]);
    expect(words.why).toBe("Dora · recibió $\u00a010.000 de $\u00a012.990 · «No tenía más» · pedido P-1");
  });

  it("says what the phone told and what contradicts it", () => {
    const told = { ...visit, note: null, outcome: "succeeded", why: "parcel.returned_to_depot" };
    const words = wordsOf(line("delivery_disputed", { visit: told, since: DUE }, { action: "decide" }), NOW);
    expect([words.count, words.proposal]).toEqual(["P-1", "Aceptar la entrega o dejar como está"]);
    expect(words.why).toContain("su teléfono dice que se entregó");
    expect(words.why).toContain("un bulto se leyó de vuelta en el CD");
  });
});

describe("the rows behind a number", () => {
  const row = (cause: Partial<NonNullable<PromiseRow["cause"]>> | null, route_code: string | null = null): PromiseRow => ({
    order_id: "o", reference: "P-1", state: "confirmed", route_code, window: { start: DUE, end: NOW }, first_window: { start: DUE, end: NOW },
    expected_at: null, standing: "at_risk", shape: "at_risk", fate: "open",
    cause: cause && { code: "address", has_passed: false, sentence: null, reason: null, delivered_at: null, delay_s: null, ...cause },
  });

  it("give each order without a route its reason", () => {
    expect(causeOf(row({}))).toBe("Su dirección espera que alguien la acepte");
    expect(causeOf(row({ code: "no_shift", has_passed: true }))).toBe("Su ventana ya pasó. Hoy no hay furgones con turno");
    expect(causeOf(row({ code: "left_out", sentence: "Pesa más de lo que lleva un furgón." }))).toBe("La planificación lo dejó fuera: Pesa más de lo que lleva un furgón.");
  });

  it("say what holds up a van, and nothing of a safe promise", () => {
    expect(causeOf(row({ code: "running_late", delay_s: 1500 }, "R-02"))).toBe("R-02 va 25\u00a0min atrasada");
    expect(causeOf(row({ code: "not_delivered", reason: "RECIPIENT_ABSENT" }, "R-02"))).toBe("No entregado: Sin moradores");
    expect(causeOf(row(null, "R-02"))).toBe("");
  });

  it("are named by the number they stand behind", () => {
    expect(titleOf({})).toBe("Promesas de hoy");
    expect(titleOf({ shape: "late", carried: "nothing" })).toBe("Sin ruta y con la ventana vencida");
    expect(titleOf({ standing: "at_risk", route: { id: "r", code: "R-02" } })).toBe("Promesas en riesgo · R-02");
  });
});

it("looks for words without accents or case", () => {
  expect(plain("Núñez, ÑUÑOA")).toBe("nunez, nunoa");
});
