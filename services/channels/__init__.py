"""The ways out of the product: mail, robots of WeCom, DingTalk and Feishu, webhooks."""

from services.channels.opening import opened
from services.channels.routing import TeamRoutes, contact_routes, routes, team_routes

__all__ = ["TeamRoutes", "contact_routes", "opened", "routes", "team_routes"]
