"""The indicators: what each is called, means and is made of, and what is usual elsewhere."""

from __future__ import annotations

from promesa.analytics import order_metrics, route_metrics
from promesa.analytics.arrival_definitions import ARRIVAL_INDICATORS, MINUTE
from promesa.analytics.facts import DayFacts
from promesa.analytics.indicator import PERCENT, Definition, Group, Unit
from promesa.domain.promise import PromiseFate
from promesa.domain.reasons import REASONS
from promesa.domain.stop import Outcome
from promesa.kernel.units import HOUR_S

KM = 0.001
# What the Región Metropolitana's sample of 72,000 says (ecommerceccs.cl); others not published.
_MIX_ANCHORS = {
    "DATE_CHANGE_REQUESTED": "RM: 30 % (ecommerceccs.cl)",
    "PURCHASE_CANCELLED": "RM: 19,5 % (ecommerceccs.cl)",
    "ADDRESS_WRONG": "RM: 13,2 % (ecommerceccs.cl)",
    "RECIPIENT_ABSENT": "RM: 6 % (ecommerceccs.cl)",
}


def definitions_of(facts: DayFacts) -> tuple[Definition, ...]:
    """Every indicator, with one for each failure reason that came up."""
    return (*ORDER_INDICATORS, *ARRIVAL_INDICATORS, *ROUTE_INDICATORS, *failure_mix(facts))


def failure_mix(facts: DayFacts) -> tuple[Definition, ...]:
    """One indicator for each reason that came up, in the dictionary's order."""
    came_up = {stop.reason for stop in facts.stops if stop.outcome is Outcome.FAILED}
    return tuple(
        Definition(
            key=f"failures_{code.lower()}",
            group=Group.FAILURES,
            label=f"No entregado: {reason.spanish.lower()}",
            formula=f"visitas fallidas por «{reason.spanish.lower()}» ÷ visitas fallidas",
            unit="%",
            scale=PERCENT,
            counts=Unit.STOPS,
            among=Unit.STOPS,
            rows=route_metrics.failures_for(code),
            anchor=_MIX_ANCHORS.get(code, ""),
        )
        for code, reason in REASONS.items()
        if code in came_up
    )


ORDER_INDICATORS: tuple[Definition, ...] = (
    Definition(
        key="otd",
        group=Group.PROMISES,
        label="Entregas a tiempo",
        formula="entregados dentro de la primera ventana prometida ÷ entregados con promesa",
        unit="%",
        scale=PERCENT,
        rows=order_metrics.against_first_promise(PromiseFate.KEPT),
        anchor="90-95 % citado como estándar (burqup.com)",
    ),
    Definition(
        key="delivered_early",
        group=Group.PROMISES,
        label="Entregas anticipadas",
        formula="entregados antes de la primera ventana ÷ entregados con promesa",
        unit="%",
        scale=PERCENT,
        rows=order_metrics.against_first_promise(PromiseFate.EARLY),
    ),
    Definition(
        key="delivered_late",
        group=Group.PROMISES,
        label="Entregas atrasadas",
        formula="entregados después de la primera ventana ÷ entregados con promesa",
        unit="%",
        scale=PERCENT,
        rows=order_metrics.against_first_promise(PromiseFate.LATE),
    ),
    Definition(
        key="otif",
        group=Group.PROMISES,
        label="A tiempo y completas",
        formula="entregados a tiempo y completos ÷ pedidos prometidos para el día",
        unit="%",
        scale=PERCENT,
        rows=order_metrics.on_time_in_full,
        anchor="pedido perfecto, cerca de 90 % (erisk.realrisk.net)",
    ),
    Definition(
        key="delivered",
        group=Group.PROMISES,
        label="Entregados",
        formula="pedidos entregados ÷ pedidos visitados",
        unit="%",
        scale=PERCENT,
        rows=order_metrics.delivered,
        anchor="RM: 94,5 % (ecommerceccs.cl, 5,5 % de rechazo)",
    ),
    Definition(
        key="fadr",
        group=Group.PROMISES,
        label="Entrega al primer intento",
        formula="entregados en la gestión 1 ÷ pedidos con una visita comprobada",
        unit="%",
        scale=PERCENT,
        rows=order_metrics.first_attempt,
        anchor="RM: 5,5 % de rechazo, 5-7 % en países desarrollados (ecommerceccs.cl)",
    ),
    Definition(
        key="verified_attempts",
        group=Group.PROMISES,
        label="Visitas comprobadas",
        formula=(
            f"visitas a menos de {order_metrics.DOOR_M_MAX:.0f} m, de {order_metrics.DWELL_S_MIN} "
            "s o más y con foto, firma, PIN o llamada ÷ visitas"
        ),
        unit="%",
        scale=PERCENT,
        counts=Unit.STOPS,
        among=Unit.STOPS,
        rows=order_metrics.verified_attempts,
    ),
    Definition(
        key="returns",
        group=Group.PROMISES,
        label="Devoluciones",
        formula="pedidos en devolución o devueltos ÷ pedidos visitados",
        unit="%",
        scale=PERCENT,
        rows=order_metrics.returned,
    ),
    Definition(
        key="window_kept",
        group=Group.PROMISES,
        label="Llegadas dentro de la ventana mostrada",
        formula="entregados dentro de la última ventana mostrada ÷ entregados con ventana mostrada",
        unit="%",
        scale=PERCENT,
        rows=order_metrics.shown_window_kept,
        anchor="meta 80-90 %, según lo prometido",
    ),
    Definition(
        key="window_width",
        group=Group.PROMISES,
        label="Ancho de la ventana mostrada",
        formula="minutos de la última ventana mostrada ÷ entregados con ventana mostrada",
        unit="min",
        counts=Unit.MINUTES,
        rows=order_metrics.shown_window_width,
    ),
    Definition(
        key="messages_per_order",
        group=Group.PROMISES,
        label="Mensajes por pedido",
        formula="mensajes al destinatario ÷ pedidos del día",
        unit="mensajes",
        counts=Unit.MESSAGES,
        rows=order_metrics.messages,
    ),
    Definition(
        key="messages_repeated",
        group=Group.PROMISES,
        label="Mensajes repetidos",
        formula="mensajes iguales (tipo, canal y causa) después del primero ÷ mensajes",
        unit="%",
        scale=PERCENT,
        counts=Unit.MESSAGES,
        among=Unit.MESSAGES,
        rows=order_metrics.repeated_messages,
    ),
    Definition(
        key="opted_out",
        group=Group.PROMISES,
        label="Pidieron silencio",
        formula="pedidos cuyo destinatario silenció un canal ese día ÷ pedidos con mensajes",
        unit="%",
        scale=PERCENT,
        rows=order_metrics.opted_out,
    ),
    Definition(
        key="rating",
        group=Group.PROMISES,
        label="Evaluación",
        formula="estrellas ÷ pedidos evaluados",
        unit="de 5",
        counts=Unit.STARS,
        rows=order_metrics.rating,
    ),
    Definition(
        key="csat",
        group=Group.PROMISES,
        label="Satisfechos",
        formula="evaluaciones 4 y 5 ÷ evaluaciones",
        unit="%",
        scale=PERCENT,
        rows=order_metrics.satisfied,
    ),
    Definition(
        key="cod_collected",
        group=Group.PROMISES,
        label="Cobros contra entrega",
        formula="pesos cobrados ÷ pesos por cobrar en pedidos entregados",
        unit="%",
        scale=PERCENT,
        counts=Unit.PESOS,
        among=Unit.PESOS,
        rows=order_metrics.cash_collected,
    ),
)
ROUTE_INDICATORS: tuple[Definition, ...] = (
    Definition(
        key="failed",
        group=Group.ROUTES,
        label="Visitas fallidas",
        formula="visitas fallidas ÷ visitas de entrega",
        unit="%",
        scale=PERCENT,
        counts=Unit.STOPS,
        among=Unit.STOPS,
        rows=route_metrics.failed_visits,
        anchor="RM: 5,5 % (ecommerceccs.cl)",
    ),
    Definition(
        key="sporh",
        group=Group.ROUTES,
        label="Paradas por hora",
        formula="paradas cerradas ÷ horas en ruta (salida a término)",
        unit="paradas/h",
        scale=HOUR_S,
        counts=Unit.STOPS,
        among=Unit.SECONDS,
        rows=route_metrics.stops_per_hour,
        anchor="4-5 en una flota mixta pequeña (routella.app)",
    ),
    Definition(
        key="km_per_stop",
        group=Group.ROUTES,
        label="Kilómetros por parada",
        formula="km de la última versión publicada ÷ paradas cerradas",
        unit="km",
        scale=KM,
        counts=Unit.METRES,
        among=Unit.STOPS,
        rows=route_metrics.way_per_stop,
    ),
    Definition(
        key="km_per_route",
        group=Group.ROUTES,
        label="Kilómetros por ruta",
        formula="km de la última versión publicada ÷ rutas que salieron",
        unit="km",
        scale=KM,
        counts=Unit.METRES,
        among=Unit.ROUTES,
        rows=route_metrics.way_per_route,
        anchor="145 km por ruta iniciada, Latinoamérica 2025 (DispatchTrack, noticiasrcn.com)",
    ),
    Definition(
        key="plan_adherence",
        group=Group.ROUTES,
        label="Apego al plan",
        formula="1 − inversiones entre el orden planificado y el recorrido ÷ pares posibles",
        unit="%",
        scale=PERCENT,
        counts=Unit.PAIRS,
        among=Unit.PAIRS,
        rows=route_metrics.plan_adherence,
    ),
    Definition(
        key="cost_per_delivery",
        group=Group.ROUTES,
        label="Costo por entrega",
        formula="(fijo + horas en ruta + km de cada ruta) ÷ pedidos entregados",
        unit="CLP",
        counts=Unit.PESOS,
        rows=route_metrics.cost_per_delivery,
    ),
    Definition(
        key="scanned_loads",
        group=Group.ROUTES,
        label="Carga escaneada",
        formula="bultos escaneados al cargar ÷ bultos cargados",
        unit="%",
        scale=PERCENT,
        counts=Unit.PARCELS,
        among=Unit.PARCELS,
        rows=route_metrics.scanned_loads,
    ),
    Definition(
        key="missing_parcels",
        group=Group.ROUTES,
        label="Bultos faltantes",
        formula="bultos declarados faltantes ÷ bultos que debían salir",
        unit="%",
        scale=PERCENT,
        counts=Unit.PARCELS,
        among=Unit.PARCELS,
        rows=route_metrics.missing_parcels,
    ),
    Definition(
        key="parcels_harmed",
        group=Group.ROUTES,
        label="Bultos dañados o extraviados",
        formula="bultos dañados o dados por perdidos ese día ÷ bultos de los pedidos visitados",
        unit="%",
        scale=PERCENT,
        counts=Unit.PARCELS,
        among=Unit.PARCELS,
        rows=order_metrics.parcels_harmed,
    ),
    Definition(
        key="time_at_stop",
        group=Group.ROUTES,
        label="Tiempo en la parada",
        formula="minutos entre llegar y cerrar ÷ visitas con ambas horas",
        unit="min",
        scale=MINUTE,
        counts=Unit.SECONDS,
        among=Unit.STOPS,
        rows=route_metrics.time_at_stop,
    ),
    Definition(
        key="vehicle_fill",
        group=Group.ROUTES,
        label="Uso de capacidad",
        formula="la mayor de bultos, peso y volumen ÷ capacidad, promedio de las rutas",
        unit="%",
        scale=PERCENT,
        counts=Unit.ROUTES,
        among=Unit.ROUTES,
        rows=route_metrics.vehicle_fill,
    ),
    Definition(
        key="hours_used",
        group=Group.ROUTES,
        label="Uso de la jornada",
        formula="tiempo en ruta dentro del turno ÷ duración del turno",
        unit="%",
        scale=PERCENT,
        counts=Unit.SECONDS,
        among=Unit.SECONDS,
        rows=route_metrics.hours_used,
    ),
)
