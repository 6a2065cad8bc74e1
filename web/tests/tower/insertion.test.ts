import { ApiError, type ProblemDocument } from "$shared/api/problem";
import { language } from "$shared/i18n/language.svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SearchRun, type SearchView } from "../../tower/state/searchRun.svelte";
import { laterWords, loadWords, overtimeWords, type Place, whereWords } from "../../tower/today/placeWords";

const PLACE: Place = {
  route_id: "r", code: "R-04", plate: "HKTR52", is_spare: false, is_under_way: true, depot: "CD Quilicura", fetches_at: "2026-11-23T14:20:00Z", after_reload: false, is_aboard: false,
  after: { stop_id: "a", order_id: "oa", reference: "A-1", address: "Suecia 100" }, before: { stop_id: "b", order_id: "ob", reference: "B-1", address: null },
  arrival: "2026-11-23T15:00:00Z", latest: "2026-11-23T15:20:00Z", risk: "on_time", added_cost_clp: 2_340, added_s: 1_080,
  back_at: "2026-11-23T21:30:00Z", shift_end: "2026-11-23T21:00:00Z", lost: 0, stops_max: null, later: [],
};

beforeEach(() => { language.current = "es"; });

describe("a place says", () => {
  it("how the parcels come aboard", () => {
    expect(loadWords(PLACE)).toMatch(/^vuelve a CD Quilicura por los bultos, \d\d:20$/);
    expect(loadWords({ ...PLACE, after_reload: true })).toMatch(/^los carga en CD Quilicura al volver a cargar, \d\d:20$/);
    const bare = { ...PLACE, depot: null, fetches_at: null };
    expect(loadWords({ ...bare, is_under_way: false })).toBe("aún no sale: se carga con lo demás");
    expect(loadWords({ ...bare, is_under_way: false, is_spare: true })).toBe("furgón de reserva: carga y sale");
    expect(loadWords({ ...bare, is_aboard: true })).toBe("ya lleva los bultos");
    expect(loadWords(bare)).toBe("retira los bultos en la parada");
  });

  it("between which doors, by reference where the door may not be seen", () => {
    expect(whereWords(PLACE)).toBe("entre Suecia 100 y B-1");
    expect(whereWords({ ...PLACE, after: null })).toBe("primera, antes de B-1");
    expect(whereWords({ ...PLACE, before: null })).toBe("última, después de Suecia 100");
    expect(whereWords({ ...PLACE, after: null, before: null })).toBe("única parada");
  });

  it("who is later, and how long after the shift the van is back", () => {
    expect(laterWords(PLACE)).toBe("nadie se atrasa");
    const stop = { stop_id: "b", order_id: "ob", reference: "B-1", address: null, route_id: "r", code: "R-04", was: "2026-11-23T15:00:00Z", arrival: "2026-11-23T15:14:00Z", latest: "2026-11-23T15:40:00Z", window: null, risk_was: "on_time", risk: "at_risk" };
    expect(laterWords({ ...PLACE, later: [stop] })).toBe("1 parada se atrasa 14\u00a0min");
    expect(overtimeWords(PLACE)).toBe("vuelve 30\u00a0min después de su turno");
    expect(overtimeWords({ ...PLACE, back_at: PLACE.shift_end })).toBe("");
  });
});

describe("a search", () => {
  const answer = (state: string, id = "s", failure: string | null = null): SearchView => ({ id, state, progress: 0.5, failure });
  const settle = async (): Promise<void> => { await vi.advanceTimersByTimeAsync(500); };

  beforeEach(() => { vi.useFakeTimers(); });
  afterEach(() => { vi.useRealTimers(); });

  it("is asked for until it is ready, and cancelled by nobody then", async () => {
    const cancel = vi.fn(() => Promise.resolve());
    const states = ["running", "ready"];
    const run = new SearchRun<SearchView>(() => Promise.resolve(answer(states.shift() ?? "")), cancel);
    await run.start(() => Promise.resolve(answer("queued")));
    expect([run.isRunning, run.isQueued]).toEqual([true, true]);
    await settle();
    expect([run.isQueued, run.progress, run.found]).toEqual([false, 0.5, undefined]);
    await settle();
    expect([run.isRunning, run.found?.state]).toEqual([false, "ready"]);
    run.leave();
    expect(cancel).not.toHaveBeenCalled();
  });

  it("that is left is cancelled, and its answer is not shown", async () => {
    const cancel = vi.fn(() => Promise.resolve());
    const run = new SearchRun<SearchView>(() => Promise.resolve(answer("ready")), cancel);
    await run.start(() => Promise.resolve(answer("running", "first")));
    run.leave();
    await settle();
    expect(cancel).toHaveBeenCalledWith("first");
    expect([run.isRunning, run.found]).toEqual([false, undefined]);
  });

  it("says what went wrong, and asks again after a lost signal", async () => {
    const looks = [() => Promise.reject(new TypeError("no signal")), () => Promise.resolve(answer("failed", "s", "El planificador se detuvo."))];
    const run = new SearchRun<SearchView>(() => looks.shift()?.() ?? Promise.reject(new Error()), () => Promise.resolve());
    await run.start(() => Promise.resolve(answer("running")));
    await settle();
    expect(run.isRunning).toBe(true);
    await settle();
    expect([run.isRunning, run.error?.message]).toEqual([false, "El planificador se detuvo."]);
  });

  it("that the server has forgotten is asked for no more", async () => {
    const gone = new ApiError(404, { code: "search_forgotten", detail: "Busca de nuevo." } as ProblemDocument);
    const run = new SearchRun<SearchView>(() => Promise.reject(gone), () => Promise.resolve());
    await run.start(() => Promise.resolve(answer("running")));
    await settle();
    expect([run.isRunning, run.error]).toEqual([false, gone]);
  });
});
