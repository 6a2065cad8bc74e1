import { formatMinutes } from "$shared/format/dates";
import { formatDistance, formatNumber, formatPesos, formatShare } from "$shared/format/numbers";
import { t } from "../i18n/texts";
import type { Indicator } from "../data/fleetViews";

/** Minutes with their sign: an estimate may be early; below an hour to the tenth. */
function writeMinutes(minutes: number): string {
  if (Math.abs(minutes) < 59.95) return `${formatNumber(minutes)}\u00a0min`.replace("-", "−");
  return `${minutes < 0 ? "−" : ""}${formatMinutes(minutes)}`;
}

type Unit = Indicator["counts"];

/** A sum with what it counts: "39 pedidos", "34 h 10", "4.680 min". */
export function writeSum(unit: Unit, sum: number): string {
  switch (unit) {
    case "seconds":
      return writeMinutes(sum / 60);
    case "minutes":
      return `${formatNumber(sum)}\u00a0min`;
    case "metres":
      return formatDistance(sum);
    case "pesos":
      return formatPesos(sum);
    default:
      return t.count(`unit.${unit}`, sum);
  }
}

/** What a value is made of: "56 de 57 pedidos" of one kind, "4.680 min ÷ 39 pedidos" of two. */
export function writeParts({ counts, among, numerator, denominator }: Pick<Indicator, "counts" | "among" | "numerator" | "denominator">): string {
  if (numerator === 0 && denominator === 0) return "–";
  const whole = writeSum(among, denominator);
  if (counts !== among) return `${writeSum(counts, numerator)} ÷ ${whole}`;
  const part = ["seconds", "minutes", "metres", "pesos"].includes(counts) ? writeSum(counts, numerator) : formatNumber(numerator);
  return t("report.of", { part, whole });
}

/** An indicator's value in the unit the server names; a dash when the day has no row for it. */
export function writeValue(indicator: Pick<Indicator, "value" | "unit">): string {
  const { value, unit } = indicator;
  if (value === null) return "–";
  switch (unit) {
    case "share":
    case "ratio":
      return formatShare(value);
    case "percent":
    case "%":
      return formatShare(value / 100);
    case "clp":
    case "CLP":
      return formatPesos(value);
    case "s":
    case "seconds":
      return formatMinutes(value / 60);
    case "min":
    case "minutes":
      return writeMinutes(value);
    case "m":
      return formatDistance(value);
    case "mensajes":
      return t.count("unit.messages", value);
    case "count":
    case "":
      return formatNumber(value);
    default:
      return `${formatNumber(value)}\u00a0${unit}`;
  }
}
