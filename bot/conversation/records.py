"""Everything that is stored of one person, in words that she can read."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RecordPart:
    """One kind of what is stored, line by line."""

    title: str
    lines: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Record:
    """What is stored of her."""

    parts: tuple[RecordPart, ...]

    @property
    def text(self) -> str:
        """The whole as plain text."""
        return "\n\n".join("\n".join([part.title, *part.lines]) for part in self.parts) + "\n"
