import { beforeEach, describe, expect, it } from "vitest";
import { dateOf, formatDay, formatMinutes, formatTime, formatWindow, minutesBetween } from "$shared/format/dates";
import { formatDistance, formatNumber, formatPesos, formatShare } from "$shared/format/numbers";
import { language } from "$shared/i18n/language.svelte";

beforeEach(() => {
  language.current = "es";
});

describe("numbers in es-CL", () => {
  it("writes thousands with a point and decimals with a comma", () => {
    expect(formatNumber(1234.5)).toBe("1.234,5");
  });
  it("writes pesos without decimals", () => {
    expect(formatPesos(24990)).toBe("$\u00a024.990");
  });
  it("never calls 99,97 % a hundred", () => {
    expect(formatShare(0.9997)).toBe("99,9\u00a0%");
    expect(formatShare(1)).toBe("100\u00a0%");
  });
  it("changes from metres to kilometres", () => {
    expect([formatDistance(184), formatDistance(2140)]).toEqual(["180\u00a0m", "2,1\u00a0km"]);
  });
});

describe("dates in the operation's zone", () => {
  it("shows a 24-hour clock in Santiago, summer time included", () => {
    expect(formatTime("2026-10-05T18:12:00Z")).toBe("15:12");
    expect(formatTime("2026-07-05T18:12:00Z")).toBe("14:12");
  });
  it("shows midnight as 00, not 24", () => {
    expect(formatTime("2026-10-05T03:00:00Z")).toBe("00:00");
  });
  it("writes the day in words", () => {
    expect(formatDay("2026-10-05T18:12:00Z")).toBe("lun 5 oct");
  });
  it("takes the date of the zone, not of Greenwich", () => {
    expect(dateOf("2026-10-06T02:00:00Z")).toBe("2026-10-05");
  });
  it("joins a window", () => {
    expect(formatWindow("2026-10-05T18:10:00Z", "2026-10-05T18:40:00Z")).toBe("15:10–15:40");
  });
  it("counts whole minutes and writes hours from sixty on", () => {
    expect(minutesBetween("2026-10-05T18:10:00Z", "2026-10-05T18:36:59Z")).toBe(26);
    expect(formatMinutes(125)).toBe("2\u00a0h\u00a005");
  });
});
