export interface OrderSorting {
  by: string;
  way: "asc" | "desc";
}

const COLUMNS = ["reference", "merchant", "comuna", "promised", "state"] as const;
export type OrderColumn = (typeof COLUMNS)[number];

/** How the list is sorted, as the address after # remembers it: "comuna" or "-comuna". */
export function readSorting(text: string | undefined): { by: OrderColumn; way: "asc" | "desc" } | undefined {
  const by = COLUMNS.find((column) => column === text?.replace(/^-/, ""));
  return by && { by, way: text?.startsWith("-") ? "desc" : "asc" };
}

export function writeSorting({ by, way }: OrderSorting): string {
  return way === "desc" ? `-${by}` : by;
}

/** The same as the server takes it; nothing asks for its own order. */
export function sortingQuery(text: string | undefined): { sort?: OrderColumn; way?: "asc" | "desc" } {
  const sorting = readSorting(text);
  return sorting ? { sort: sorting.by, way: sorting.way } : {};
}
