import { describe, expect, it } from "vitest";
import { BoardScale, MARGIN } from "../../tower/capacity/boardScale";
import { deliveryWords, weekdaysWords } from "../../tower/capacity/deliveryWords";
import { dayWords, differenceWords, keptWords, neededWords, worstDay } from "../../tower/capacity/capacityWords";
import { bodyBack, termsBody, termsForm } from "../../tower/capacity/termsForm";
import { wholeCurve } from "../../tower/capacity/curve";
import type { CapacityDay, Compared, DepotCapacity, Terms } from "../../tower/data/capacity";
import { keyOf } from "../../tower/state/keys";
import { SCREENS } from "../../tower/state/place";

const TUESDAY: CapacityDay = {
  day: "2026-11-03", deliveries: 900, needed_p50: 14, needed_p97: 19, ready: 18, own: 10, own_there: 10, own_from: "shifts", own_paid: 10, idle: 0, doors_missing: 0, doors_note: "",
  contracted: 3, spot: 1, gap: 4, cost_clp: 900_000, cost_assumed_clp: 0, kept: 0.91, kept_bad_day: 0.8, held: 0, shifts_lack: "", spot_why: "", event: null,
};
const SUNDAY: CapacityDay = { ...TUESDAY, day: "2026-11-08", deliveries: 0, needed_p50: 0, needed_p97: 0, ready: 0, own: 0, contracted: 0, spot: 0, gap: 0, kept: 1, kept_bad_day: 1 };
const TERMS: Terms = {
  depot: "QUI", contract_carrier: "", contract_vehicles: 4, contract_day_cost_clp: 90_000, contract_days_min: 5, spot_vehicles: 2, spot_day_cost_clp: 120_000,
  doors: null, loading_min: 15, loading_span_min: 180, departures_max: null, target: 0.965, version: 3, author: null, saved_at: null,
};

describe("a depot's strip", () => {
  const scale = new BoardScale([TUESDAY, SUNDAY], 400, 230);
  it("stacks what there is from the ground, with what is missing on top", () => {
    const pieces = scale.pieces(TUESDAY);
    expect(pieces.map((piece) => [piece.part, piece.count])).toEqual([["own", 10], ["contracted", 3], ["spot", 1], ["gap", 4]]);
    const [own, missing] = [pieces.at(0), pieces.at(-1)];
    expect((own?.y ?? 0) + (own?.height ?? 0)).toBeCloseTo(scale.y(0));
    expect(missing?.y).toBeCloseTo(scale.y(18));
  });
  it("draws neither bars nor brackets on a day without deliveries", () => {
    expect(scale.pieces(SUNDAY)).toEqual([]);
    expect(scale.brackets(SUNDAY, 1)).toBe("");
  });
  it("has room for the vehicles of the worst case, in whole vehicles", () => {
    expect(scale.top).toBeGreaterThanOrEqual(19);
    expect(scale.lines.every(Number.isInteger)).toBe(true);
    expect(new BoardScale([{ ...TUESDAY, ready: 1, needed_p97: 1 }], 400, 230).lines).toEqual([0, 1]);
  });
  it("finds the day under a pointer, kept on the strip", () => {
    expect([MARGIN.left + 1, 399, -5, 900].map((x) => scale.placeAt(x))).toEqual([0, 1, 0, 1]);
  });
});

describe("capacity in words", () => {
  it("says what a day needs, and what it lacks", () => {
    expect(neededWords(TUESDAY)).toBe("de 14 a 19");
    expect(neededWords({ ...TUESDAY, needed_p50: 19 })).toBe("19");
    expect(dayWords(TUESDAY)).toContain("faltan 4 camionetas");
    expect(dayWords(SUNDAY)).toContain("no se reparte");
  });
  it("says what a change costs and keeps", () => {
    const plan: Compared = { name: "Como está", sentence: "", cost_clp: 1_000_000, undelivered: 0, undelivered_clp: null, total_clp: 1_000_000, more_clp: 200_000, kept: 0.98, more_kept: -0.025, gap: 0, worst_day: null, worst_kept: 1, takes: [], notes: [] };
    expect(differenceWords(plan)).toBe("−2,5 puntos, $\u00a0200.000 más");
    expect(differenceWords({ ...plan, more_clp: -100_000, more_kept: 0 })).toBe("+0 puntos, $\u00a0100.000 menos");
  });
});

describe("what a planner looks at first", () => {
  const depot = (days: CapacityDay[]): DepotCapacity => ({ depot: "QUI", name: "CD", target: 0.97, vehicle_parcels: 60, vehicle_work_min: 480, own_day_cost_clp: 80_000, own_cost_from: "own", vehicles: 9, vehicles_priced: 9, vehicle_days: 18, learnt: { days: 0, routes: 0, days_missing: 5, service_min: 3, visits: 0 }, cost_clp: 0, cost_assumed_clp: 0, kept: 1, gap: 0, worst_day: null, sentence: "", days, curve: [], terms: TERMS });
  it("is the day that lacks most vans, or else the one that needs most", () => {
    const full = { ...TUESDAY, day: "2026-11-04", gap: 0, ready: 30 };
    expect(worstDay([depot([SUNDAY, full]), depot([TUESDAY])])).toBe("2026-11-03");
    expect(worstDay([depot([SUNDAY, full])])).toBe("2026-11-04");
    expect(worstDay([])).toBeUndefined();
  });
  it("costs at each target what the depots cost together, unless one of them has no curve", () => {
    const point = (target: number, cost_clp: number): DepotCapacity["curve"][number] => ({ target, cost_clp, kept: target, gap: 0 });
    const one = { ...depot([]), curve: [point(0.8, 10), point(0.9, 20)] };
    expect(wholeCurve([one, one])).toEqual([{ target: 0.8, cost_clp: 20 }, { target: 0.9, cost_clp: 40 }]);
    expect(wholeCurve([one, depot([])])).toEqual([]);
  });
  it("is never told that more is kept than is", () => {
    expect(keptWords(0.9957)).toBe("99,5\u00a0%");
    expect(keptWords(0.97)).toBe("97\u00a0%");
  });
});

describe("terms as a form", () => {
  it("sends back what it was given, over the version that was read", () => {
    const { departures_max, author, saved_at, ...sent } = TERMS;
    expect(termsBody(termsForm(TERMS), TERMS)).toEqual(sent);
    expect([departures_max, author, saved_at]).toEqual([null, null, null]);
  });
  it("takes emptied vehicles for none and emptied doors for no limit", () => {
    const body = termsBody({ ...termsForm({ ...TERMS, doors: 3 }), contract_vehicles: null, doors: null }, TERMS);
    expect([body.contract_vehicles, body.doors]).toEqual([0, null]);
  });
  it("undoes a save with the terms of before over the new version", () => {
    expect(bodyBack(TERMS, 4)).toMatchObject({ version: 4, contract_vehicles: 4, target: 0.965 });
  });
});

describe("keys of the screens", () => {
  it("are all different, one a screen", () => {
    expect(new Set(SCREENS.map((_, place) => keyOf(place))).size).toBe(SCREENS.length);
    expect(SCREENS.map((_, place) => keyOf(place))).not.toContain("");
  });
});

describe("when an operator delivers", () => {
  it("names a run of weekdays by its ends, others one by one", () => {
    expect([[0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5, 6], [0, 2, 4], [6]].map(weekdaysWords)).toEqual(["de lunes a sábado", "todos los días", "lunes, miércoles y viernes", "domingo"]);
  });
  it("says the cut-off, how long it takes, and what is closed", () => {
    const delivery = { cut_off: "16:30:00", lead_days: 0, weekdays: [0, 1, 2, 3, 4, 5], closed: ["2026-12-25"] };
    expect(deliveryWords(delivery)).toBe("Se reparte de lunes a sábado; lo pedido antes de las 16:30 se entrega el mismo día. Cerrado: vie 25 dic.");
    expect(deliveryWords({ ...delivery, lead_days: 1, closed: [] })).toContain("se entrega al día siguiente.");
    expect(deliveryWords({ ...delivery, lead_days: 3, closed: [] })).toContain("a los 3 días.");
  });
});
