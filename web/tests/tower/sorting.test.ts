import { describe, expect, it } from "vitest";
import { readSorting, sortingQuery, writeSorting } from "../../tower/orders/orderSorting";

describe("how the list of orders is sorted", () => {
  it("is remembered in the address", () => {
    expect(readSorting("-comuna")).toEqual({ by: "comuna", way: "desc" });
    expect(readSorting(writeSorting({ by: "state", way: "asc" }))).toEqual({ by: "state", way: "asc" });
    expect(sortingQuery("-promised")).toEqual({ sort: "promised", way: "desc" });
  });

  it("is the server's own when the address says nothing it knows", () => {
    expect(readSorting(undefined)).toBeUndefined();
    expect(sortingQuery("recipient")).toEqual({});
  });
});
