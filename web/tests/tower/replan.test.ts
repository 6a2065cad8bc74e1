import { language } from "$shared/i18n/language.svelte";
import { beforeEach, describe, expect, it } from "vitest";
import { type Change, gainsOf, movesOf, toggled, touchOf, undoOf, withNeeds } from "../../tower/today/changeList";
import { chosenOf, windowsOf } from "../../tower/today/proposalVans";
import type { Proposal } from "../../tower/data/views";

function change(number: number, stop: string, needs: number[] = [], windows = 0): Change {
  const move = (to: string): Change["moves"][number] => ({ stop_id: stop, to_route_id: to, after_stop_id: null, is_first: true, after_reload: false });
  return {
    number, needs, windows, kind: "take", sentence: "", route_id: `to-${stop}`, code: "R-02", from_route_id: "from", from_code: "R-01",
    stops: 1, saves: 1, saves_s: 600, saves_clp: 0, moves: [move(`to-${stop}`)], undo: [move("from")],
  };
}

beforeEach(() => { language.current = "es"; });

describe("changes chosen one by one", () => {
  const first = change(0, "a");
  const second = change(1, "b", [0]);
  const changes = [first, second, change(2, "c", [1], 1)];

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

  it("say how much of the day they touch", () => {
    expect(touchOf(changes)).toEqual({ stops: 3, vans: 4, windows: 1 });
    expect(touchOf([])).toEqual({ stops: 0, vans: 0, windows: 0 });
  });
});

describe("a proposal without a van somebody refused", () => {
  const proposal = {
    vans: [{ route_id: "x", cost_clp: 100 }, { route_id: "y", cost_clp: 40 }],
    moves: [{ to_route_id: "x", risk: "late" }, { to_route_id: "y", risk: "on_time" }],
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
});
