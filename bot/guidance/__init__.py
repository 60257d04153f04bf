"""Use cases of guided help: keep her answers, give and open one-time links."""

from bot.guidance.answers import confirm_payments as confirm_payments
from bot.guidance.answers import keep as keep
from bot.guidance.answers import newest as newest
from bot.guidance.links import GuidancePorts as GuidancePorts
from bot.guidance.links import Opened as Opened
from bot.guidance.links import Ticket as Ticket
from bot.guidance.links import give as give
from bot.guidance.links import open_link as open_link
from bot.guidance.links import visit as visit
