/** The screens, and how an address after # names one with its parameters. */
export const SCREENS = ["hoy", "planificacion", "pedidos", "direcciones", "rutas", "bodega", "bandeja", "informe", "demanda", "capacidad", "equipo"] as const;
export type ScreenName = (typeof SCREENS)[number];

export interface Place {
  screen: ScreenName;
  params: Record<string, string>;
}

export function parsePlace(hash: string): Place {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const screen = SCREENS.find((name) => name === path) ?? "hoy";
  return { screen, params: Object.fromEntries(new URLSearchParams(query)) };
}

/** The address of a screen, with its parameters. */
export function hrefOf(screen: ScreenName, params: Record<string, string | undefined> = {}): string {
  const search = new URLSearchParams(Object.entries(params).filter((pair): pair is [string, string] => Boolean(pair[1])));
  const text = search.toString();
  return `#/${screen}${text ? `?${text}` : ""}`;
}
