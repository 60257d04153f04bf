"""Use cases of the handoff: ask for a person, claim, release, transfer, resolve, and keep the queue whole."""

from bot.handoff.call_backs import ask_call_back as ask_call_back
from bot.handoff.call_backs import note_call as note_call
from bot.handoff.call_backs import reveal_number as reveal_number
from bot.handoff.call_backs import withdraw_call_back as withdraw_call_back
from bot.handoff.lost import LostPorts as LostPorts
from bot.handoff.lost import give_back as give_back
from bot.handoff.moves import claim as claim
from bot.handoff.moves import claim_next as claim_next
from bot.handoff.moves import close as close
from bot.handoff.moves import release as release
from bot.handoff.passing import Target as Target
from bot.handoff.passing import assign as assign
from bot.handoff.passing import step_in as step_in
from bot.handoff.passing import transfer as transfer
from bot.handoff.request import announce as announce
from bot.handoff.request import request as request
from bot.handoff.roster import Attendance as Attendance
from bot.handoff.roster import attendance as attendance
from bot.handoff.roster import on_call as on_call
from bot.handoff.roster import supervisors as supervisors
from bot.handoff.steps import HandoffPorts as HandoffPorts
from bot.handoff.steps import check_owner as check_owner
from bot.handoff.steps import seen_by as seen_by
from bot.handoff.sweep import sweep as sweep
from bot.handoff.watch import WatchPorts as WatchPorts
from bot.handoff.watch import watch as watch
