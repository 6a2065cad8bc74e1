import { beforeEach, describe, expect, it } from "vitest";
import { OfflineError } from "$shared/api/problem";
import { language } from "$shared/i18n/language.svelte";
import type { Scan, ScanAnswer } from "../../tower/data/warehouse";
import { ScanDesk, type Scanned } from "../../tower/warehouse/scanDesk.svelte";
import { ROUTE_MISSING, verdictOf } from "../../tower/warehouse/verdict";

const PARCEL = { barcode: "A-1", order_id: "o", reference: "A", order_state: "scheduled", state: "received_at_depot", stage: "in_depot", comuna: "Ñuñoa", route_id: "r", route_code: "R-05", sequence: 12, trip: null, number: 1, of_order: 2 };
const answer = (more: Partial<ScanAnswer>): ScanAnswer => ({ id: "1", status: "accepted", code: null, detail: null, parcel: PARCEL, ...more });
const scan = (id: string): Scan => ({ id, barcode: `B-${id}`, depot_id: "d", occurred_at: "2026-10-05T12:00:00Z", kind: "received" });

function store(): Pick<Storage, "getItem" | "setItem"> {
  const kept = new Map<string, string>();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => { kept.set(key, value); } };
}

beforeEach(() => { language.current = "es"; });

describe("a scan's verdict", () => {
  it("says where a good parcel goes", () => {
    expect(verdictOf("received", answer({}))).toEqual({ meaning: "ok", title: "Recibido", detail: "Va en R-05, parada 12 · bulto 1 de 2" });
  });

  it("says on which trip, where the van comes back to load", () => {
    const parcel = { ...PARCEL, trip: 2, of_order: 1 };
    expect(verdictOf("received", answer({ parcel })).detail).toBe("Va en R-05, viaje 2, parada 12");
  });

  it("does not tell a returned parcel that it has no route", () => {
    expect(verdictOf("returned", answer({ parcel: { ...PARCEL, route_code: null } })).detail).toBe("");
  });

  it("sets the parcel of a cancelled order apart although it was received", () => {
    expect(verdictOf("received", answer({ parcel: { ...PARCEL, order_state: "cancelled" } })).meaning).toBe("risk");
  });

  it.each(["received", "staged", "returned"] as const)("warns of a parcel that is %s while its van drives on without it", (kind) => {
    const told = verdictOf(kind, answer({ parcel: { ...PARCEL, state: "returned_to_depot", stage: "back", order_state: "out_for_delivery" } }));
    expect(told).toMatchObject({ meaning: "risk", title: "Su furgón ya salió" });
    expect(told.detail).toContain("R-05");
  });

  it.each([["parcel_already_scanned", "risk"], ["parcel_on_another_route", "late"], ["parcel_state", "late"], ["barcode_unknown", "fail"]])("tells %s apart as %s", (code, meaning) => {
    expect(verdictOf("staged", answer({ status: "refused", code, detail: "…" })).meaning).toBe(meaning);
  });
});

describe("the scan desk", () => {
  it("answers each scan in the order they were read", async () => {
    const seen: string[] = [];
    const desk = new ScanDesk((row) => seen.push(row.scan.id), async (sent) => answer({ id: sent.id }), store());
    desk.take(scan("1"));
    desk.take(scan("2"));
    await desk.flush();
    await new Promise((done) => setTimeout(done));
    expect(seen).toEqual(["1", "2"]);
    expect(desk.waiting).toBe(0);
  });

  it("tells a reading that it does not send, and sends nothing", () => {
    const told: Scanned[] = [];
    const sent: string[] = [];
    const desk = new ScanDesk((row) => told.push(row), async (one) => { sent.push(one.id); return answer({}); }, store());
    desk.refuse({ ...scan("9"), kind: "staged" }, ROUTE_MISSING);
    expect(told.map((row) => row.answer && verdictOf(row.scan.kind, row.answer).title)).toEqual(["Elige la ruta"]);
    expect([desk.rows.length, desk.waiting, sent.length]).toEqual([1, 0, 0]);
  });

  it("keeps what the network swallowed, under the same id, for the next page", async () => {
    const kept = store();
    const cut = new ScanDesk(() => undefined, async () => { throw new OfflineError("cut"); }, kept);
    cut.take(scan("7"));
    await new Promise((done) => setTimeout(done));
    cut.leave();
    const sent: string[] = [];
    const again = new ScanDesk(() => undefined, async (one) => { sent.push(one.id); return answer({ id: one.id }); }, kept);
    await again.flush();
    expect(sent).toEqual(["7"]);
    expect(JSON.parse(kept.getItem("promesa.scans") ?? "")).toEqual([]);
  });

  it("goes on after a scan that the server refuses whole", async () => {
    const rows: Scanned[] = [];
    const desk = new ScanDesk((row) => rows.push(row), async (one) => { if (one.id === "1") throw new Error("500"); return answer({}); }, store());
    desk.take(scan("1"));
    desk.take(scan("2"));
    await new Promise((done) => setTimeout(done, 5));
    expect(rows.map((row) => row.failure !== undefined)).toEqual([true, false]);
  });
});
