import type { Component } from "svelte";

/** What *Capacidad* is made of, in the order of its tabs; each comes when it is opened. */
export const PARTS = {
  flota: () => import("./Vans.svelte"),
  turnos: () => import("./Rosters.svelte"),
  andenes: () => import("./Docks.svelte"),
  promesas: () => import("../promise/Promises.svelte"),
  ensayo: () => import("../rehearsal/Rehearsal.svelte"),
} satisfies Record<string, () => Promise<{ default: Component }>>;

export type Part = keyof typeof PARTS;

export const PART_NAMES = Object.keys(PARTS) as Part[];

/** The part of an address; the vans when it names none. */
export const partOf = (written: string | undefined): Part => PART_NAMES.find((name) => name === written) ?? "flota";
