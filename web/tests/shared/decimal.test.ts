import { beforeEach, expect, it } from "vitest";
import { readDecimal, writeDecimal } from "$shared/format/decimal";
import { formatVolume, formatWeight } from "$shared/format/numbers";
import { language } from "$shared/i18n/language.svelte";

beforeEach(() => {
  language.current = "es";
});

it("reads a number with a comma or a point, and nothing else", () => {
  expect(["0,73", "0.73", " 12 ", ".5", "1,"].map(readDecimal)).toEqual([0.73, 0.73, 12, 0.5, 1]);
  expect(["", "-1", "1.20,5", "uno", "1e3"].map(readDecimal)).toEqual([undefined, undefined, undefined, undefined, undefined]);
});

it("takes the point between thousands for what the page writes there", () => {
  expect(["3.000", "1.200,5", "25.000.000", "0.730", "1.5", "1.2000"].map(readDecimal)).toEqual([3000, 1200.5, 25_000_000, 0.73, 1.5, 1.2]);
  language.current = "en";
  expect(["3,000", "1,200.5", "3.000"].map(readDecimal)).toEqual([3000, 1200.5, 3]);
});

it("writes it in the language of the page, so that it reads back the same", () => {
  expect([writeDecimal(0.73), writeDecimal(1200.5), writeDecimal(3000), writeDecimal(null)]).toEqual(["0,73", "1.200,5", "3.000", ""]);
  expect([0.125, 1.234, 3000, 1_250_000.5].map((value) => readDecimal(writeDecimal(value)))).toEqual([0.125, 1.234, 3000, 1_250_000.5]);
  language.current = "en";
  expect(writeDecimal(0.73)).toBe("0.73");
});

it("says weights and volumes with their unit", () => {
  expect([formatWeight(730), formatWeight(12_400), formatWeight(4)]).toEqual(["0,73\u00a0kg", "12,4\u00a0kg", "4\u00a0g"]);
  expect([formatVolume(12_500), formatVolume(1_200_000)]).toEqual(["12,5\u00a0L", "1,2\u00a0m³"]);
  language.current = "en";
  expect(formatWeight(730)).toBe("0.73\u00a0kg");
});
