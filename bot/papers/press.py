"""Prints a filled Word file as PDF, set in the typeface of one folder whatever its styles name."""

from __future__ import annotations

import atexit
import io
import os
import shutil
import tempfile
import zipfile
from functools import cache, cached_property
from pathlib import Path

import dxpdf
from fontTools.ttLib import TTFont

from bot.conversation.errors import InvalidData, NotFound

GETA = "〓"
"""Chinese typesetters' mark for a character that the typeface lacks."""
_BULLET = "•"
_PRIVATE_USE = range(0xE000, 0xF900)

_FONTCONFIG = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>{home}</dir>
  <cachedir>{home}</cachedir>
  <match target="pattern"><edit name="family" mode="append_last"><string>{family}</string></edit></match>
</fontconfig>
"""


class Press:
    """A folder with the faces of one family (`make install` brings them)."""

    def __init__(self, folder: Path) -> None:
        """Raises NotFound where the folder has no typeface.

        The engine asks fontconfig, which hears of a folder by its variable only; nothing else in the house asks it.
        """
        self._faces = sorted(folder.absolute().glob("*.ttf"))
        if not self._faces:
            raise NotFound(f"no typeface in {folder}: run `make install`")
        os.environ["FONTCONFIG_FILE"] = _settings_for(*self._faces)

    def pdf(self, docx: bytes) -> bytes:
        """The file as PDF, with the glyphs that it needs; raises InvalidData for what is no Word file."""
        try:
            return bytes(dxpdf.convert(self._fit(docx)))
        except (RuntimeError, ValueError, zipfile.BadZipFile, UnicodeDecodeError) as error:
            raise InvalidData(f"no PDF of this Word file: {type(error).__name__}") from error

    def _fit(self, docx: bytes) -> bytes:
        """The same file, where no letter stands that the faces cannot show: no box is ever printed."""
        fitted = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(docx)) as old, zipfile.ZipFile(fitted, "w") as new:
            for name in old.namelist():
                part = old.read(name)
                if name.startswith("word/") and name.endswith(".xml"):
                    part = self._shown(part.decode("utf-8")).encode("utf-8")
                new.writestr(name, part)
        return fitted.getvalue()

    def _shown(self, xml: str) -> str:
        lacking = {ord(one) for one in set(xml)} - self._covered
        return xml.translate({one: _BULLET if one in _PRIVATE_USE else GETA for one in lacking})

    @cached_property
    def _covered(self) -> frozenset[int]:
        with TTFont(self._faces[0], lazy=True) as face:
            return frozenset(face.getBestCmap()) | {ord(one) for one in "\t\n\r"}


@cache
def _settings_for(*faces: Path) -> str:
    """The path of settings by which fontconfig knows these faces alone, and gives them for every name.

    They lie in a folder of their own until the process ends: fontconfig writes a file into each folder that it reads.
    """
    home = Path(tempfile.mkdtemp(prefix="typeface-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    for face in faces:
        (home / face.name).symlink_to(face)
    with TTFont(faces[0], lazy=True) as first:
        family = first["name"].getBestFamilyName()
    settings = home / "fonts.conf"
    settings.write_text(_FONTCONFIG.format(home=home, family=family), encoding="utf-8")
    return str(settings)
