import { readPlace, type Place, type ScreenName } from "./place";

/** Where the driver is; the address says so, and "back" works without signal. */
class Router {
  place = $state<Place>(readPlace(location.hash));

  constructor() {
    addEventListener("hashchange", () => {
      this.place = readPlace(location.hash);
      scrollTo(0, 0);
    });
  }

  go(screen: ScreenName, stopId?: string): void {
    location.hash = screen === "ahora" ? "/" : `/${screen}${stopId ? `/${stopId}` : ""}`;
  }
}

export const router = new Router();
