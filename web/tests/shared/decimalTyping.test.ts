import { beforeEach, expect, it } from "vitest";
import { language } from "$shared/i18n/language.svelte";
import { DecimalTyping } from "$shared/ui/decimalTyping.svelte";

beforeEach(() => {
  language.current = "es";
});

/** Types key by key, as a person does, into the text that the field shows. */
function typeInto(typing: DecimalTyping, text: string, before: number | null): number | null {
  let value = before;
  let shown = "";
  for (const key of text) {
    const read = typing.take(shown + key, 0);
    if (read !== undefined) value = read;
    shown = typing.shown(value);
  }
  return value;
}

it("keeps what is typed as it is typed, so that 1.200 is twelve hundred", () => {
  const typing = new DecimalTyping();
  const values = ["1.200", "25.000", "1.200,5", "0,730"].map((text) => typeInto(typing, text, null));
  expect(values).toEqual([1200, 25_000, 1200.5, 0.73]);
  typing.settle();
  expect(typing.shown(1200)).toBe("1.200");
});

it("leaves what is no number to be corrected, and keeps the number before it", () => {
  const typing = new DecimalTyping();
  expect(typeInto(typing, "mil", 800)).toBe(800);
  typing.settle();
  expect([typing.shown(800), typing.isBad]).toEqual(["mil", true]);
  typeInto(typing, "900", 800);
  typing.settle();
  expect([typing.shown(900), typing.isBad]).toEqual(["900", false]);
});

it("shows a value that its form has changed meanwhile", () => {
  const typing = new DecimalTyping();
  typeInto(typing, "1.200", null);
  expect([typing.shown(1200), typing.shown(null), typing.shown(5)]).toEqual(["1.200", "", "5"]);
});
