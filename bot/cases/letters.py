"""The letter with which a case goes to another office."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple

from bot.cases.working import working
from bot.conversation.case_letters import CaseLetter, LetterWords
from bot.conversation.case_work import CaseEntry, EntryKind
from bot.conversation.cases import NAMES_AGENCY
from bot.conversation.clock import Clock
from bot.conversation.deadlines import day_of
from bot.conversation.errors import Conflict
from bot.conversation.messages import id_under
from bot.conversation.repositories import UnitsOfWork
from bot.conversation.staff import Staff


async def write_letter(
    case_id: str, words: LetterWords, staff: Staff, units: UnitsOfWork, clock: Clock, key: str = ""
) -> CaseEntry:
    """Keep a letter in the history, from which it is printed; it carries the number of the case.

    The same letter sent again under the same `key` is kept once: who saw no answer tries again.
    Raises InvalidData (see `LetterWords.check`), Conflict if the case went to no other office, and NotFound.
    """
    words.check()
    entry_id = id_under(key, case_id, staff.id, EntryKind.LETTER, repr(astuple(words)))
    async with working(case_id, staff, units, clock) as work:
        history = await work.uow.case_entries.of(case_id)
        kept = next((entry for entry in history if entry.id == entry_id), None)
        if kept is not None:
            return kept
        step = letter_step(history)
        if step is None or step.after is None or step.agency is None:
            raise Conflict("the case went to no other office")
        before = sum(entry.kind is EntryKind.LETTER for entry in history)
        number = f"{work.case.number}-{before + 1}" if before else work.case.number
        letter = CaseLetter(number, day_of(work.now), step.after, step.agency, words)
        about = {"agency": step.agency, "day": letter.day, "letter": letter}
        return await work.write(EntryKind.LETTER, "letter", entry_id, **about)


def letter_step(history: Iterable[CaseEntry]) -> CaseEntry | None:
    """The last step to another office, with which a letter may go."""
    steps = [entry for entry in history if entry.kind is EntryKind.STEP and entry.after in NAMES_AGENCY]
    return steps[-1] if steps else None
