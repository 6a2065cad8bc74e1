/** What a cell of the tables may say where there is little to choose from, as the file writes it. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  vehicles: ["todos", "furgon", "camion", "moto", "furgon; camion", "furgon; moto", "camion; moto"],
  days: ["todos", "laboral", "laboral; sabado", "sabado", "sabado; domingo", "domingo"],
  rule: ["prohibido", "costo"],
};
/** Other words that the file takes for the same. */
const SAME: Readonly<Record<string, string>> = { camioneta: "furgon", auto: "furgon", van: "furgon", truck: "camion", motorcycle: "moto", festivo: "domingo" };
/** What an empty cell means. */
const EMPTY: Readonly<Record<string, string>> = { vehicles: "todos", days: "todos" };

/** The choices of a column; undefined where it is written freely. */
export function choicesOf(column: string): readonly string[] | undefined {
  return CHOICES[column];
}

/** The choice that a cell makes, however it is written; the cell itself when it is none of them. */
export function chosenOf(column: string, cell: string): string {
  const words = setOf(cell);
  if (words === "") return EMPTY[column] ?? "";
  return CHOICES[column]?.find((choice) => setOf(choice) === words) ?? cell;
}

/** The words of a choice, to be said one by one. */
export function wordsOfChoice(choice: string): string[] {
  return choice.split(/[;+]/).map((word) => word.trim()).filter(Boolean);
}

function setOf(text: string): string {
  const words = wordsOfChoice(text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase("es"));
  return [...new Set(words.map((word) => SAME[word] ?? word))].sort().join(";");
}
