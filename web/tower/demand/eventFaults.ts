import { t } from "../i18n/texts";
import type { EventForm } from "./eventForm";

/** The longest event there is, as the server has it: what lasts longer is a season. */
const EVENT_DAYS_MAX = 62;
const DAY_MS = 86_400_000;

/** What is wrong with a form before it is sent, by field. */
export type EventFaults = Partial<Record<"name" | "start" | "end" | "uplift", string>>;

/** What nobody needs a server for; the rest is what it answers. */
export function faultsOf(form: EventForm): EventFaults {
  const faults: EventFaults = {};
  if (!form.name.trim()) faults.name = t("demand.fault_name");
  if (!form.start) faults.start = t("demand.fault_day");
  if (!form.end) faults.end = t("demand.fault_day");
  else if (form.end < form.start) faults.end = t("demand.fault_end");
  else if (form.start && (Date.parse(form.end) - Date.parse(form.start)) / DAY_MS >= EVENT_DAYS_MAX) faults.end = t("demand.fault_long", { days: String(EVENT_DAYS_MAX) });
  return faults;
}
