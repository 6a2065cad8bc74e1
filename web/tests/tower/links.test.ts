import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { HIDDEN_LINKS, splitLinks } from "../../tower/tray/links";

describe("a message's links", () => {
  it("marks the place of a personal link, in both languages", () => {
    const parts = splitLinks("Síguelo en [enlace personal].");
    expect(parts.map((part) => part.isPersonal ?? false)).toEqual([false, true, false]);
    expect(splitLinks("Follow it: [personal link]")[1]?.isPersonal).toBe(true);
  });

  it("leaves other addresses links of their own", () => {
    expect(splitLinks("Ver https://a.cl/x y [enlace personal]").map((part) => part.href)).toEqual([null, "https://a.cl/x", null, null]);
  });

  it.each(["es", "en"])("knows the words of the server's texts in %s", (language) => {
    const toml = readFileSync(new URL(`../../../src/promesa/notify/texts/${language}.toml`, import.meta.url), "utf8");
    expect(HIDDEN_LINKS).toContain(/^link_hidden = "(.*)"$/m.exec(toml)?.[1]);
  });
});
