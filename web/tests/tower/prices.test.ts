import { language } from "$shared/i18n/language.svelte";
import { beforeEach, describe, expect, it } from "vitest";
import type { FleetPrice, Price, PromisePrice, StopPrice, VehiclePrice } from "../../tower/data/prices";
import { effortWords, promiseSentence, stopSentence, waitSentence, withoutSentence, withSentence, workWords } from "../../tower/prices/priceWords";

const PROMISED: PromisePrice = {
  kind: "promised", window: { start: "2026-11-23T13:00:00Z", end: "2026-11-23T15:00:00Z" }, cost_clp: 3_120, more_clp: 1_890, duration_s: 1_320, distance_m: 3_140,
  route: "R-04", plate: "WVXZ73", arrival: "2026-11-23T13:40:00Z",
};
const FREE: PromisePrice = { ...PROMISED, kind: "whole_day", cost_clp: 1_230, more_clp: 0 };
const STOP: StopPrice = {
  order_id: "o", reference: "BOL-1", with_references: [], vehicle: "V-08", cost_clp: 1_230, duration_s: 840, distance_m: 2_310, left_out_clp: 50_000, windows: [PROMISED, FREE],
};
const SAME: FleetPrice = { worth_clp: 0, driven_clp: 0, left_out_clp: 0, duration_s: 0, distance_m: 0, orders: [] };
const LEFT = [{ order_id: "a", reference: "A-1" }, { order_id: "b", reference: "B-1" }];
const price = (less: Partial<FleetPrice>, more: Partial<FleetPrice> = {}): VehiclePrice => ({ vehicle: "V-08", route: "R-04", plate: "WVXZ73", less: { ...SAME, ...less }, more: { ...SAME, ...more } });
/** Sums and measures keep their unit beside them. */
const plain = (text: string): string => text.replaceAll("\u00a0", " ");

beforeEach(() => { language.current = "es"; });

describe("who waits is told", () => {
  it("that the first question of a day is the slow one, or that on a big day each of them is", () => {
    const asked = { keeps_times: true } as Price;
    expect(waitSentence(undefined)).toMatch(/^La primera pregunta del día tarda más/);
    expect(waitSentence(asked)).toBe(waitSentence(undefined));
    expect(waitSentence({ ...asked, keeps_times: false })).toMatch(/^Este día tiene más de 2\.000 lugares .* cada pregunta tarda/);
  });
});

describe("a stop says", () => {
  it("what the route costs less without it, with minutes and kilometres", () => {
    expect(plain(stopSentence(STOP))).toBe("Sin esta parada la ruta cuesta $ 1.230 menos: recorre 2,3 km menos y trabaja 14 min menos.");
  });

  it("that the van waits elsewhere where no time is won", () => {
    expect(plain(stopSentence({ ...STOP, cost_clp: 36, duration_s: 0, distance_m: 275 }))).toBe("Sin esta parada la ruta cuesta $ 36 menos: recorre 280 m menos y trabaja lo mismo, porque espera en otra parada.");
  });

  it("who goes with it, and that nothing is saved where nothing is", () => {
    expect(plain(stopSentence({ ...STOP, with_references: ["BOL-2", "BOL-3"] }))).toMatch(/^Sin esta parada y las que van con ella \(BOL-2, BOL-3\) la ruta cuesta/);
    expect(plain(stopSentence({ ...STOP, cost_clp: -20, distance_m: -300 }))).toBe("Sin esta parada la ruta no cuesta menos: recorre 300 m más y trabaja 14 min menos.");
  });

  it("what its promise costs over the whole day", () => {
    expect(plain(promiseSentence(STOP))).toMatch(/^Prometer \d\d:00–\d\d:00 cuesta \$ 1\.890 más que llegar a cualquier hora del día\.$/);
    expect(promiseSentence({ ...STOP, windows: [{ ...PROMISED, more_clp: 0 }, FREE] })).toContain("no cuesta nada");
    expect(promiseSentence({ ...STOP, windows: [{ ...PROMISED, cost_clp: null, more_clp: null }, FREE] })).toContain("no cabe en ninguna ruta");
    expect(promiseSentence({ ...STOP, windows: [FREE] })).toBe("No se le prometió una hora: llega cuando menos cuesta.");
  });

  it("that the way is the same to a door beside another", () => {
    expect(plain(stopSentence({ ...STOP, cost_clp: 314, duration_s: 180, distance_m: 0 }))).toBe("Sin esta parada la ruta cuesta $ 314 menos: recorre lo mismo y trabaja 3 min menos.");
    expect(plain(effortWords({ ...FREE, duration_s: 180, distance_m: 0 }))).toBe("+3 min");
  });

  it("the work of each window, and only the way where no minute is worked more", () => {
    expect(plain(effortWords(PROMISED))).toBe("+22 min · +3,1 km");
    expect(plain(effortWords({ ...PROMISED, duration_s: 20, distance_m: -120 }))).toBe("−120 m");
  });
});

describe("a vehicle says", () => {
  it("that it is spare, or what the day costs more without it", () => {
    expect(plain(withoutSentence(price({ driven_clp: -34_478 })))).toBe("el día cuesta $ 34.478 menos y se atiende todo igual: sobra.");
    expect(plain(withoutSentence(price({ driven_clp: 900 })))).toBe("el día cuesta $ 900 más; se atiende todo igual.");
    expect(withoutSentence(price({}))).toContain("cuesta lo mismo");
  });

  it("who would be left out without it", () => {
    expect(plain(withoutSentence(price({ driven_clp: -8_000, left_out_clp: 100_000, orders: LEFT })))).toBe("quedan fuera 2 pedidos, que el plan cuenta en $ 100.000, y las rutas cuestan $ 8.000 menos.");
  });

  it("what one more like it would save, or whom it would take", () => {
    expect(withSentence(price({}))).toBe("no se ahorra nada.");
    expect(plain(withSentence(price({}, { worth_clp: 2_500, driven_clp: 2_500 })))).toBe("el día cuesta $ 2.500 menos.");
    expect(plain(withSentence(price({}, { worth_clp: 60_000, driven_clp: -40_000, left_out_clp: 100_000, orders: LEFT })))).toBe("entran 2 pedidos que ahora quedan fuera, y las rutas cuestan $ 40.000 más.");
  });

  it("hours and kilometres from the side of the change", () => {
    const less = { ...SAME, duration_s: -4_248, distance_m: -46_100 };
    expect(plain(workWords(less, 1))).toBe("En total se trabaja 1 h 11 menos y se recorren 46,1 km menos.");
    expect(plain(workWords({ ...less, duration_s: 10 }, -1))).toBe("Se recorren 46,1 km más.");
    expect(workWords(SAME, 1)).toBe("");
  });
});
