import type { components } from "$shared/api/schema";

type S = components["schemas"];

/** What the server sends, snake_case as on the wire. */
export type TrackView = S["TrackView"];
export type TimeWindow = S["WindowView"];

export type CustomerState =
  | "en_preparacion"
  | "en_camino"
  | "entregado"
  | "entrega_parcial"
  | "no_pudimos_entregar"
  | "anulado"
  | "en_devolucion";
