import { formatMinutes } from "$shared/format/dates";
import { formatDistance, formatNumber, formatPesos, formatShare } from "$shared/format/numbers";
import type { Indicator } from "../data/fleetViews";

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
      return formatMinutes(value);
    case "m":
      return formatDistance(value);
    case "count":
    case "":
      return formatNumber(value);
    default:
      return `${formatNumber(value)}\u00a0${unit}`;
  }
}
