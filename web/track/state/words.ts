import { dateOf } from "$shared/format/dates";
import type { Meaning } from "$shared/ui/meanings";
import type { CustomerState, TimeWindow, TrackView } from "../data/views";

/** Which text, shape and window the page shows for what the server says. Pure: no texts, no clock. */
export interface Headline {
  /** Ending of the text's key, state.*. */
  key: CustomerState | "en_camino_atraso";
  meaning: Meaning;
}

const STATES: Record<CustomerState, Meaning> = {
  en_preparacion: "ok",
  en_camino: "ok",
  entregado: "done",
  entrega_parcial: "risk",
  no_pudimos_entregar: "fail",
  anulado: "done",
  en_devolucion: "done",
};

function isKnown(state: string): state is CustomerState {
  return state in STATES;
}

/** A state this page does not know yet is shown as being prepared, the least it can mean. */
export function headlineOf(view: TrackView): Headline {
  const state = isKnown(view.state) ? view.state : "en_preparacion";
  if (state === "en_camino" && isDelayed(view)) return { key: "en_camino_atraso", meaning: "risk" };
  return { key: state, meaning: STATES[state] };
}

/** A delay is what we told the customer about: a new window in place of an earlier one. */
export function isDelayed(view: TrackView): boolean {
  return view.previous_window !== null && (view.state === "en_camino" || view.state === "en_preparacion");
}

const length_ms = (window: TimeWindow): number => Date.parse(window.end) - Date.parse(window.start);

/**
 * The window in large figures: what was promised, or the estimate once it is narrower and inside of it.
 * An estimate that leaves the promise is told by the server as a delay, never slipped in.
 */
export function shownWindow(view: TrackView): TimeWindow | null {
  const { window, expected } = view;
  if (!window || !expected) return window ?? expected;
  const isInside = Date.parse(expected.start) >= Date.parse(window.start) && Date.parse(expected.end) <= Date.parse(window.end);
  return isInside && length_ms(expected) < length_ms(window) ? expected : window;
}

/** The wider promise behind a narrower estimate, to be named under it. */
export function widerPromise(view: TrackView): TimeWindow | null {
  const shown = shownWindow(view);
  return shown && view.window && shown !== view.window ? view.window : null;
}

export type DayName = "today" | "tomorrow" | "other";

const DAY_MS = 86_400_000;

/** How to name a date beside the server's own "now". */
export function dayName(date: string, now: string): DayName {
  if (date === dateOf(now)) return "today";
  return date === dateOf(Date.parse(now) + DAY_MS) ? "tomorrow" : "other";
}

/** Whether it came inside of what was promised; nothing when there was no promise. */
export function wasKept(view: TrackView): boolean | undefined {
  if (!view.delivered || !view.window) return undefined;
  const at = Date.parse(view.delivered.at);
  return at >= Date.parse(view.window.start) && at <= Date.parse(view.window.end);
}

/** Whether the driver received another amount than was to be paid; what was not said is not known. */
export function isPaidInPart({ delivered, cod_clp }: TrackView): boolean {
  return delivered !== null && delivered.paid_clp !== null && delivered.paid_clp !== cod_clp;
}
