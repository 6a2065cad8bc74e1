import { hrefOf, parsePlace, SCREENS, type Place, type ScreenName } from "./place";

export { hrefOf, SCREENS, type ScreenName };

/** Which screen is shown: kept in the address after #, so that Back works and a link can be shared. */
class Router {
  private hash = location.hash;
  private mayLeave: ((next: Place) => boolean) | undefined;
  private place = $state.raw<Place>(parsePlace(location.hash));

  constructor() {
    addEventListener("hashchange", () => this.read());
  }

  get screen(): ScreenName {
    return this.place.screen;
  }

  param(name: string): string | undefined {
    return this.place.params[name];
  }

  go(screen: ScreenName, params: Record<string, string | undefined> = {}): void {
    location.hash = hrefOf(screen, params);
    // The event comes later; whoever changes a parameter until then must not go back.
    this.read();
  }

  /** Changes parameters of the screen that is open; undefined takes one away. */
  set(changes: Record<string, string | undefined>): void {
    this.go(this.screen, { ...this.place.params, ...changes });
  }

  /** Opens an order's story beside whatever is on the screen. */
  openOrder(id: string): void {
    this.set({ pedido: id });
  }

  /** Has a screen asked before its place is left; returns how to stop asking. */
  guard(mayLeave: (next: Place) => boolean): () => void {
    this.mayLeave = mayLeave;
    return () => { if (this.mayLeave === mayLeave) this.mayLeave = undefined; };
  }

  private read(): void {
    if (location.hash === this.hash) return;
    if (this.mayLeave && !this.mayLeave(parsePlace(location.hash))) {
      history.replaceState(null, "", this.hash || "#");
      return;
    }
    this.hash = location.hash;
    this.place = parsePlace(this.hash);
  }
}

export const router = new Router();
