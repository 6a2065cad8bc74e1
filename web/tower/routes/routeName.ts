/** A van that has a route is called by the route's number; a spare one has no number yet, and goes by its plate. */
interface Van {
  code: string;
  plate: string;
}

const isNumbered = ({ code, plate }: Van): boolean => code !== plate;

/** What a route is called wherever there is room for the van that drives it: "R-14 · HKTR52". */
export function routeName(van: Van): string {
  return isNumbered(van) ? `${van.code} · ${van.plate}` : van.plate;
}

/** The plate beside the number; nothing where the plate is the name. */
export function plateBeside(van: Van): string {
  return isNumbered(van) ? van.plate : "";
}

/** What a van is called now: a spare one that was sent out has got its route's number since it was told of. */
export function codeNow(routes: readonly { id: string; code: string }[] | undefined, van: { route_id: string; code: string }): string {
  return routes?.find((route) => route.id === van.route_id)?.code ?? van.code;
}
