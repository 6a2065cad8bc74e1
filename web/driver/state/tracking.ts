import { newId } from "$shared/api/newId";
import { phone } from "./phone.svelte";

const EVERY_MS = 15_000;

/** Positions while the page is open and secure; the rest of the day they come from the paired app. */
export function watchPosition(): () => void {
  if (!isSecureContext || !("geolocation" in navigator)) return () => undefined;
  let last_ms = 0;
  const id = navigator.geolocation.watchPosition(
    ({ coords, timestamp }) => {
      if (timestamp - last_ms < EVERY_MS) return;
      last_ms = timestamp;
      void phone.keepFix({
        id: newId(),
        at: new Date(phone.clock.now()).toISOString(),
        position: [coords.longitude, coords.latitude],
        accuracy_m: coords.accuracy,
        speed_mps: coords.speed,
        heading_deg: coords.heading,
      });
    },
    () => undefined,
    { enableHighAccuracy: true, maximumAge: EVERY_MS },
  );
  return () => navigator.geolocation.clearWatch(id);
}
