import { dateOf } from "$shared/format/dates";
import { clock } from "./clock.svelte";
import { day } from "./day.svelte";
import { router } from "./router.svelte";

/** The date a screen shows: the one in its address, else the operation's day. */
export function chosenDate(): string {
  return router.param("fecha") ?? day.view?.date ?? dateOf(clock.now_ms);
}

export function chooseDate(date: string): void {
  router.set({ fecha: date || undefined });
}
