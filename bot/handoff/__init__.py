"""Use cases of the handoff: ask for a person, claim, release, transfer, resolve, and keep the queue whole."""

from bot.handoff.moves import HandoffPorts as HandoffPorts
from bot.handoff.moves import check_owner as check_owner
from bot.handoff.moves import claim as claim
from bot.handoff.moves import claim_next as claim_next
from bot.handoff.moves import close as close
from bot.handoff.moves import release as release
from bot.handoff.moves import seen_by as seen_by
from bot.handoff.moves import transfer as transfer
from bot.handoff.request import announce as announce
from bot.handoff.request import request as request
from bot.handoff.sweep import sweep as sweep
