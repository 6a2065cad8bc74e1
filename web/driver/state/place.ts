/** Screens by the part of the address after '#', so that "back" works without signal. The first is what to do now. */
export const SCREENS = ["ahora", "ruta", "prueba", "no-puedo", "retiro", "envios", "mas", "gps", "panne"] as const;
export type ScreenName = (typeof SCREENS)[number];

export interface Place {
  screen: ScreenName;
  /** The stop it is about, when it is about one. */
  stopId: string | undefined;
}

export function readPlace(hash: string): Place {
  const [name = "", stopId] = hash.replace(/^#\/?/, "").split("/");
  const screen = SCREENS.find((known) => known === name) ?? "ahora";
  return { screen, stopId };
}
