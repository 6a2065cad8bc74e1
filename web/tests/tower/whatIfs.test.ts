import { afterEach, describe, expect, it, vi } from "vitest";
import { WHAT_IFS_MAX, WhatIfs, whatIfsOf } from "../../tower/capacity/whatIfs.svelte";
import { capacity, type Compared, type WhatIfBody } from "../../tower/data/capacity";

const AS_IT_IS: Compared = { name: "Como está", sentence: "", cost_clp: 1_000, undelivered: 0, undelivered_clp: null, total_clp: 1_000, more_clp: 0, kept: 0.98, more_kept: 0, gap: 0, worst_day: null, worst_kept: 1, takes: [], notes: [] };

/** A server whose changed plan costs as many pesos as vans are taken away, times the target. */
function serve(): void {
  vi.spyOn(capacity, "whatIf").mockImplementation((body: WhatIfBody) => {
    const fewer = body.vehicles_less ?? 0;
    if (fewer > 90) return Promise.reject(new Error("no"));
    return Promise.resolve({ since: "2026-11-03", items: [AS_IT_IS, { ...AS_IT_IS, name: `Sin ${fewer}`, cost_clp: fewer * (body.target ?? 1) }] });
  });
}

afterEach(() => vi.restoreAllMocks());

describe("what-ifs side by side", () => {
  it("stand in the order they were asked, and the same one only once", async () => {
    serve();
    const kept = new WhatIfs();
    for (const vehicles_less of [5, 7, 5]) await kept.add({ vehicles_less }, undefined);
    expect(kept.rows.map((row) => row.plan?.name)).toEqual(["Sin 5", "Sin 7"]);
    kept.remove(kept.rows[0]?.id ?? 0);
    expect(kept.rows.map((row) => row.plan?.name)).toEqual(["Sin 7"]);
    expect(kept.changes).toEqual([{ vehicles_less: 7 }]);
  });
  it("are asked again when the board they stand beside is another", async () => {
    serve();
    const kept = new WhatIfs();
    await kept.add({ vehicles_less: 10 }, undefined);
    await kept.renew(0.5);
    expect(kept.rows[0]?.plan?.cost_clp).toBe(5);
  });
  it("are all asked again when one more is answered beside another plan", async () => {
    serve();
    const kept = new WhatIfs();
    await kept.add({ vehicles_less: 5 }, undefined);
    kept.rows = kept.rows.map((row) => ({ ...row, plan: { ...AS_IT_IS, cost_clp: 7 } }));
    kept.base = { ...AS_IT_IS, cost_clp: 900 };
    await kept.add({ vehicles_less: 6 }, undefined);
    expect(kept.rows.map((row) => row.plan?.cost_clp)).toEqual([5, 6]);
    expect(kept.rows.some((row) => row.isOld)).toBe(false);
  });
  it("stay while an operator looks at another screen, and are nobody else's", async () => {
    serve();
    await whatIfsOf("norte").add({ vehicles_less: 5 }, undefined);
    expect(whatIfsOf("norte").rows).toHaveLength(1);
    expect(whatIfsOf("sur").rows).toHaveLength(0);
  });
  it("say in their own row why they can no longer be tried", async () => {
    serve();
    const kept = new WhatIfs();
    kept.rows = [{ id: 1, asked: { vehicles_less: 91 }, plan: AS_IT_IS }];
    await kept.renew(undefined);
    expect(kept.rows[0]?.plan).toBeUndefined();
    expect(kept.rows[0]?.failure).toBeTruthy();
  });
  it("are few enough to choose from", async () => {
    serve();
    const kept = new WhatIfs();
    for (let fewer = 1; fewer <= WHAT_IFS_MAX; fewer += 1) await kept.add({ vehicles_less: fewer }, undefined);
    expect(kept.isFull).toBe(true);
  });
});
