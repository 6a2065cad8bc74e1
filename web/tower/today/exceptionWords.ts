import { formatDay, formatMinutes, formatTime, minutesBetween } from "$shared/format/dates";
import { formatNumber } from "$shared/format/numbers";
import type { DayException } from "../data/views";
import { t } from "../i18n/texts";
import { cashWords, differenceWords, disputeWords } from "../story/doubtWords";

/** A line of what to look at, in the person's language. */
export interface ExceptionWords {
  title: string;
  /** How much depends on it. */
  count: string;
  why: string;
  proposal: string;
}

/** More reasons than these are only counted. */
const REASONS_SAID_MAX = 2;

/** More vans than these are only counted, not named. */
const ROUTES_SAID_MAX = 4;

/** Puts the facts of a line into words; `now` is the instant they were told. */
export function wordsOf(exception: DayException, now: string): ExceptionWords {
  const { kind, facts } = exception;
  const code = facts.route_codes[0] ?? "";
  const since_min = facts.since ? minutesBetween(facts.since, new Date(now)) : 0;
  const words = (title: string, count: string, why: string): ExceptionWords => ({ title, count, why, proposal: proposalOf(exception) });
  switch (kind) {
    case "breakdown":
      return words(t("look.breakdown", { code }), t.count("look.promises", facts.promises), onTheWay(exception));
    case "late_route":
      return words(
        facts.delay_s >= 60 ? t("look.late", { code, time: formatMinutes(Math.floor(facts.delay_s / 60)) }) : t("look.tight", { code }),
        facts.late ? t("look.count_late", { count: facts.late }) : t("look.count_risk", { count: facts.promises }),
        onTheWay(exception),
      );
    case "slight_risk":
      return words(t.count("look.slight", facts.promises), t.count("look.routes", facts.route_codes.length), slightWhy(exception));
    case "late_start":
      return words(t("look.late_start", { code, time: formatMinutes(since_min) }), t.count("look.promises", facts.promises), shouldLeave(exception));
    case "silent_phone":
      return words(t("look.silent", { code, time: formatMinutes(since_min) }), t.count("look.stops", facts.promises), facts.since ? t("look.last_sign", { time: formatTime(facts.since) }) : "");
    case "failed_stops":
      return words(t.count("look.failed", facts.promises), facts.route_codes.length === 1 ? code : t.count("look.routes", facts.route_codes.length), reasonsOf(exception));
    case "address":
      return words(t.count("look.reviews", facts.promises), atStake(exception), waitingWhy(exception, "look.no_position", "look.no_position_due"));
    case "cash_differs":
      return words(t("look.cash", { code }), facts.visit ? differenceWords(facts.visit) : "", facts.visit ? [cashWords(facts.visit), t("look.order", { reference: facts.visit.reference })].join(" · ") : "");
    case "delivery_disputed":
      return words(t("look.disputed", { code }), facts.visit?.reference ?? "", facts.visit ? disputeWords(facts.visit, facts.since) : "");
    case "promises_worse":
    case "promises_better":
      return words(
        t(`look.${kind}`),
        t("look.drift_count", { late: formatNumber(facts.late, 0), promises: formatNumber(facts.promises, 0) }),
        t("look.drift", { day: facts.since ? formatDay(facts.since) : "", stated: formatNumber(facts.late_stated, 0) }),
      );
    default:
      return words(t.count("look.unplanned", facts.promises), atStake(exception), waitingWhy(exception, "look.nobody", "look.nobody_due"));
  }
}

/** What the button of a van's card says. */
export function actionOf(exception: DayException): string {
  return t(exception.kind === "breakdown" ? "look.spread" : "look.ease");
}

/** In the colour of the line, so that red stands beside what is broken and not beside the rest. */
function atStake({ facts }: DayException): string {
  return facts.passed > 0 ? t.count("look.broken", facts.passed) : t.count("look.promises", facts.promises);
}

function onTheWay({ facts }: DayException): string {
  if (facts.due) return facts.heading_to ? t("look.due_street", { time: formatTime(facts.due), street: facts.heading_to }) : t("look.due", { time: formatTime(facts.due) });
  return facts.heading_to ? t("look.street", { street: facts.heading_to }) : t.count("look.left", facts.promises);
}

function slightWhy({ facts }: DayException): string {
  const routes = facts.route_codes.length > ROUTES_SAID_MAX ? "" : facts.route_codes.join(", ");
  return [facts.due ? t("look.due", { time: formatTime(facts.due) }) : "", routes].filter(Boolean).join(" · ");
}

function shouldLeave({ facts }: DayException): string {
  return t(facts.is_route_seen ? "look.should_leave" : "look.should_leave_unseen", { time: facts.since ? formatTime(facts.since) : "" });
}

function reasonsOf({ facts }: DayException): string {
  const name = (reason: string): string => (reason ? t.code("reason", reason) : t("look.no_reason"));
  const said = facts.reasons.slice(0, REASONS_SAID_MAX).map(({ reason, count }) => (facts.promises === 1 ? name(reason) : t("look.reason_often", { reason: name(reason), count })));
  const others = facts.reasons.slice(REASONS_SAID_MAX).reduce((sum, { count }) => sum + count, 0);
  return [...said, ...(others ? [t("look.other_reasons", { count: others })] : []), ...(facts.released ? [t.count("look.released", facts.released)] : [])].join(" · ");
}

function waitingWhy({ facts }: DayException, plain: "look.no_position" | "look.nobody", due: "look.no_position_due" | "look.nobody_due"): string {
  if (facts.passed > 0 && facts.passed === facts.promises) return t.count("look.all_passed", facts.promises);
  if (facts.passed > 0) return facts.due ? t.count("look.some_passed_due", facts.passed, { time: formatTime(facts.due) }) : t.count("look.some_passed", facts.passed);
  return facts.due ? t(due, { time: formatTime(facts.due) }) : t(plain);
}

function proposalOf({ kind, action, facts }: DayException): string {
  if (kind === "breakdown") return t.count("look.do_spread", facts.promises);
  if (kind === "delivery_disputed") return t("look.do_settle");
  if (kind === "slight_risk") return t("look.do_slight");
  if (kind === "promises_better") return t("look.do_promise_sooner");
  switch (action) {
    case "proposal":
      return t("look.do_ease");
    case "call":
      return t("look.do_call");
    case "decide":
      return t("look.do_decide");
    case "insert":
      return t("look.do_insert");
    case "plan":
      return t("look.do_plan");
    case "see":
      return t("look.do_see");
    case "reschedule":
      return t("look.do_reschedule");
    case "offer":
      return t("look.do_promise_later");
    default:
      return t("look.do_review");
  }
}
