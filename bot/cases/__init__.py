"""Use cases of the office's file: opened with a handoff or a referral, moved along the workflow, worked on."""

from bot.cases.checks import check as check
from bot.cases.files import advance as advance
from bot.cases.files import refer as refer
from bot.cases.files import register as register
from bot.cases.handlers import name_handler as name_handler
from bot.cases.handlers import takers as takers
from bot.cases.letters import letter_step as letter_step
from bot.cases.letters import write_letter as write_letter
from bot.cases.moving import move_along as move_along
from bot.cases.reminders import SOON_WORKDAYS as SOON_WORKDAYS
from bot.cases.reminders import remind as remind
from bot.cases.sharing import note_share as note_share
from bot.cases.work import assess as assess
from bot.cases.work import extend as extend
from bot.cases.work import lift_report as lift_report
from bot.cases.work import need_report as need_report
from bot.cases.work import note as note
from bot.cases.work import note_request as note_request
from bot.cases.work import plan_visit as plan_visit
from bot.cases.work import report as report
from bot.cases.work import settle_visit as settle_visit
from bot.cases.workdays import is_workday as is_workday
