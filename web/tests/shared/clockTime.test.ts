import { expect, it } from "vitest";
import { readClockTime } from "$shared/format/clockTime";
import { instantAt } from "$shared/format/localTime";

it.each([["9", "09:00"], ["930", "09:30"], ["9:30", "09:30"], ["21h15", "21:15"], ["0.05", "00:05"]])("reads %s as %s", (typed, read) => {
  expect(readClockTime(typed)).toBe(read);
});

it.each(["24:00", "9:75", "tarde", "-1", ""])("does not take %s for a time", (typed) => {
  expect(readClockTime(typed)).toBeUndefined();
});

it("knows that Santiago is three hours behind in October and four in July", () => {
  expect(instantAt("2026-10-05", "15:10")).toBe("2026-10-05T18:10:00.000Z");
  expect(instantAt("2026-07-05", "15:10")).toBe("2026-07-05T19:10:00.000Z");
});

it("finds the instant on the morning after the clocks change", () => {
  // Santiago went to summer time at midnight of 6 September 2026.
  expect(instantAt("2026-09-06", "09:00")).toBe("2026-09-06T12:00:00.000Z");
});
