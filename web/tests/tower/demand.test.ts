import { language } from "$shared/i18n/language.svelte";
import { beforeEach, describe, expect, it } from "vitest";
import type { DemandEvent } from "../../tower/data/demand";
import { takesProfile, usedDaysWords, usedProfile, withDays } from "../../tower/demand/eventDays";
import { faultsOf } from "../../tower/demand/eventFaults";
import { isAmong, isToConfirm } from "../../tower/demand/eventFilter";
import { formatDayYear, noonOf } from "$shared/format/dates";
import { bodyOf, formOf, learnFrom, likelyOf, movedEnd, newForm, sourceOf, type Change, type EventForm } from "../../tower/demand/eventForm";
import { daysWords, movedWords, shareWords, upliftWords, usedShareWords } from "../../tower/demand/eventWords";
import { jointFactor } from "../../tower/demand/forecastWords";
import { overlapsOf, overlapWords, saidOf } from "../../tower/demand/overlaps";
import { leadTimeWords } from "../../tower/demand/historyWords";
import { historyRejectedCsv, rejectedGroups, type RejectedRow } from "../../tower/demand/rejectedRows";
import { lanesOf, packBands, YearScale } from "../../tower/demand/yearScale";

beforeEach(() => { language.current = "es"; });

const CYBER: DemandEvent = {
  id: "1", name: "CyberDay", kind: "commerce", start: "2027-05-31", end: "2027-06-02",
  scope: { comunas: ["Ñuñoa"], depots: ["CD"], product_classes: [], merchant_ids: [] },
  uplift: 6, sigma: 0.5, is_firm: false, likely: { low: 3.16, high: 11.39 }, profile: [1.17, 0.84, 0.99], source: "CCS",
  is_confirmed: false, is_rest: false, is_shipped: true, version: 1, author_id: null, author: null, saved_at: "2026-11-23T12:00:00Z", is_deleted: false,
};
const TODAY = "2026-11-30";
const on = (was: DemandEvent): Change => ({ was, today: TODAY });
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
  it("says what the history made of the one given", () => {
    const moved = { given: 6, expected: 3.098 };
    expect(movedWords(moved, { factor: 2.6, times: 3 })).toBe("Se dio ×6; con lo que tu historia mostró en 3 fechas (×2,6) se espera ×3,1.");
    expect(movedWords(moved, { factor: 2.6, times: 1 })).toBe("Se dio ×6; con lo que tu historia mostró en 1 fecha (×2,6) se espera ×3,1.");
  });
  it("has the range before it is saved that the server says afterwards", () => {
    const { low, high } = likelyOf(6, 0.5);
    expect([low.toFixed(2), high.toFixed(2)]).toEqual(["3.16", "11.39"]);
  });
});

describe("the form of an event", () => {
  it("sends back what it was given", () => {
    const body = bodyOf(formOf(CYBER), on(CYBER));
    expect(body).toMatchObject({ name: "CyberDay", uplift: 6, sigma: 0.5, profile: CYBER.profile, scope: CYBER.scope, is_confirmed: false });
  });
  describe("has a number for each of its days", () => {
    const moved = (part: Partial<EventForm>): number[] | undefined => bodyOf({ ...formOf(CYBER), ...part }, on(CYBER)).profile;
    it("that stay in order when it moves, are 1 for new days, and go with the last ones", () => {
      expect(moved({ start: "2027-06-07", end: "2027-06-09" })).toEqual([1.17, 0.84, 0.99]);
      expect(moved({ end: "2027-06-03" })).toEqual([1.17, 0.84, 0.99, 1]);
      expect(moved({ end: "2027-06-01" })).toEqual([1.17, 0.84]);
    });
    it("or none at all where nobody said one; an empty one among others is 1", () => {
      expect([moved({ days: [null, null, null] }), moved({ days: [null, 2, null] })]).toEqual([[], [1, 2, 1]]);
      expect(bodyOf({ ...newForm("2027-06-01"), end: "2027-06-02" }).profile).toEqual([]);
    });
    it("that are used with a mean of 1, over an ordinary day by the uplift", () => {
      const form = { ...formOf(CYBER), end: "2027-06-01", uplift: 3, days: [50, 30] };
      expect(usedProfile(form)).toEqual([1.25, 0.75]);
      expect(usedDaysWords(form)).toBe("Se usa en proporción, con media 1: lun 31 may ×1,25 · mar 1 jun ×0,75. Sobre un día normal: ×3,75 · ×2,25.");
      expect(usedDaysWords({ ...form, days: [1.3, 0.7], uplift: null })).toBe("Se usa así: lun 31 may ×1,3 · mar 1 jun ×0,7.");
    });
    it("that hold where an uplift is given, or where it is of some series alone", () => {
      const learnt = { ...formOf(CYBER), uplift: null };
      expect([takesProfile(formOf(CYBER)), takesProfile(learnt), takesProfile({ ...learnt, comunas: [], depots: [] })]).toEqual([true, true, false]);
    });
    it("that come back when an end typed wrong is mended before it is saved", () => {
      expect(moved({ days: withDays(withDays([1.17, 0.84, 0.99], 1), 3) })).toEqual([1.17, 0.84, 0.99]);
    });
  });
  describe("says of the uplift what holds of its number", () => {
    const SHIPPED = { ...CYBER, source: "Fecha: CCS. Alza: CCS sobre CyberDay 2020, ×6 un día normal (biobiochile.cl). Reparto por día: CyberMonday 2025." };
    const typedOn = (day: string, before: string): string => `Fecha: CCS. Alza: escrita a mano el ${day}, en vez de ${before}. Reparto por día: CyberMonday 2025.`;
    const today = (): string => formatDayYear(noonOf(TODAY));
    it("typed, and typed once more", () => {
      const tripled = sourceOf({ ...formOf(SHIPPED), uplift: 3 }, on(SHIPPED));
      expect(tripled).toBe(typedOn(today(), "×6"));
      const now = { ...SHIPPED, uplift: 3, source: tripled };
      expect(sourceOf({ ...formOf(now), uplift: 2.5 }, on(now))).toBe(typedOn(today(), "×3"));
    });
    it("learnt from the history, unless another number is typed after", () => {
      const form = formOf(SHIPPED);
      learnFrom(form, { name: "CyberDay", factor: 2.638, times: 3 }, 0.3);
      expect([form.uplift, form.isFirm]).toEqual([2.64, true]);
      expect(sourceOf(form, on(SHIPPED))).toBe(`Fecha: CCS. Alza: aprendida de tu historia el ${today()}, ×2,64 en 3 fechas, en vez de ×6. Reparto por día: CyberMonday 2025.`);
      form.uplift = 4;
      expect(sourceOf(form, on(SHIPPED))).toBe(typedOn(today(), "×6"));
    });
    it("emptied, and words that name no uplift give way whole", () => {
      expect(sourceOf({ ...formOf(CYBER), uplift: null }, on(CYBER))).toBe(`Alza: sin decir desde el ${today()}, en vez de ×6.`);
    });
    it("and leaves what somebody writes, or what has not changed", () => {
      expect([sourceOf(formOf(CYBER), on(CYBER)), sourceOf({ ...formOf(CYBER), uplift: 3, source: " Ventas " }, on(CYBER))]).toEqual(["CCS", "Ventas"]);
    });
  });
  it("sends whether the uplift is taken as it is; one to be learnt is not", () => {
    const form = { ...formOf(CYBER), isFirm: true };
    expect([bodyOf(form, on(CYBER)).is_firm, bodyOf({ ...form, uplift: null }, on(CYBER)).is_firm, bodyOf(formOf(CYBER), on(CYBER)).is_firm]).toEqual([true, false, false]);
  });
  it("lasts as long when its first day moves", () => {
    expect(movedEnd("2027-06-02", "2027-05-31", "2027-06-07")).toBe("2027-06-09");
    expect(movedEnd("", "2027-05-31", "2027-06-07")).toBe("");
  });
  it("has no uncertainty of what is learnt, and the comunas that were picked", () => {
    expect(bodyOf({ ...formOf(CYBER), uplift: null, comunas: ["Maipú", "Macul"] }, on(CYBER))).toMatchObject({ sigma: null, scope: { comunas: ["Maipú", "Macul"] } });
  });
  it("keeps several merchants until another is chosen", () => {
    const ours = { ...CYBER, scope: { ...CYBER.scope, merchant_ids: ["a", "b"] } };
    const sent = (merchant: string): string[] | undefined => bodyOf({ ...formOf(ours), merchant }, on(ours)).scope?.merchant_ids;
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
    const edited: DemandEvent = { ...SALE, kind: "campaign", author_id: "u", is_confirmed: true };
    const among = (filter: Parameters<typeof isAmong>[1]): string[] => [CYBER, edited].filter((event) => isAmong(event, filter, "2027-03-01")).map((event) => event.id);
    expect([among("commerce"), among("campaign"), among("own"), among("unconfirmed"), among("payday")]).toEqual([["1"], ["2"], ["2"], ["1"], []]);
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
    const used = { name: "A", day: "2027-06-01", factor: 2, low: 1, high: 3, is_given: true, event_id: null, uplift: 2, day_share: null, comunas: [], depots: [], merchant_ids: [], share: null, own: null, together: [], is_confirmed: true, is_unsaid: false, source: "", author: null, is_typed: false, seen: null, is_firm: false, moved: null };
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
    const lead = { depot: "CEN", depot_name: "CD", product_class: "", shares: [0, 0.8, 0.199, 0.001], mean_days: 1.2, source: "learnt" as const, orders: 500 };
    expect(leadTimeWords(lead)).toBe("Plazo de entrega, CD: 80\u00a0% al día hábil siguiente, 19,9\u00a0% a los 2 días hábiles (500 pedidos).");
  });
});

describe("rows that a file's history leaves out", () => {
  const twice = (row: number): RejectedRow => ({ row, field: "fecha", reason: `Ya está en la fila ${row - 9}, con 4 pedidos.`, written: "=1+1", cells: ["=1+1", "Maipú", "4"] });
  it("are one group where only their numbers differ, the commonest first", () => {
    const odd = { ...twice(3), field: "pedidos", reason: "Falta." };
    const groups = rejectedGroups([odd, ...[11, 12, 13, 14].map(twice)]);
    expect(groups.map((group) => [group.field, group.count, group.first.map((row) => row.row)])).toEqual([["fecha", 4, [11, 12, 13]], ["pedidos", 1, [3]]]);
  });
  it("leave as a table in which nothing runs", () => {
    expect(historyRejectedCsv([twice(11)], [])).toBe("\uFEFFfila;columna;motivo\r\n11;fecha;Ya está en la fila 2, con 4 pedidos.\r\n");
    expect(historyRejectedCsv([twice(11)], ["fecha", "comuna", "pedidos"])).toBe("\uFEFFfecha;comuna;pedidos;fila;motivo\r\n'=1+1;Maipú;4;11;fecha: Ya está en la fila 2, con 4 pedidos.\r\n");
  });
  it("give no cells back that do not stand under their columns", () => {
    const spilt = { ...twice(11), field: "fila", reason: "Sobran celdas.", written: "1 · Maipú · 1 · 234", cells: [] };
    expect(historyRejectedCsv([spilt], ["fecha", "comuna", "pedidos"]).split("\r\n")[1]).toBe(";;;11;fila: Sobran celdas. 1 · Maipú · 1 · 234");
  });
  it("have one line for each, with all that is wrong with it, as they are to be imported again", () => {
    const both = [{ ...twice(11), cells: ["1", "2"] }, { ...twice(11), field: "hora", cells: ["1", "2"] }, { ...twice(11), cells: ["1", "3"] }];
    expect(historyRejectedCsv(both, ["fecha", "comuna"]).trimEnd().split("\r\n")).toHaveLength(3);
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
    expect(usedShareWords({ uplift: 4, share: 0.19, merchant_ids: ["m1"], day_share: null, moved: null })).toContain("19\u00a0% de los pedidos donde despacha: ×1,57.");
    expect(usedShareWords({ uplift: 4, share: 0.19, merchant_ids: ["m1"], day_share: 0.5, moved: null })).toContain("×2 de");
    // What the history moved is what is expected of the merchant: x2, and of all so much less.
    expect(usedShareWords({ uplift: 4, share: 0.2, merchant_ids: ["m1"], day_share: null, moved: { given: 4, expected: 2 } })).toContain("20\u00a0% de los pedidos donde despacha: ×1,2.");
    expect(usedShareWords({ uplift: 4, share: null, merchant_ids: ["m1"], day_share: null, moved: null })).toBe("");
  });
});
