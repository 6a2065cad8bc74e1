import type { DepotMark, LonLat } from "$shared/map/marks";
import { planning } from "../data/planning";
import { server } from "../data/server";

/** Plaza de Armas: where a map looks until the server says where the city is. */
const SANTIAGO: LonLat = [-70.6506, -33.4378];

class MapPlace {
  center = $state.raw<LonLat>(SANTIAGO);
  depots = $state.raw<DepotMark[]>([]);

  /** Reads the city's centre and its depots; without them the map still opens. */
  async load(): Promise<void> {
    const [config, depots] = await Promise.allSettled([server.mapConfig(), planning.depots()]);
    if (config.status === "fulfilled") this.center = config.value.center;
    if (depots.status === "fulfilled") this.depots = depots.value.map(({ id, name, position }) => ({ id, name, position }));
  }
}

export const mapPlace = new MapPlace();
