import { language } from "$shared/i18n/language.svelte";
import { beforeEach, describe, expect, it } from "vitest";
import type { JudgedOverrides, JudgedUplift, Override } from "../../tower/data/forecast";
import { correctionRows, correctionWords } from "../../tower/demand/correctionRows";

beforeEach(() => { language.current = "es"; });

const SAID: Override = {
  id: "1", start: "2026-10-12", end: "2026-10-13", comuna: "Maipú", depot: null, product_class: null, factor: 1.5, orders_a_day: null,
  reason: "Feria", author_id: "a", author: "Ana", made_at: "2026-10-05T12:00:00Z", withdrawn_at: null, withdrawn_by: null,
};
const JUDGED = { override: SAID, days: 1, model: 100, said: 150, came: 140, model_error: 40, said_error: 10, is_better: true };
const VIEW: JudgedOverrides = {
  items: [JUDGED, { ...JUDGED, override: { ...SAID, id: "2", start: "2026-10-01", end: "2026-10-01" }, is_better: false }],
  awaited: [{ override: { ...SAID, id: "3", start: "2026-10-20", end: "2026-10-20" }, model: 30, said: 45, is_over: false }],
  uplifts: [], better: 1, model_error: 0.4, said_error: 0.1, has_more: false,
};

describe("corrections beside what came", () => {
  it("say in words who was nearer, and how many are to be seen", () => {
    expect(correctionWords(VIEW)).toMatch(/^En 1 de 2 correcciones acertamos más que el modelo. En conjunto, el modelo erró en 40\s% y lo corregido en 10\s%. 1 está por ver.$/);
    expect(correctionWords({ ...VIEW, items: [] })).toBe("1 está por ver.");
  });
  it("have those to come first, and those under way may still be withdrawn", () => {
    const rows = correctionRows(VIEW, "2026-10-13");
    expect(rows.map((row) => [row.id, row.nearer, row.standing !== undefined])).toEqual([["3", "awaited", true], ["1", "said", true], ["2", "model", false]]);
    // Of two days one is over.
    expect(rows.map((row) => row.judged)).toEqual(["", "1 de 2 días", ""]);
  });
  it("never say who was nearer where nobody counted", () => {
    const unknown = VIEW.awaited.map((each) => ({ ...each, is_over: true }));
    expect(correctionRows({ ...VIEW, awaited: unknown }, "2026-11-01")[0]?.nearer).toBe("unknown");
  });
});

describe("uplifts that were typed of events", () => {
  const CYBER: JudgedUplift = {
    event_id: "e", name: "Cyber", start: "2026-10-05", end: "2026-10-07", comunas: [], depots: [], uplift: 3, model: 6, without: "calendar", was_learnt: false, came: 2.5, days: 3,
    is_over: true, is_better: true, author_id: "a", author: "Ana", made_at: "2026-09-05T12:00:00Z",
  };
  const ahead: JudgedUplift = { ...CYBER, event_id: "n", model: null, without: null, came: null, days: 0, is_over: false, is_better: null };
  it("stand in times an ordinary day beside what stood and what came", () => {
    const row = correctionRows({ ...VIEW, uplifts: [CYBER] }, "2026-10-13").at(-1);
    expect(row).toMatchObject({ model: "×6", said: "×3", came: "×2,5", nearer: "said", author: "Ana", why: "Alza de Cyber, frente a la que tenía el calendario" });
    expect(row?.standing).toBeUndefined();
  });
  it("are counted in words, those to come with the corrections", () => {
    const words = correctionWords({ ...VIEW, items: [], uplifts: [CYBER, { ...CYBER, is_better: false }, ahead] });
    expect(words).toBe("En 1 de 2 alzas escritas que ya pasaron acertamos más que lo que había sin ellas. 2 están por ver.");
  });
  it("say of one that was learnt what it had been, where somebody knows", () => {
    const row = (part: Partial<JudgedUplift>) => correctionRows({ ...VIEW, items: [], awaited: [], uplifts: [{ ...ahead, was_learnt: true, ...part }] }, "2026-10-13")[0];
    expect([row({})?.model, row({})?.why]).toEqual(["aprendido", "Alza de Cyber, que antes de escribirla se aprendía de la historia"]);
    expect([row({ model: 2.4, without: "forecast" })?.model, row({ model: 2.4, without: "forecast" })?.why]).toEqual(["aprendido (×2,4)", "Alza de Cyber, frente al pronóstico de antes de escribirla"]);
  });
  it("say what nobody knows", () => {
    const nearer = (part: Partial<JudgedUplift>): string | undefined => correctionRows({ ...VIEW, items: [], awaited: [], uplifts: [{ ...CYBER, ...part }] }, "2026-10-13")[0]?.nearer;
    expect([nearer(ahead), nearer({ came: null, is_better: null }), nearer({ model: null, is_better: null })]).toEqual(["awaited", "unknown", "untold"]);
  });
});
