import { describe, expect, it } from "vitest";
import { closedProblem, CLOSED_DAYS_MAX, keptWords } from "../../tower/promise/closedDays";

const TODAY = "2026-10-05";

describe("a date to close", () => {
  it("can be any from today on that is not closed yet", () => {
    expect(closedProblem("2026-10-10", ["2026-12-24"], TODAY)).toBeUndefined();
    expect(closedProblem(TODAY, [], TODAY)).toBeUndefined();
  });
  it("says in words why it cannot be", () => {
    expect(closedProblem("", [], TODAY)).toBe("Falta la fecha que se cierra.");
    expect(closedProblem("2026-10-04", [], TODAY)).toBe("El dom 4 oct 2026 ya pasó. Elige una fecha desde hoy.");
    expect(closedProblem("2026-10-10", ["2026-10-10"], TODAY)).toBe("El sábado 10 de octubre ya está cerrado.");
    expect(closedProblem("2026-10-10", Array.from({ length: CLOSED_DAYS_MAX }, (_, index) => `2027-${index}`), TODAY)).toContain("400");
  });
  it("says how many were promised for it already", () => {
    expect(keptWords({ date: "2026-10-10", promised: 0 })).toBe("sin pedidos prometidos");
    expect(keptWords({ date: "2026-10-10", promised: 1_250 })).toBe("1.250 pedidos ya prometidos mantienen su día");
  });
});
