import { SvelteMap } from "svelte/reactivity";
import type { LonLat } from "$shared/map/marks";
import { decodePolyline } from "$shared/map/polyline";
import { server } from "../data/server";
import type { RouteLane } from "../data/views";

const UNDER_WAY_MAX = 3;

interface Shape {
  version: number;
  line: LonLat[];
}

/** The drawn line of each route, asked for once per version and a few at a time. */
export class RouteShapes {
  readonly lines = new SvelteMap<string, Shape>();
  private wanted: { id: string; version: number }[] = [];
  private underWay = 0;

  update(routes: RouteLane[]): void {
    for (const route of routes) {
      const version = route.geometry_version ?? route.version;
      const isKnown = this.lines.get(route.id)?.version === version || this.wanted.some((item) => item.id === route.id);
      if (!isKnown) this.wanted.push({ id: route.id, version });
    }
    this.pump();
  }

  private pump(): void {
    while (this.underWay < UNDER_WAY_MAX) {
      const next = this.wanted.shift();
      if (!next) return;
      this.underWay += 1;
      void this.fetch(next.id, next.version);
    }
  }

  private async fetch(id: string, version: number): Promise<void> {
    try {
      const route = await server.route(id);
      this.lines.set(id, { version, line: decodePolyline(route.geometry) });
    } catch {
      // Without its line the route still shows its stops and its van; the next snapshot asks again.
    }
    this.underWay -= 1;
    this.pump();
  }
}
