import { language } from "$shared/i18n/language.svelte";
import { beforeEach, describe, expect, it } from "vitest";
import type { DemandEvent } from "../../tower/data/demand";
import { faultsOf } from "../../tower/demand/eventFaults";
import { isAmong, isToConfirm } from "../../tower/demand/eventFilter";
import { bodyOf, formOf, likelyOf, movedEnd, newForm, sourceOf, type EventForm } from "../../tower/demand/eventForm";
import { daysWords, shareWords, upliftWords, usedShareWords } from "../../tower/demand/eventWords";
import { jointFactor } from "../../tower/demand/forecastWords";
import { overlapsOf, overlapWords, saidOf } from "../../tower/demand/overlaps";
import { leadTimeWords } from "../../tower/demand/historyWords";
import { historyRejectedCsv, rejectedGroups, type RejectedRow } from "../../tower/demand/rejectedRows";
import { lanesOf, packBands, YearScale } from "../../tower/demand/yearScale";

beforeEach(() => { language.current = "es"; });

const CYBER: DemandEvent = {
  id: "1", name: "CyberDay", kind: "commerce", start: "2027-05-31", end: "2027-06-02",
  scope: { comunas: ["Ñuñoa"], depots: ["CD"], product_classes: [], merchant_ids: [] },
  uplift: 6, sigma: 0.5, likely: { low: 3.16, high: 11.39 }, profile: [1.17, 0.84, 0.99], source: "CCS",
  is_confirmed: false, is_rest: false, is_shipped: true, version: 1, author_id: null, author: null, saved_at: "2026-11-23T12:00:00Z", is_deleted: false,
};
const SALE: DemandEvent = { ...CYBER, id: "2", name: "Venta nocturna", start: "2027-06-01", end: "2027-06-01" };

describe("an uplift in words", () => {
  it("says its likely range", () => {
    expect(upliftWords(CYBER)).toBe("×6, entre ×3,2 y ×11,4 en 8 de cada 10 casos");
  });
  it("is learnt where nobody gave one", () => {
    expect(upliftWords({ uplift: null, likely: null })).toBe("Se aprende");
    expect(upliftWords({ uplift: 2.5, likely: null })).toBe("×2,5, se supone entre ×1,3 y ×4,7");
    expect(upliftWords({ uplift: 0, likely: null })).toBe("×0 un día normal");
  });
  it("has the range before it is saved that the server says afterwards", () => {
    const { low, high } = likelyOf(6, 0.5);
    expect([low.toFixed(2), high.toFixed(2)]).toEqual(["3.16", "11.39"]);
  });
});

describe("the form of an event", () => {
  it("sends back what it was given", () => {
    const body = bodyOf(formOf(CYBER), CYBER);
    expect(body).toMatchObject({ name: "CyberDay", uplift: 6, sigma: 0.5, profile: CYBER.profile, scope: CYBER.scope, is_confirmed: false });
  });
  it("drops the profile of days when the event lasts another number of days", () => {
    expect(bodyOf({ ...formOf(CYBER), end: "2027-06-03" }, CYBER).profile).toEqual([]);
  });
  it("keeps the profile when the event moves", () => {
    expect(bodyOf({ ...formOf(CYBER), start: "2027-06-07", end: "2027-06-09" }, CYBER).profile).toEqual(CYBER.profile);
  });
  it("keeps the source of another uplift behind the one typed, once", () => {
    const tripled = sourceOf({ ...formOf(CYBER), uplift: 3 }, CYBER);
    expect(tripled).toBe("Alza puesta a mano: ×3. Antes, ×6: CCS");
    const now = { ...CYBER, uplift: 3, source: tripled };
    expect(sourceOf({ ...formOf(now), uplift: 2.5 }, now)).toBe("Alza puesta a mano: ×2,5. Antes, ×6: CCS");
    expect([sourceOf(formOf(CYBER), CYBER), sourceOf({ ...formOf(CYBER), uplift: 3, source: " Ventas " }, CYBER)]).toEqual(["CCS", "Ventas"]);
  });
  it("lasts as long when its first day moves", () => {
    expect(movedEnd("2027-06-02", "2027-05-31", "2027-06-07")).toBe("2027-06-09");
    expect(movedEnd("", "2027-05-31", "2027-06-07")).toBe("");
  });
  it("has no uncertainty of what is learnt, and the comunas that were picked", () => {
    expect(bodyOf({ ...formOf(CYBER), uplift: null, comunas: ["Maipú", "Macul"] }, CYBER)).toMatchObject({ sigma: null, scope: { comunas: ["Maipú", "Macul"] } });
  });
  it("keeps several merchants until another is chosen", () => {
    const ours = { ...CYBER, scope: { ...CYBER.scope, merchant_ids: ["a", "b"] } };
    const sent = (merchant: string): string[] | undefined => bodyOf({ ...formOf(ours), merchant }, ours).scope?.merchant_ids;
    expect([sent("a"), sent("c"), sent("")]).toEqual([["a", "b"], ["c"], []]);
  });
  it("says beside its fields what is missing or turned round", () => {
    expect(faultsOf({ ...newForm("2027-03-10"), end: "2027-03-01" })).toEqual({ name: "Falta el nombre del evento.", end: "El último día va antes que el primero." });
    expect(faultsOf(formOf(CYBER))).toEqual({});
  });
});

describe("the strip of a year", () => {
  const scale = new YearScale(2027);
  it("stands a day at its share of the year", () => {
    expect(scale.at("2027-01-01")).toBe(0);
    expect(scale.at("2027-07-02")).toBeCloseTo(182 / 365);
    expect(scale.span(CYBER).width).toBeCloseTo(3 / 365);
  });
  it("cuts at its ends an event of two years", () => {
    const { left, width } = scale.span({ start: "2026-12-28", end: "2027-01-03" });
    expect([left, width]).toEqual([0, 3 / 365]);
  });
  it("keeps the names of events of the same days apart", () => {
    const bands = packBands([SALE, CYBER], scale);
    expect(bands.map((band) => [band.event.name, band.lane])).toEqual([["CyberDay", 0], ["Venta nocturna", 1]]);
    expect(lanesOf(bands)).toBe(2);
  });
  it("writes the name of a late event before it", () => {
    const late = { ...SALE, start: "2027-12-28", end: "2027-12-30" };
    expect(packBands([late], scale)[0]?.isFlipped).toBe(true);
  });
});

describe("which events are looked at", () => {
  it("are those of a kind, those that were edited, or those without a sure date", () => {
    const edited = { ...SALE, author_id: "u", is_confirmed: true, is_unsaid: false };
    const among = (filter: Parameters<typeof isAmong>[1]): string[] => [CYBER, edited].filter((event) => isAmong(event, filter, "2027-03-01")).map((event) => event.id);
    expect([among("commerce"), among("own"), among("unconfirmed"), among("payday")]).toEqual([["1", "2"], ["2"], ["1"], []]);
  });
});

describe("an event that was deleted", () => {
  it("is among the deleted alone", () => {
    const gone = { ...CYBER, is_deleted: true };
    const among = (event: DemandEvent, filter: Parameters<typeof isAmong>[1]): boolean => isAmong(event, filter, "2027-03-01");
    expect([among(gone, "all"), among(gone, "unconfirmed"), among(gone, "deleted"), among(CYBER, "deleted")]).toEqual([false, false, true, false]);
  });
});

describe("a probable date", () => {
  it("is asked about until it has come", () => {
    expect([isToConfirm(CYBER, "2027-05-30"), isToConfirm(CYBER, "2027-05-31"), isToConfirm({ ...CYBER, is_confirmed: true }, "2027-03-01")]).toEqual([true, false, false]);
  });
});

describe("two events of the same days", () => {
  const ours: EventForm = { ...formOf(SALE), uplift: 2, comunas: [] };
  const told = (form: EventForm, event: DemandEvent): string[] => overlapsOf(saidOf(form), [event], { ownId: SALE.id, served: [] }).map((each) => overlapWords(saidOf(form), each));
  it("multiply, and it is said how much", () => {
    expect(told(ours, CYBER)).toEqual(["CyberDay también es el mar 1 jun. Sus alzas se multiplican: ×2 por ×6 hacen ×12."]);
    expect(told(ours, { ...CYBER, uplift: null })[0]).toContain("Lo que mueve cada uno se multiplica");
  });
  it("are one where they have one name and place", () => {
    expect(told({ ...ours, name: "CyberDay", comunas: ["Ñuñoa"], depots: ["CD"] }, CYBER)[0]).toContain("cuentan una vez");
  });
  it("are no news in other comunas, on other days, on a payday or of the event itself", () => {
    const others = [{ ...CYBER, scope: { ...CYBER.scope, comunas: ["Macul"] } }, { ...CYBER, start: "2027-06-02" }, { ...CYBER, kind: "payday" as const }, SALE];
    expect(others.flatMap((event) => told({ ...ours, comunas: ["Ñuñoa"] }, event))).toEqual([]);
  });
  it("are no news where nobody orders", () => {
    const morro = { ...CYBER, name: "Asalto y Toma del Morro", scope: { ...CYBER.scope, comunas: ["Arica"], depots: [] } };
    const of = (served: string[]): number => overlapsOf(saidOf(ours), [morro], { served }).length;
    expect([of(["Ñuñoa"]), of(["Ñuñoa", "Arica"]), of([])]).toEqual([0, 1, 1]);
    expect(overlapsOf(saidOf({ ...ours, comunas: ["Arica"] }), [morro], { served: ["Ñuñoa"] })).toHaveLength(1);
  });
  it("count what is learnt of a day once", () => {
    const used = { name: "A", day: "2027-06-01", factor: 2, low: 1, high: 3, is_given: true, event_id: null, uplift: 2, day_share: null, comunas: [], depots: [], merchant_ids: [], share: null, own: null, together: [], is_confirmed: true, is_unsaid: false };
    const learnt = { ...used, is_given: false, factor: 1.5 };
    expect([jointFactor([used]), jointFactor([used, learnt, learnt]), jointFactor([used, { ...used, comunas: ["Maipú"] }]), jointFactor([used, { ...used, merchant_ids: ["m1"] }])]).toEqual([undefined, 3, undefined, undefined]);
  });
});

describe("days and lead times in words", () => {
  it("say one day once", () => {
    expect(daysWords(SALE)).toBe("mar 1 jun");
    expect(daysWords(CYBER)).toBe("lun 31 may – mié 2 jun");
  });
  it("say what was learnt, and leave out what is next to nothing", () => {
    const lead = { depot: "CD", product_class: "", shares: [0, 0.8, 0.199, 0.001], mean_days: 1.2, source: "learnt" as const, orders: 500 };
    expect(leadTimeWords(lead)).toBe("Plazo de entrega, CD: 80\u00a0% al día hábil siguiente, 19,9\u00a0% a los 2 días hábiles (500 pedidos).");
  });
});

describe("rows that a file's history leaves out", () => {
  const twice = (row: number): RejectedRow => ({ row, field: "fecha", reason: `Ya está en la fila ${row - 9}, con 4 pedidos.`, written: "=1+1" });
  it("are one group where only their numbers differ, the commonest first", () => {
    const odd = { ...twice(3), field: "pedidos", reason: "Falta." };
    const groups = rejectedGroups([odd, ...[11, 12, 13, 14].map(twice)]);
    expect(groups.map((group) => [group.field, group.count, group.first.map((row) => row.row)])).toEqual([["fecha", 4, [11, 12, 13]], ["pedidos", 1, [3]]]);
  });
  it("leave as a table in which nothing runs", () => {
    expect(historyRejectedCsv([twice(11)])).toBe("\uFEFFfila;columna;motivo;como viene\r\n11;fecha;Ya está en la fila 2, con 4 pedidos.;'=1+1\r\n");
  });
});

describe("the uplift of a merchant", () => {
  const shares = { weeks: 8, items: [{ merchant_id: "m1", share: 0.19 }] };
  it("says what it makes of all orders, or that it can make nothing yet", () => {
    expect(shareWords(4, "m1", shares)).toContain("×4 de un comercio, que trajo 19\u00a0% de los pedidos donde despacha en las últimas 8 semanas: ×1,57");
    expect(shareWords(4, "m2", shares)).toContain("no se puede repartir");
    expect([shareWords(null, "m1", shares), shareWords(4, "", shares)]).toEqual(["", ""]);
  });
  it("is said of a day as its profile has it", () => {
    expect(usedShareWords({ uplift: 4, share: 0.19, merchant_ids: ["m1"], day_share: null })).toContain("19\u00a0% de los pedidos donde despacha: ×1,57.");
    expect(usedShareWords({ uplift: 4, share: 0.19, merchant_ids: ["m1"], day_share: 0.5 })).toContain("×2 de");
    expect(usedShareWords({ uplift: 4, share: null, merchant_ids: ["m1"], day_share: null })).toBe("");
  });
});
