import type { ScanKind } from "./judge";

/** A tone a result: two rising for yes, one flat for known, a low buzz for no. Gloves and noise: both sound and vibration. */
const TONES: Record<ScanKind, [hz: number, from_s: number, for_s: number][]> = {
  good: [[880, 0, 0.09], [1320, 0.1, 0.14]],
  already: [[660, 0, 0.16]],
  other_route: [[220, 0, 0.22], [165, 0.25, 0.35]],
  unknown: [[196, 0, 0.5]],
  not_here: [[196, 0, 0.5]],
};
const VIBRATIONS_MS: Record<ScanKind, number[]> = { good: [60], already: [40, 60, 40], other_route: [220, 80, 220], unknown: [400], not_here: [400] };

let context: AudioContext | undefined;

export function feedBack(kind: ScanKind): void {
  navigator.vibrate?.(VIBRATIONS_MS[kind]);
  try {
    context ??= new AudioContext();
    for (const [hz, from_s, for_s] of TONES[kind]) play(context, hz, from_s, for_s, kind);
  } catch {
    // A phone without sound still shows and vibrates.
  }
}

function play(on: AudioContext, hz: number, from_s: number, for_s: number, kind: ScanKind): void {
  const tone = on.createOscillator();
  const volume = on.createGain();
  tone.type = kind === "good" || kind === "already" ? "sine" : "square";
  tone.frequency.value = hz;
  const start = on.currentTime + from_s;
  volume.gain.setValueAtTime(0.25, start);
  volume.gain.exponentialRampToValueAtTime(0.001, start + for_s);
  tone.connect(volume).connect(on.destination);
  tone.start(start);
  tone.stop(start + for_s);
}
