import { makeTranslate } from "$shared/i18n/texts";
import en_common from "./en/common.json";
import en_capacity from "./en/capacity.json";
import en_closing from "./en/closing.json";
import en_demand from "./en/demand.json";
import en_forecast from "./en/forecast.json";
import en_editing from "./en/editing.json";
import en_facts from "./en/facts.json";
import en_look from "./en/look.json";
import en_orders from "./en/orders.json";
import en_places from "./en/places.json";
import en_planning from "./en/planning.json";
import en_prices from "./en/prices.json";
import en_team from "./en/team.json";
import en_today from "./en/today.json";
import en_traffic from "./en/traffic.json";
import en_warehouse from "./en/warehouse.json";
import es_common from "./es/common.json";
import es_capacity from "./es/capacity.json";
import es_closing from "./es/closing.json";
import es_demand from "./es/demand.json";
import es_forecast from "./es/forecast.json";
import es_editing from "./es/editing.json";
import es_facts from "./es/facts.json";
import es_look from "./es/look.json";
import es_orders from "./es/orders.json";
import es_places from "./es/places.json";
import es_planning from "./es/planning.json";
import es_prices from "./es/prices.json";
import es_team from "./es/team.json";
import es_today from "./es/today.json";
import es_traffic from "./es/traffic.json";
import es_warehouse from "./es/warehouse.json";

const es = { ...es_common, ...es_today, ...es_look, ...es_facts, ...es_orders, ...es_places, ...es_planning, ...es_prices, ...es_team, ...es_editing, ...es_closing, ...es_traffic, ...es_warehouse, ...es_demand, ...es_forecast, ...es_capacity };
const en: Record<keyof typeof es, string> = { ...en_common, ...en_today, ...en_look, ...en_facts, ...en_orders, ...en_places, ...en_planning, ...en_prices, ...en_team, ...en_editing, ...en_closing, ...en_traffic, ...en_warehouse, ...en_demand, ...en_forecast, ...en_capacity };

/** Every text of the torre, in the person's language. */
export const t = makeTranslate({ es, en });
