/** Which screen is shown: kept in the address after #, so that Back works and a link can be shared. */
export const SCREENS = ["hoy", "planificacion", "pedidos", "direcciones", "rutas", "bandeja", "informe", "equipo"] as const;
export type ScreenName = (typeof SCREENS)[number];

interface Place {
  screen: ScreenName;
  params: Record<string, string>;
}

function parse(hash: string): Place {
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

class Router {
  private place = $state.raw<Place>(parse(location.hash));

  constructor() {
    addEventListener("hashchange", () => {
      this.place = parse(location.hash);
    });
  }

  get screen(): ScreenName {
    return this.place.screen;
  }

  param(name: string): string | undefined {
    return this.place.params[name];
  }

  go(screen: ScreenName, params: Record<string, string | undefined> = {}): void {
    location.hash = hrefOf(screen, params);
  }

  /** Changes parameters of the screen that is open; undefined takes one away. */
  set(changes: Record<string, string | undefined>): void {
    this.go(this.screen, { ...this.place.params, ...changes });
  }

  /** Opens an order's story beside whatever is on the screen. */
  openOrder(id: string): void {
    this.set({ pedido: id });
  }
}

export const router = new Router();
