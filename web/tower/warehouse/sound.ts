import type { Meaning } from "$shared/ui/meanings";

/** One sound a meaning, told apart without looking: how high, how often, how long. */
const TONES: Record<Meaning, { hertz: number; times: number; lasts_s: number; wave: OscillatorType }> = {
  ok: { hertz: 1320, times: 1, lasts_s: 0.09, wave: "sine" },
  done: { hertz: 1320, times: 1, lasts_s: 0.09, wave: "sine" },
  risk: { hertz: 740, times: 2, lasts_s: 0.09, wave: "triangle" },
  late: { hertz: 330, times: 2, lasts_s: 0.18, wave: "square" },
  fail: { hertz: 196, times: 1, lasts_s: 0.55, wave: "square" },
};
const GAP_S = 0.06;
const LOUDNESS = 0.14;
const STORED_AS = "promesa.scan_sound";

let context: AudioContext | undefined;

export function isSoundOn(): boolean {
  return globalThis.localStorage?.getItem(STORED_AS) !== "off";
}

export function setSound(isOn: boolean): void {
  globalThis.localStorage?.setItem(STORED_AS, isOn ? "on" : "off");
}

/** Plays the sound of a scan's result; a browser without sound stays silent. */
export function playVerdict(meaning: Meaning): void {
  if (!isSoundOn() || typeof AudioContext === "undefined") return;
  context ??= new AudioContext();
  const { hertz, times, lasts_s, wave } = TONES[meaning];
  for (let n = 0; n < times; n += 1) {
    const starts = context.currentTime + n * (lasts_s + GAP_S);
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.type = wave;
    tone.frequency.value = hertz;
    volume.gain.setValueAtTime(LOUDNESS, starts);
    volume.gain.exponentialRampToValueAtTime(0.001, starts + lasts_s);
    tone.connect(volume).connect(context.destination);
    tone.start(starts);
    tone.stop(starts + lasts_s);
  }
}
