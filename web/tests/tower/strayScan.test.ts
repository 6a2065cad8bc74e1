import { describe, expect, it } from "vitest";
import { isStrayScan } from "../../tower/warehouse/strayScan";

const press = (key: string, held: Partial<Record<"ctrlKey" | "metaKey" | "altKey", boolean>> = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...held });

describe("a reader whose focus was lost", () => {
  it("keeps its digits and letters from being shortcuts", () => {
    for (const key of "QUI-1/p") expect(isStrayScan(press(key), "BODY")).toBe(true);
    expect(isStrayScan(press("7"), "BUTTON")).toBe(true);
  });

  it("leaves alone who writes or chooses elsewhere", () => {
    for (const tag of ["INPUT", "TEXTAREA", "SELECT"]) expect(isStrayScan(press("7"), tag)).toBe(false);
  });

  it("leaves alone the keys that are not characters, and those held with another", () => {
    for (const key of ["Enter", "Escape", "F2", "Tab", " "]) expect(isStrayScan(press(key), "BODY")).toBe(false);
    expect(isStrayScan(press("c", { ctrlKey: true }), "BODY")).toBe(false);
  });
});
