import { language } from "$shared/i18n/language.svelte";
import { beforeEach, describe, expect, it } from "vitest";
import { type Change, gainsOf, harmedWords, harmOf, movesOf, toggled, touchOf, undoOf, withNeeds } from "../../tower/today/changeList";
import { type Helpless, insteadOf, inTrouble, troubleOf, whyOf } from "../../tower/today/helplessWords";
import { chosenOf, movesOf as movesOfProposal, windowsOf } from "../../tower/today/proposalVans";
import { limitsOf } from "../../tower/today/replanLimits";
import type { Proposal } from "../../tower/data/views";

function change(number: number, stop: string, needs: number[] = [], harmed: Change["harmed"] = []): Change {
  const move = (to: string): Change["moves"][number] => ({ stop_id: stop, to_route_id: to, after_stop_id: null, is_first: true, after_reload: false });
  return {
    number, needs, harmed, kind: "take", sentence: "", route_id: `to-${stop}`, code: "R-02", from_route_id: "from", from_code: "R-01",
    stops: 1, saves: 1, saves_s: 600, saves_clp: 0, moves: [move(`to-${stop}`)], undo: [move("from")],
  };
}

function harmedStop(stop: string, risk: string): Change["harmed"][number] {
  return { stop_id: stop, order_id: stop, reference: `P-${stop}`, code: "R-02", risk_was: "on_time", risk };
}

beforeEach(() => { language.current = "es"; });

describe("changes chosen one by one", () => {
  const first = change(0, "a");
  const second = change(1, "b", [0]);
  const late = harmedStop("a", "late");
  const changes = [first, second, change(2, "c", [1], [late])];

  it("bring along what they need", () => {
    expect([...toggled(changes, new Set(), 2)].sort()).toEqual([0, 1, 2]);
    expect([...withNeeds(changes, [1])].sort()).toEqual([0, 1]);
  });

  it("take with them what needs them", () => {
    expect([...toggled(changes, new Set([0, 1, 2]), 1)]).toEqual([0]);
  });

  it("are made in the order of their needs and undone the other way round", () => {
    expect(movesOf([second, first]).map((move) => move.stop_id)).toEqual(["a", "b"]);
    expect(undoOf([first, second]).map((move) => move.stop_id)).toEqual(["b", "a"]);
  });

  it("say in words whether driving costs more or less", () => {
    const words = (saves_clp: number): string => gainsOf({ ...first, saves_clp }).at(-1) ?? "";
    expect(words(1_240)).toMatch(/1\.240 menos$/);
    expect(words(-1_240)).toMatch(/1\.240 más$/);
    expect(words(0)).not.toContain("$");
  });

  it("say whom they harm, those left late first", () => {
    const harms = harmOf(change(0, "a", [], [harmedStop("b", "at_risk"), late, harmedStop("c", "at_risk")]));
    expect(harms.map((harm) => [harm.words, harm.stops.map((stop) => stop.reference)])).toEqual([["deja tarde 1 promesa:", ["P-a"]], ["pone en riesgo 2 promesas:", ["P-b", "P-c"]]]);
    expect(harmOf(first)).toEqual([]);
  });

  it("count a promise that two of them harm once", () => {
    expect(touchOf([change(0, "a", [], [late]), change(1, "b", [], [late, harmedStop("c", "at_risk")])]).harmed).toBe(2);
    expect([harmedWords(0), harmedWords(2)]).toEqual(["Ninguna promesa queda peor.", "2 promesas quedan peor."]);
  });

  it("say how much of the day they touch", () => {
    expect(touchOf(changes)).toEqual({ stops: 3, vans: 4, harmed: 1 });
    expect(touchOf([])).toEqual({ stops: 0, vans: 0, harmed: 0 });
  });
});

describe("a proposal without a van somebody refused", () => {
  const proposal = {
    vans: [{ route_id: "x", cost_clp: 100 }, { route_id: "y", cost_clp: 40 }],
    moves: [{ stop_id: "a", to_route_id: "x", risk: "late" }, { stop_id: "b", to_route_id: "y", risk: "on_time" }],
    undo: [{ stop_id: "a", to_route_id: "r", is_first: true }, { stop_id: "b", to_route_id: "r", after_stop_id: "a" }],
    later: [{ route_id: "y", risk: "late", risk_was: "on_time" }],
    cost_clp: 140,
  } as unknown as Proposal;

  it("keeps what the others take, and its price", () => {
    const left = chosenOf(proposal, new Set(["x"]));
    expect(left.cost_clp).toBe(40);
    expect(left.moves).toHaveLength(1);
    expect(windowsOf(left)).toBe(1);
    expect(windowsOf(proposal)).toBe(2);
  });

  it("puts each stop where its hour was told for", () => {
    const moves = [{ stop_id: "a", to_route_id: "x", after_stop_id: null, after_reload: false, risk: "late" }, { stop_id: "b", to_route_id: "x", after_stop_id: "a", after_reload: true, risk: "late" }] as unknown as Proposal["moves"];
    expect(movesOfProposal({ moves })).toEqual([
      { stop_id: "a", to_route_id: "x", after_stop_id: null, after_reload: false, is_first: true },
      { stop_id: "b", to_route_id: "x", after_stop_id: "a", after_reload: true, is_first: false },
    ]);
  });

  it("takes back only what moved, each stop to its place", () => {
    expect(chosenOf(proposal, new Set(["x"])).undo).toEqual([{ stop_id: "b", to_route_id: "r", after_stop_id: "a" }]);
  });
});

describe("how much may change", () => {
  it("is what two whole numbers within the limits say", () => {
    expect([limitsOf(0, 0), limitsOf(200, 50)]).toEqual([{ stops_max: 0, windows_max: 0 }, { stops_max: 200, windows_max: 50 }]);
  });

  it("is not asked for while a field is empty, no whole number or out of range", () => {
    expect([limitsOf(null, 0), limitsOf(20, undefined), limitsOf(20, -1), limitsOf(2.5, 0), limitsOf(201, 0), limitsOf(20, 51)]).toEqual(Array(6).fill(undefined));
  });
});

describe("vans in trouble that no change helps", () => {
  const van = (changes: Partial<Helpless> = {}): Helpless => ({ route_id: "r2", code: "R-02", why: "tried", late: 3, at_risk: 2, passed: 0, begun: 0, aboard: 0, free: 0, takers: 0, ...changes });
  const searched = { isLimitUsed: false, isThorough: false };

  it("are those a person has to look at; the rest are only counted", () => {
    const slight = van({ route_id: "slight", late: 0 });
    const others = [van(), slight, van({ route_id: "stands", why: "broken_down", late: 0, at_risk: 0 })];
    const shown = (loud: string[], routeId?: string): string[] => inTrouble(others, new Set(loud), routeId).map((each) => each.route_id);
    expect(shown([])).toEqual(["r2", "stands"]);
    expect([shown(["slight"]), shown([], "slight")]).toEqual([["r2", "slight", "stands"], ["r2", "slight", "stands"]]);
  });

  it("say how many promises are in trouble", () => {
    expect([troubleOf(van()), troubleOf(van({ why: "broken_down", at_risk: 0 })), troubleOf(van({ late: 0 }))]).toEqual(["R-02 · 3 tarde, 2 en riesgo", "R-02 · en panne · 3 tarde", "R-02 · 2 en riesgo"]);
  });

  it("say what was tried and what stands in the way, a sentence each", () => {
    expect(whyOf(van({ passed: 1, begun: 1, aboard: 2, free: 1, takers: 4 }))).toEqual([
      "La ventana de 1 parada ya pasó: ningún orden la salva.",
      "A 1 parada el conductor ya va, o está ahí: sigue primera.",
      "2 van a bordo y no cambian de furgón: se probó otro orden, y ninguno salva una promesa sin arriesgar otra.",
      "1 puede cambiar de furgón: se probó en 4 furgones, y en ninguno llega a tiempo sin arriesgar a otro.",
    ]);
    expect(whyOf(van({ free: 2, takers: 0 }))[0]).toContain("ningún otro las puede llevar");
    expect(whyOf(van({ why: "no_streets", aboard: 5 }))).toHaveLength(1);
  });

  it("say what to do instead, and which search is left", () => {
    expect(insteadOf(van(), searched)).toBe("Qué hacer: llama al conductor, y a quienes no alcanza ofréceles otra hora u otro día desde su pedido. O prueba Buscar a fondo.");
    expect(insteadOf(van(), { isLimitUsed: true, isThorough: true })).toMatch(/O sube el tope de arriba y busca de nuevo\.$/);
    expect(insteadOf(van({ late: 0 }), { ...searched, isThorough: true })).toBe("Qué hacer: llama al conductor y síguelo; todavía ninguna llega tarde.");
    expect(insteadOf(van({ why: "broken_down" }), searched)).toContain("Repartir");
  });
});
