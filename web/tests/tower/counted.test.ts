import { beforeEach, describe, expect, it } from "vitest";
import { language } from "$shared/i18n/language.svelte";
import { differenceOf, namesOf, readPesos, whatToDo } from "../../tower/warehouse/counted";

beforeEach(() => { language.current = "es"; });

describe("counted cash", () => {
  it.each([["12.500", 12_500], ["$ 9990", 9_990], ["0", 0], ["", null], ["doce", null], ["10,5", null]])("reads %s as pesos", (typed, clp) => {
    expect(readPesos(typed)).toBe(clp);
  });

  it("says which way it does not add up", () => {
    expect([0, -1_000, 500].map(differenceOf)).toEqual(["Cuadra", "Faltan $\u00a01.000", "Sobran $\u00a0500"]);
  });
});

describe("a surplus parcel", () => {
  it.each([["other_route", "R-09"], ["told_delivered", "torre"], ["not_out", "CD"], ["unknown", "etiqueta"]])("%s says what to do", (why, word) => {
    expect(whatToDo({ why, route_code: "R-09" })).toContain(word);
  });
});

describe("parcels not counted yet", () => {
  it("names a few and leaves the rest to the list", () => {
    expect(namesOf(["A", "B"])).toBe("A, B");
    expect(namesOf(["A", "B", "C", "D", "E", "F"])).toBe("A, B, C, D y 2 más de la lista");
  });
});
