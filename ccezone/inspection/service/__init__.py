"""Use cases of inspection: shared orders, customs' own inspections followed, inspectors, random draws."""

from ccezone.inspection.service.draws import PlanEntry, draft_plan, draw_plan, drop_plan, freeze
from ccezone.inspection.service.following import follow_customs
from ccezone.inspection.service.inspectors import InspectorEntry, save_inspector
from ccezone.inspection.service.news import OrderMoved
from ccezone.inspection.service.orders import Check, Conclusion, Wanted, add_note, appoint, conclude, invite, open_order, sign

__all__ = [
    "Check",
    "Conclusion",
    "InspectorEntry",
    "OrderMoved",
    "PlanEntry",
    "Wanted",
    "add_note",
    "appoint",
    "conclude",
    "draft_plan",
    "draw_plan",
    "drop_plan",
    "follow_customs",
    "freeze",
    "invite",
    "open_order",
    "save_inspector",
    "sign",
]
