import { ApiError, OfflineError } from "$shared/api/problem";
import { server } from "../data/server";
import type { Permission, SessionView } from "../data/views";
import { clock } from "./clock.svelte";

export type SessionState = "checking" | "signed-out" | "signed-in" | "offline";

class Session {
  state = $state<SessionState>("checking");
  view = $state.raw<SessionView>();

  get isDemo(): boolean {
    return this.view?.is_demo ?? false;
  }

  /** What the server lets this role do; a name it does not know fails the type check. */
  can(permission: Permission): boolean {
    return this.view?.permissions.includes(permission) ?? false;
  }

  async check(): Promise<void> {
    try {
      this.accept(await server.session());
    } catch (error) {
      this.state = error instanceof OfflineError ? "offline" : "signed-out";
    }
  }

  async signIn(email: string, password: string): Promise<void> {
    this.accept(await server.signIn(email, password));
  }

  async signOut(): Promise<void> {
    await server.signOut();
    this.view = undefined;
    this.state = "signed-out";
  }

  /** A request that finds the session gone brings the sign-in page back. */
  noteFailure(error: unknown): void {
    if (!(error instanceof ApiError) || error.status !== 401) return;
    // The demo signs its visitor in by itself, also after its server fell and its clock jumped.
    if (this.isDemo && this.state === "signed-in") location.assign("/demo/enter");
    this.state = "signed-out";
  }

  private accept(view: SessionView): void {
    this.view = view;
    this.state = "signed-in";
    // Who works in the warehouse begins there.
    if (view.actor.role === "bodega" && !location.hash) location.hash = "#/bodega";
    clock.set(view.clock.now, view.clock.speed, view.clock.is_simulated);
  }
}

export const session = new Session();
