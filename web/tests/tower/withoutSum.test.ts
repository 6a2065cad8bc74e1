import { describe, expect, it } from "vitest";
import { withoutSum } from "../../tower/planning/withoutSum";

describe("a sentence beside its sum", () => {
  it.each([
    ["No cabe en su ventana 15:00–17:00; cabría con un vehículo más desde Quilicura ($10.200).", "No cabe en su ventana 15:00–17:00; cabría con un vehículo más desde Quilicura."],
    ["Cabría en V-20 a las 16:49 si se cambia la ventana (−$17).", "Cabría en V-20 a las 16:49 si se cambia la ventana."],
    ["Cabría en V-1 si tuviera más espacio ($600)", "Cabría en V-1 si tuviera más espacio"],
    ["Atenderla cuesta más que los $100 de dejarla fuera.", "Atenderla cuesta más que los $100 de dejarla fuera."],
  ])("says the rest", (sentence, rest) => {
    expect(withoutSum(sentence)).toBe(rest);
  });
});
