import type { Component } from "svelte";
import type { ScreenName } from "../state/router.svelte";

type Loader = () => Promise<{ default: Component }>;

/** Every screen but the first comes when it is opened. */
export const SCREEN_LOADERS: Record<Exclude<ScreenName, "hoy">, Loader> = {
  planificacion: () => import("../planning/Planning.svelte"),
  pedidos: () => import("../orders/Orders.svelte"),
  direcciones: () => import("../reviews/Reviews.svelte"),
  rutas: () => import("../routes/Routes.svelte"),
  bodega: () => import("../warehouse/Warehouse.svelte"),
  bandeja: () => import("../tray/Tray.svelte"),
  informe: () => import("../report/Report.svelte"),
  equipo: () => import("../team/Team.svelte"),
};
