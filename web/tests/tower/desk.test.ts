import { language } from "$shared/i18n/language.svelte";
import { describe, expect, it } from "vitest";
import { groupFates } from "../../tower/closing/fates";
import type { OpenOrder } from "../../tower/data/closing";
import type { ImportView } from "../../tower/data/orderViews";
import { importDay } from "../../tower/orders/importDay";
import { rejectedCsv } from "../../tower/orders/rejectedCsv";
import { shortTime, wireTime } from "../../tower/team/depotHours";
import { GROUPS, groupsOf, typesOf } from "../../tower/team/eventGroups";
import { versionCause } from "../../tower/routes/versionCause";
import { groupLeft, listForCarrier, toDecide } from "../../tower/today/proposalVans";
import { lane } from "./fixtures";

const open = (reference: string, more: Partial<OpenOrder>): OpenOrder => ({ order_id: reference, reference, state: "delivery_failed", reason: "RECIPIENT_ABSENT", ending: "retry", date: "2026-10-06", ...more });

describe("closing a day", () => {
  it("puts what needs a person first, then what is most", () => {
    const fates = groupFates([open("1", {}), open("2", {}), open("3", { ending: "return", reason: "RECIPIENT_REFUSED" }), open("4", { ending: "wait", reason: "OVERSIZED", date: null })]);
    expect(fates.map((fate) => [fate.ending, fate.orders.length])).toEqual([["wait", 1], ["return", 1], ["retry", 2]]);
  });

  it("tells an address that nobody confirmed from an order nobody visited", () => {
    const left = { reason: null } as const;
    expect(groupFates([open("1", { ...left, state: "scheduled" }), open("2", { ...left, state: "address_review" })])).toHaveLength(2);
    expect(groupFates([open("1", { ...left, state: "scheduled" }), open("2", { ...left, state: "in_preparation" })])).toHaveLength(2);
  });
});

describe("importing", () => {
  const friday = Date.parse("2026-10-09T15:00:00Z");

  it("means today while today has no routes", () => {
    expect(importDay(friday, false)).toBe("2026-10-09");
  });

  it("means the next day with deliveries once they are out, Sundays left out", () => {
    expect(importDay(friday, true)).toBe("2026-10-10");
    expect(importDay(friday + 86_400_000, true)).toBe("2026-10-12");
  });

  it("gives the rejected rows as a table that runs nothing", () => {
    const view = { rows: [{ row: 4, reference: "=A-1" }], rejected: [{ row: 4, field: "phone", reason: 'Falta un dígito; "123"', code: "x" }] } as unknown as ImportView;
    expect(rejectedCsv(view).split("\r\n")[1]).toBe('4;\'=A-1;phone;"Falta un dígito; ""123"""');
  });
});

describe("the team", () => {
  it("writes a depot's hours as people and as the server do", () => {
    expect([shortTime("07:30:00"), shortTime(null), wireTime("07:30"), wireTime("")]).toEqual(["07:30", "", "07:30:00", null]);
  });

  it("finds the groups of a webhook again", () => {
    expect(groupsOf(typesOf(["deliveries", "returns"]))).toEqual(["deliveries", "returns"]);
    expect(groupsOf(typesOf(GROUPS))).toEqual(GROUPS);
  });
});

describe("a route's versions", () => {
  it("says why in words, and whose parcels are fetched", () => {
    language.current = "es";
    expect(versionCause("planned")).toBe("al planificar");
    expect(versionCause("breakdown: transfer from R-05")).toBe("por una panne, recoge bultos de R-05");
    expect(versionCause("Lo pidió la tienda")).toBe("Lo pidió la tienda");
  });
});

describe("a proposal", () => {
  it("leaves to a person only what is in danger while the van runs", () => {
    const left = ["s2", "s3"].map((stop_id) => ({ stop_id, order_id: stop_id, reference: stop_id, address: null, comuna: null, parcels: 1, window: null, sentence: "Sigue andando." }));
    expect(toDecide(left, lane()).map((stop) => [stop.stop_id, stop.risk])).toEqual([["s3", "at_risk"]]);
    expect(toDecide(left, lane({ is_broken_down: true }))).toHaveLength(2);
  });

  it("names the orders that stay, under one reason", () => {
    const left = ["a", "b"].map((reference) => ({ stop_id: reference, order_id: reference, reference, address: "Suecia 1120", comuna: "Providencia", parcels: 2, window: null, sentence: "No cabe." }));
    expect(groupLeft(left)).toEqual([{ sentence: "No cabe.", orders: left }]);
    expect(listForCarrier(left)).toBe("a\tSuecia 1120\tProvidencia\t2\nb\tSuecia 1120\tProvidencia\t2");
  });
});
