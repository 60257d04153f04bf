"""A zip as WeChat and Alipay send it, usually with a password: the one bill in it, read in memory."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import PurePosixPath

import pyzipper

from bot.conversation.errors import InvalidData

MAX_UNPACKED = 200 * 1024 * 1024
MAX_MEMBERS = 2_000
BILLS = {".csv", ".txt", ".xlsx", ".xls"}

BROKEN = "压缩包坏了，或没有传完整。请从邮件里重新下载，再传一次。"
TOO_BIG = "压缩包解开以后太大，不像是账单。请传微信、支付宝或银行发来的原文件。"
NEEDS_PASSWORD = (
    "这个压缩包有密码，请填上解压密码再传。微信的密码在“微信支付”发来的消息里，"
    "支付宝的在“服务消息”里，银行的一般在短信里。"
)
WRONG_PASSWORD = "解压密码不对。密码一般是6位数字，每次申请账单都会换一个新的，请对照这一次的消息再填。"
NO_BILL = "压缩包里没有账单表格（CSV或Excel文件）。请传微信、支付宝或银行发来的原文件。"
ONLY_PDF = "压缩包里是PDF，读不出每一笔钱。请重新申请账单，用途选“用于个人对账”，会得到表格文件。"
SEVERAL = "压缩包里有好几份账单。请先解开，一份一份地传。"
FOREIGN = "这个压缩包的格式打不开。请传邮件里原来的压缩包，不要自己重新压缩。"


def members(data: bytes) -> set[str]:
    """The names in a zip, which must not promise more than it may unpack to; raises InvalidData."""
    try:
        with pyzipper.AESZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
    except (pyzipper.BadZipFile, OSError, ValueError, NotImplementedError, struct.error) as error:
        raise InvalidData(BROKEN) from error
    if len(infos) > MAX_MEMBERS or sum(info.file_size for info in infos) > MAX_UNPACKED:
        raise InvalidData(TOO_BIG)
    return {info.filename for info in infos}


def refuse_doctype(data: bytes) -> None:
    """Raises InvalidData if a part of an Office file declares a document type, where entities that explode hide.

    No honest one does: the Open Packaging Conventions (ECMA-376 part 2) forbid it.
    """
    with pyzipper.AESZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            part = archive.read(info).replace(b"\0", b"")  # so that UTF-16 hides nothing
            if b"<!DOCTYPE" in part:
                raise InvalidData(BROKEN)


def unlock(data: bytes, password: str | None) -> tuple[str, bytes]:
    """The name and the bytes of the one bill in a zip (ZipCrypto, AES or open); raises InvalidData.

    Nothing is written to disk and the name is no path, so that a name like ../../x does no harm.
    """
    name = _bill_of(members(data))
    try:
        with pyzipper.AESZipFile(io.BytesIO(data)) as archive:
            info = archive.getinfo(name)
            locked = bool(info.flag_bits & 1)
            if locked and not password:
                raise InvalidData(NEEDS_PASSWORD)
            with archive.open(info, pwd=(password or "").strip().encode() if locked else None) as member:
                unpacked = member.read(MAX_UNPACKED + 1)
    except (RuntimeError, zlib.error, pyzipper.BadZipFile, IndexError, struct.error) as error:
        # A wrong ZipCrypto password passes the first check once in 256 times, and then damages what it reads.
        raise InvalidData(WRONG_PASSWORD if password and locked else BROKEN) from error
    except (NotImplementedError, OSError, EOFError, ValueError, KeyError) as error:
        raise InvalidData(FOREIGN) from error
    if len(unpacked) > MAX_UNPACKED:
        raise InvalidData(TOO_BIG)
    return PurePosixPath(name).name, unpacked


def _bill_of(names: set[str]) -> str:
    paths = [PurePosixPath(name) for name in names if not name.endswith("/")]
    suffixes = {path: path.suffix.lower() for path in paths if "__MACOSX" not in path.parts}
    bills = [path for path, suffix in suffixes.items() if suffix in BILLS and not path.name.startswith(".")]
    if len(bills) > 1:
        raise InvalidData(SEVERAL)
    if not bills:
        raise InvalidData(ONLY_PDF if ".pdf" in suffixes.values() else NO_BILL)
    return next(name for name in names if PurePosixPath(name) == bills[0])
