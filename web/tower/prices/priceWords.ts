import { formatMinutes, formatWindow } from "$shared/format/dates";
import { formatDistance, formatPesos } from "$shared/format/numbers";
import type { FleetPrice, Price, PromisePrice, StopPrice, VehiclePrice } from "../data/prices";
import { t } from "../i18n/texts";

const MINUTE_S = 60;
/** Distances are said in tens of metres. */
const WAY_M = 10;

/** "$ 1.200 más", "14 min menos": what there is more, or less below nought. */
function over(value: number, words: string): string {
  return t(value < 0 ? "price.less" : "price.more", { amount: words });
}

const minutes = (seconds: number): string => formatMinutes(Math.abs(seconds) / MINUTE_S);
const isMinutes = (seconds: number): boolean => Math.round(Math.abs(seconds) / MINUTE_S) > 0;
/** The same door, or one on the way. */
const isWay = (metres: number): boolean => Math.round(Math.abs(metres) / WAY_M) > 0;
export const windowOf = ({ window }: PromisePrice): string => formatWindow(window.start, window.end);

/** What the van works and drives less without the stop. */
function spared({ duration_s, distance_m }: StopPrice): string {
  const work = isMinutes(duration_s) ? t("price.works", { time: over(-duration_s, minutes(duration_s)) }) : t("price.same_time");
  const way = isWay(distance_m) ? t("price.drives", { distance: over(-distance_m, formatDistance(Math.abs(distance_m))) }) : t("price.same_way");
  return t("price.and", { first: way, second: work });
}

/** What the day costs less without the stop, and without those that go with it. */
export function stopSentence(price: StopPrice): string {
  const said = { sum: formatPesos(price.cost_clp), how: spared(price) };
  if (price.cost_clp <= 0) return t("price.saves_nothing", said);
  return price.with_references.length > 0 ? t("price.saves_with", { ...said, others: price.with_references.join(", ") }) : t("price.saves", said);
}

/** What the promised hours cost over the whole day. */
export function promiseSentence({ windows }: StopPrice): string {
  const promised = windows.find((each) => each.kind === "promised");
  if (!promised) return t("price.promise_none");
  const window = windowOf(promised);
  if (promised.cost_clp === null) return t("price.promise_never", { window });
  if (!promised.more_clp || promised.more_clp < 0) return t("price.promise_free", { window });
  return t("price.promise_costs", { window, sum: formatPesos(promised.more_clp) });
}

/** What the van works and drives more for the stop: "+12 min · +3,1 km". */
export function effortWords({ duration_s, distance_m }: PromisePrice): string {
  const sign = (value: number): string => (value < 0 ? "−" : "+");
  return [
    ...(isMinutes(duration_s) ? [`${sign(duration_s)}${minutes(duration_s)}`] : []),
    ...(isWay(distance_m) ? [`${sign(distance_m)}${formatDistance(Math.abs(distance_m))}`] : []),
  ].join(" · ");
}

/** What the day would be without the vehicle. */
export function withoutSentence({ less }: VehiclePrice): string {
  const sum = formatPesos(Math.abs(less.driven_clp));
  if (less.orders.length > 0) return t.count("price.without_left", less.orders.length, { sum: formatPesos(less.left_out_clp), driven: over(less.driven_clp, sum) });
  if (less.driven_clp === 0) return t("price.without_same");
  return t(less.driven_clp < 0 ? "price.without_spare" : "price.without_dearer", { sum });
}

/** What it would be with one more like it: the price says what today costs over that. */
export function withSentence({ more }: VehiclePrice): string {
  if (more.worth_clp <= 0) return t("price.with_nothing");
  if (more.orders.length === 0) return t("price.with_saves", { sum: formatPesos(more.worth_clp) });
  return t.count("price.with_enter", more.orders.length, { driven: over(-more.driven_clp, formatPesos(Math.abs(more.driven_clp))) });
}

/** Hours and kilometres of the whole day; `way` is 1 for what it has more without a vehicle, −1 with one more. */
export function workWords(price: FleetPrice, way: 1 | -1): string {
  const duration_s = way * price.duration_s;
  const distance_m = way * price.distance_m;
  const said = [
    ...(isMinutes(duration_s) ? [t("price.all_work", { time: over(duration_s, minutes(duration_s)) })] : []),
    ...(isWay(distance_m) ? [t("price.all_drive", { distance: over(distance_m, formatDistance(Math.abs(distance_m))) })] : []),
  ];
  const sentence = said.length === 2 ? t("price.and", { first: said[0] ?? "", second: said[1] ?? "" }) : (said[0] ?? "");
  return sentence && `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

/** How long the next question about the day will take, while this one is answered. */
export function waitSentence(asked: Price | undefined): string {
  return t(asked?.keeps_times === false ? "price.always_slow" : "price.first_slow");
}
