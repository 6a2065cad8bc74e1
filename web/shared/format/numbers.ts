import { language } from "../i18n/language.svelte";

/** A number as people read it: 1.234,5 in Spanish. */
export function formatNumber(value: number, digits_max = 1): string {
  return new Intl.NumberFormat(language.locale, { maximumFractionDigits: digits_max, useGrouping: "always" }).format(value);
}

/** A share between 0 and 1 as a percentage with one decimal. Never rounds up to 100 what is not whole. */
export function formatShare(share: number): string {
  const percent = share * 100;
  const shown = percent < 100 ? Math.min(percent, 99.9) : 100;
  return `${new Intl.NumberFormat(language.locale, { maximumFractionDigits: 1 }).format(shown)}\u00a0%`;
}

/** Whole Chilean pesos: $ 24.990. */
export function formatPesos(amount_clp: number): string {
  const sign = amount_clp < 0 ? "−" : "";
  return `${sign}$\u00a0${formatNumber(Math.abs(Math.round(amount_clp)), 0)}`;
}

/** A distance in metres below a kilometre, in kilometres above. */
export function formatDistance(distance_m: number): string {
  if (distance_m < 995) return `${formatNumber(Math.round(distance_m / 10) * 10, 0)}\u00a0m`;
  return `${formatNumber(distance_m / 1000, 1)}\u00a0km`;
}

/** 0,73 kg; what weighs next to nothing in grams. */
export function formatWeight(weight_g: number): string {
  return weight_g < 10 ? `${formatNumber(weight_g, 0)}\u00a0g` : `${formatNumber(weight_g / 1000, 2)}\u00a0kg`;
}

/** 12,5 L as a parcel, 1,2 m³ as a load. */
export function formatVolume(volume_ml: number): string {
  return volume_ml < 100_000 ? `${formatNumber(volume_ml / 1000, 1)}\u00a0L` : `${formatNumber(volume_ml / 1_000_000, 2)}\u00a0m³`;
}
