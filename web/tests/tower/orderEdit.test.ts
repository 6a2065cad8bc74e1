import { beforeEach, describe, expect, it } from "vitest";
import { language } from "$shared/i18n/language.svelte";
import { consequencesOf } from "../../tower/story/changeWords";
import { isEmpty, OrderEdit, undoOf } from "../../tower/story/orderEdit.svelte";
import type { ChangePreview, OrderView } from "../../tower/data/orderViews";

const ORDER = {
  id: "o1", reference: "A-1", version: 3, date: "2026-10-05", recipient: { person_id: "p", name: "Ana", rut: null, phone: "+56911112222", email: null },
  address: "Suecia 120", unit: null, comuna: "Providencia", instructions: "Portón verde", windows: [{ start: "2026-10-05T18:00:00Z", end: "2026-10-05T20:00:00Z" }],
  parcels: [{ id: "x", barcode: "A-1-1", state: "loaded", weight_g: 1200, volume_ml: 9000 }], cod_clp: null, skills: ["frío"],
  terms: { bond: null, bond_rank: null, leave_out_price_clp: null, only_vehicle: null, never_vehicles: [] },
  placement: { position: [-70.6, -33.4], uncertainty_m: 30 }, route: { id: "r", code: "R-05", stop_id: "s", sequence: 7, eta: null },
} as unknown as OrderView;

const CHANGE: ChangePreview = {
  fields: ["position"], placement: null, needs_review: false, promise: { start: "2026-10-05T18:00:00Z", end: "2026-10-05T20:00:00Z" }, is_kept: true,
  route: { code: "R-05", version: 4, is_under_way: true, sequence: 7, new_sequence: 12, arrival: "2026-10-05T18:10:00Z", new_arrival: "2026-10-05T19:40:00Z", end: "2026-10-05T22:00:00Z", new_end: "2026-10-05T22:10:00Z" },
};

beforeEach(() => { language.current = "es"; });

describe("the form of an order", () => {
  it("sends nothing that is as it was", () => {
    expect(isEmpty(new OrderEdit(ORDER).toPatch())).toBe(true);
  });

  it("sends only what is different, and the version that was looked at", () => {
    const form = new OrderEdit(ORDER);
    form.phone = "+56 9 3333 4444";
    form.instructions = "  ";
    expect(form.toPatch()).toEqual({ version: 3, phone: "+56 9 3333 4444", instructions: null });
  });

  it("sends a pin only when a person put it", () => {
    const form = new OrderEdit(ORDER);
    form.takeSuggestion({ street: "Los Leones", comuna: "Providencia", position: [-70.61, -33.42], uncertainty_m: 900 } as never);
    expect(form.toPatch()).not.toHaveProperty("position");
    form.putPin([-70.62, -33.43]);
    expect(form.toPatch().position).toEqual([-70.62, -33.43]);
  });

  it("moves the window with its clock times", () => {
    const form = new OrderEdit(ORDER);
    [form.from, form.until] = ["16:00", "18:00"];
    expect(form.toPatch().windows).toEqual([{ start: "2026-10-05T19:00:00.000Z", end: "2026-10-05T21:00:00.000Z" }]);
  });

  it("keeps the second window when the first one moves", () => {
    const second = { start: "2026-10-05T21:00:00Z", end: "2026-10-05T22:00:00Z" };
    const form = new OrderEdit({ ...ORDER, windows: [...ORDER.windows, second] });
    expect(isEmpty(form.toPatch())).toBe(true);
    form.until = "16:00";
    expect(form.toPatch().windows?.map((window) => window.end)).toEqual(["2026-10-05T19:00:00.000Z", "2026-10-05T22:00:00.000Z"]);
  });

  it("sends all conditions of the route when one of them is new", () => {
    const form = new OrderEdit(ORDER);
    form.bond = "mudanza";
    form.never_vehicles = "V-02, V-01";
    expect(form.toPatch()).toEqual({ version: 3, terms: { bond: "mudanza", bond_rank: null, leave_out_price_clp: null, only_vehicle: null, never_vehicles: ["V-01", "V-02"] } });
  });

  it("takes back the same fields, the door included", () => {
    expect(undoOf(ORDER, { version: 3, phone: "x", address: "Otra 1" }, 4)).toEqual({ version: 4, phone: "+56911112222", address: "Suecia 120", position: [-70.6, -33.4] });
  });
});

describe("what a change would do", () => {
  const texts = (change: ChangePreview): string[] => consequencesOf(ORDER, change).map((told) => told.text);

  it("says where the stop goes and when it arrives now", () => {
    expect(texts(CHANGE)[0]).toBe("Sigue en R-05, pero pasa de la parada 7 a la 12. Llega 16:40; antes, 15:10.");
  });

  it("warns of a promise it would miss", () => {
    const told = consequencesOf(ORDER, { ...CHANGE, is_kept: false });
    expect(told.find((line) => line.meaning === "late")?.text).toContain("15:00–17:00");
  });

  it("says that a phone number leaves the route alone", () => {
    expect(texts({ ...CHANGE, fields: ["phone"], promise: null, is_kept: null, route: null })).toEqual(["La ruta R-05 no cambia. El conductor ve los datos nuevos al instante."]);
  });

  it("lets nobody believe that a doubtful address is planned", () => {
    const waiting = { ...ORDER, route: null } as OrderView;
    const doubtful = { ...CHANGE, fields: ["address"], needs_review: true, promise: null, is_kept: null, route: null };
    expect(consequencesOf(waiting, doubtful).map((line) => line.meaning)).toEqual(["risk"]);
    expect(consequencesOf(waiting, { ...doubtful, needs_review: false }).map((line) => line.meaning)).toEqual(["ok"]);
  });
});
