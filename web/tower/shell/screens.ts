import type { Component } from "svelte";
import type { Permission } from "../data/views";
import type { ScreenName } from "../state/router.svelte";
import { session } from "../state/session.svelte";

type Loader = () => Promise<{ default: Component }>;

/** What a role needs beyond reading the operation to open a screen. */
const NEEDS: Partial<Record<ScreenName, Permission>> = { direcciones: "addresses:review", bandeja: "people:read" };

export function mayOpen(screen: ScreenName): boolean {
  return session.can(NEEDS[screen] ?? "operation:read");
}

/** Every screen but the first comes when it is opened. */
export const SCREEN_LOADERS: Record<Exclude<ScreenName, "hoy">, Loader> = {
  planificacion: () => import("../planning/Planning.svelte"),
  pedidos: () => import("../orders/Orders.svelte"),
  direcciones: () => import("../reviews/Reviews.svelte"),
  rutas: () => import("../routes/Routes.svelte"),
  bodega: () => import("../warehouse/Warehouse.svelte"),
  bandeja: () => import("../tray/Tray.svelte"),
  informe: () => import("../report/Report.svelte"),
  demanda: () => import("../demand/Demand.svelte"),
  capacidad: () => import("../capacity/Capacity.svelte"),
  equipo: () => import("../team/Team.svelte"),
};
