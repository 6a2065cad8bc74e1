import { openStream, type StreamState } from "$shared/live/stream";
import { startPoll, type Poll } from "$shared/live/poll";
import type { Frame } from "$shared/live/frames";
import type { LonLat } from "$shared/map/marks";
import { flattenDay, type DayView, type S, type StopPoint, type VanRow } from "../data/views";
import { clock } from "./clock.svelte";
import { RouteShapes } from "./routeShapes";
import { session } from "./session.svelte";

const DAY_EVERY_MS = 10_000;
const STOPS_EVERY_MS = 15_000;
/** The stream may announce many changes a second; the snapshot is read at most this often. */
const ASK_PAUSE_MS = 1_500;

type FactListener = (fact: { type: string; order_id?: string | null; route_id?: string | null }) => void;

/** The day as it is now: snapshot, stops and vans, kept fresh by the stream and by polling. */
class Day {
  view = $state.raw<DayView>();
  stops = $state.raw<StopPoint[]>([]);
  vans = $state.raw<ReadonlyMap<string, VanRow>>(new Map());
  stream = $state<StreamState>("connecting");
  error = $state.raw<unknown>();
  lines = $state.raw<ReadonlyMap<string, LonLat[]>>(new Map());

  private readonly shapes = new RouteShapes();
  private polls: Poll[] = [];
  private endStream: (() => void) | undefined;
  private pending: ReturnType<typeof setTimeout> | undefined;
  private listeners = new Set<FactListener>();

  start(): void {
    if (this.polls.length > 0) return;
    const onerror = (error: unknown): void => {
      this.error = error;
      session.noteFailure(error);
    };
    this.polls = [
      startPoll<S["DayView"]>({ url: "/v1/day", every_ms: DAY_EVERY_MS, onvalue: (view) => this.take(flattenDay(view)), onerror }),
      startPoll<S["DayStops"]>({ url: "/v1/day/stops", every_ms: STOPS_EVERY_MS, onvalue: (value) => this.takeStops(value) }),
    ];
    this.endStream = openStream({
      url: "/v1/stream",
      onframe: (frame) => this.hear(frame),
      onstate: (state) => { this.stream = state; },
    });
  }

  stop(): void {
    for (const poll of this.polls) poll.stop();
    this.polls = [];
    this.endStream?.();
    clearTimeout(this.pending);
    this.pending = undefined;
  }

  /** Reads everything again at once, after the person changed something. */
  refresh(): void {
    for (const poll of this.polls) poll.now();
  }

  /** Calls back for each fact as it happens; returns the function that stops it. */
  onFact(listener: FactListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private take(view: DayView): void {
    this.view = view;
    this.error = undefined;
    clock.set(view.now, clock.speed, view.is_simulated);
  }

  private takeStops({ stops, geometries }: S["DayStops"]): void {
    this.stops = stops;
    this.lines = this.shapes.read(geometries);
  }

  private hear(frame: Frame): void {
    if (frame.event === "positions") this.moveVans(JSON.parse(frame.data) as VanRow[]);
    else if (frame.event === "day" || frame.event === "reload") this.refreshSoon();
    else if (frame.event === "fact") {
      const fact = JSON.parse(frame.data) as Parameters<FactListener>[0];
      for (const listener of this.listeners) listener(fact);
    }
  }

  private moveVans(rows: VanRow[]): void {
    this.vans = new Map([...this.vans, ...rows.map((row) => [row[0], row] as const)]);
  }

  private refreshSoon(): void {
    this.pending ??= setTimeout(() => {
      this.pending = undefined;
      this.refresh();
    }, ASK_PAUSE_MS);
  }
}

export const day = new Day();
