import { expect, it } from "vitest";
import { choicesOf, chosenOf } from "../../tower/traffic/tableChoices";
import es from "../../tower/i18n/es/traffic.json";

it("reads a cell however its file writes it, and keeps what it does not know", () => {
  const cells = [["vehicles", ""], ["vehicles", "Camión"], ["vehicles", "moto+furgón"], ["vehicles", "van"], ["days", "festivo"], ["days", "sabado;laboral"], ["rule", "Prohibido"], ["rule", ""], ["days", "lunes"]] as const;
  expect(cells.map(([column, cell]) => chosenOf(column, cell))).toEqual(["todos", "camion", "furgon; moto", "furgon", "domingo", "laboral; sabado", "prohibido", "", "lunes"]);
});

it("leaves the other columns free", () => {
  expect(["name", "start", "price_clp", "polygon"].map(choicesOf)).toEqual([undefined, undefined, undefined, undefined]);
});

it("has words for each choice", () => {
  const words = ["vehicles", "days", "rule"].flatMap((column) => choicesOf(column) ?? []).flatMap((choice) => choice.split("; "));
  expect(words.filter((word) => !(`table_word.${word}` in es))).toEqual([]);
});
