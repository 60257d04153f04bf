"""What every process tells of itself: alive, ready, and its figures."""

from bot.status.app import Check as Check
from bot.status.app import metrics_route as metrics_route
from bot.status.app import status_routes as status_routes
