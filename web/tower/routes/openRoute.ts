import type { RouteSummary } from "../data/views";
import { sortLanes } from "../today/routeFacts";

/** The route that is open although nobody chose one. */
export interface OpenRoute {
  date: string;
  id: string | undefined;
}

/** The riskiest of the day when its list is first read; read again, the same one, so that nothing changes under the eyes. */
export function openFirst(kept: OpenRoute | undefined, date: string, routes: RouteSummary[]): OpenRoute {
  const isKept = kept?.date === date && routes.some((route) => route.id === kept.id);
  return isKept ? kept : { date, id: sortLanes(routes)[0]?.id };
}
