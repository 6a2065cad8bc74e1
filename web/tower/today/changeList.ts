import { formatMinutes } from "$shared/format/dates";
import { formatPesos } from "$shared/format/numbers";
import type { Meaning } from "$shared/ui/meanings";
import { meaningOf } from "../data/risk";
import type { Replan } from "../data/views";
import { t } from "../i18n/texts";

export type Change = Replan["changes"][number];
export type Move = Change["moves"][number];

/** The changes chosen once this one is chosen or not: what it needs comes along, what needs it goes. */
export function toggled(changes: Change[], chosen: ReadonlySet<number>, number: number): Set<number> {
  const next = new Set(chosen);
  if (next.has(number)) {
    const going = [number];
    for (let gone = going.pop(); gone !== undefined; gone = going.pop()) {
      next.delete(gone);
      for (const change of changes) if (next.has(change.number) && change.needs.includes(gone)) going.push(change.number);
    }
    return next;
  }
  return withNeeds(changes, [...next, number]);
}

/** These changes and all that they need. */
export function withNeeds(changes: Change[], numbers: Iterable<number>): Set<number> {
  const next = new Set<number>();
  const coming = [...numbers];
  for (let number = coming.pop(); number !== undefined; number = coming.pop()) {
    if (next.has(number)) continue;
    next.add(number);
    coming.push(...(changes.find((change) => change.number === number)?.needs ?? []));
  }
  return next;
}

/** What accepting does, those needed first. */
export function movesOf(changes: Change[]): Move[] {
  return inOrder(changes).flatMap((change) => change.moves);
}

/** What takes it back, the last one first. */
export function undoOf(changes: Change[]): Move[] {
  return inOrder(changes).reverse().flatMap((change) => change.undo);
}

function inOrder(changes: Change[]): Change[] {
  return [...changes].sort((a, b) => a.needs.length - b.needs.length || a.number - b.number);
}

export interface Touch {
  stops: number;
  vans: number;
  /** Promises that stand worse then, each once whoever harms it. */
  harmed: number;
}

/** How much of the day they touch. */
export function touchOf(changes: Change[]): Touch {
  const vans = new Set(changes.flatMap((change) => [change.route_id, change.from_route_id]).filter((id) => id !== null));
  return {
    stops: new Set(changes.flatMap((change) => change.moves.map((move) => move.stop_id))).size,
    vans: vans.size,
    harmed: new Set(changes.flatMap((change) => change.harmed.map((stop) => stop.stop_id))).size,
  };
}

export interface Harm {
  meaning: Meaning;
  /** 'Deja tarde 2 promesas:' */
  words: string;
  stops: Change["harmed"];
}

/** Whom a change harms, those left late before those put at risk. */
export function harmOf(change: Pick<Change, "harmed">): Harm[] {
  return (["late", "risk"] as const).flatMap((meaning): Harm[] => {
    const stops = change.harmed.filter((stop) => meaningOf(stop.risk) === meaning);
    return stops.length > 0 ? [{ meaning, words: t.count(`replan.harm_${meaning}`, stops.length), stops }] : [];
  });
}

/** 'Ninguna promesa queda peor.' */
export function harmedWords(harmed: number): string {
  return harmed === 0 ? t("replan.harmed_none") : t.count("replan.harmed", harmed);
}

/** 'Ninguna ventana prometida cambia.' */
export function windowWords(windows: number): string {
  return windows === 0 ? t("replan.windows_none") : t.count("replan.windows", windows);
}

/** 'Pasar 3 paradas de R-04 a R-07'. */
export function whatOf(change: Change): string {
  if (change.kind === "reorder") return t.count("replan.reorder", change.stops, { code: change.code });
  return t.count("replan.take", change.stops, { from: change.from_code ?? "", code: change.code });
}

/** 'salva 2 promesas · ahorra 12 min · cuesta $ 1.240 menos'; less than a minute is not said. */
export function gainsOf(change: Change): string[] {
  const minutes = Math.trunc(change.saves_s / 60);
  return [
    change.saves > 0 ? t.count("replan.saves", change.saves) : "",
    minutes > 0 ? t("replan.minutes", { time: formatMinutes(minutes) }) : "",
    minutes < 0 ? t("replan.longer", { time: formatMinutes(-minutes) }) : "",
    change.saves_clp > 0 ? t("replan.cheaper", { amount: formatPesos(change.saves_clp) }) : "",
    change.saves_clp < 0 ? t("replan.dearer", { amount: formatPesos(-change.saves_clp) }) : "",
  ].filter(Boolean);
}
