import { beforeEach, describe, expect, it } from "vitest";
import { language } from "$shared/i18n/language.svelte";
import { whyNot } from "../../tower/planning/whyNot";
import { acceptTitle, backLine, countsLine, isCoarse } from "../../tower/reviews/reviewWords";
import type { AddressReview } from "../../tower/data/orderViews";

beforeEach(() => { language.current = "es"; });

describe("an address that waits for a person", () => {
  const place = (change: object): AddressReview["placement"] => ({ level: "street", uncertainty_m: 180, is_outside: false, ...change }) as AddressReview["placement"];

  it("known as far as the comuna is no door: the pin comes before a yes", () => {
    expect(isCoarse(place({ level: "comuna", uncertainty_m: 3000 }))).toBe(true);
    expect(isCoarse(place({ level: "given", uncertainty_m: 2000 }))).toBe(true);
    expect(isCoarse(place({ is_outside: true }))).toBe(true);
    expect(isCoarse(null)).toBe(true);
  });

  it("at street level may be accepted first", () => {
    expect(isCoarse(place({}))).toBe(false);
  });

  it("is counted by what is the matter, in words", () => {
    expect(countsLine({ by_kind: { street: 30, comuna: 1, none: 2 } })).toMatch(/^2 sin posición, 1 sólo con la comuna, 30 con la calle, sin la altura\. /);
  });

  it("offers one yes to the streets as they were written, and else to compare those that were not", () => {
    expect(acceptTitle({ street_level: 3, median_uncertainty_m: 180, renamed_total: 2 })).toBe("Aceptar 3 direcciones a nivel calle, unos ±180\u00a0m");
    expect(acceptTitle({ street_level: 0, median_uncertainty_m: null, renamed_total: 2 })).toBe("Comparar 2 calles que el mapa escribe distinto");
  });

  it("says what became of a yes that was taken back", () => {
    expect(backLine({ reopened: 2, kept: 0 })).toBe("2 direcciones vuelven a esperar a una persona.");
    expect(backLine({ reopened: 1, kept: 1 })).toBe("1 dirección vuelve a esperar a una persona. 1 sigue aceptada: ya va en una ruta o cambió después.");
  });
});

describe("a day that cannot be planned", () => {
  it("says why", () => {
    expect(whyNot(0, { ready: 3 })).toBe("Falta un turno: agrégalo o copia los de ayer");
    expect(whyNot(2, { ready: 0 })).toBe("No hay pedidos listos para este día");
    expect(whyNot(2, { ready: 3 })).toBeUndefined();
    expect(whyNot(undefined, undefined)).toBeUndefined();
  });
});
