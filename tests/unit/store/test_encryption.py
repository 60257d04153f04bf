"""Sealing what is stored, and naming a person without her OpenID."""

from __future__ import annotations

import re

import pytest
from cryptography.fernet import Fernet

from bot.conversation.errors import InvalidData
from bot.store.encryption import FernetSealer

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


def test_what_is_sealed_opens_again_and_shows_nothing() -> None:
    sealer = FernetSealer([NEW], "index")
    sealed = sealer.seal("他打我".encode())
    assert sealer.open(sealed).decode() == "他打我"
    assert "他打我".encode() not in sealed
    assert sealer.seal(b"") != sealer.seal(b""), "equal values are not seen to be equal"


def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    sealed_before = FernetSealer([OLD], "index").seal(b"words")
    rotated = FernetSealer([NEW, OLD], "index")
    assert rotated.open(sealed_before) == b"words"
    assert FernetSealer([NEW], "index").open(rotated.seal(b"words")) == b"words"


def test_without_its_key_nothing_opens() -> None:
    sealed = FernetSealer([OLD], "index").seal(b"words")
    for wrong in (sealed, sealed[:-1], b"", b"words"):
        with pytest.raises(InvalidData):
            FernetSealer([NEW], "index").open(wrong)


def test_a_sealed_value_cannot_be_changed() -> None:
    sealer = FernetSealer([NEW], "index")
    sealed = bytearray(sealer.seal(b"words"))
    sealed[20] ^= 1
    with pytest.raises(InvalidData):
        sealer.open(bytes(sealed))


@pytest.mark.parametrize(("keys", "secret"), [([], "index"), (["short"], "index"), (["密钥"], "index"), ([NEW], "")])
def test_malformed_keys_are_refused_unquoted(keys: list[str], secret: str) -> None:
    with pytest.raises(InvalidData) as refused:
        FernetSealer(keys, secret)
    assert "short" not in str(refused.value)


@pytest.mark.wechat("8.17")
def test_a_mailbox_names_one_person_on_one_account() -> None:
    sealer = FernetSealer([NEW], "index")
    mailbox = sealer.mailbox("hunan", "o-openid")
    assert re.fullmatch(r"[0-9a-f]{32}", mailbox)
    assert sealer.mailbox("hunan", "o-openid") == mailbox
    others = {
        sealer.mailbox("hunan", "o-other"),
        sealer.mailbox("hunano", "-openid"),
        sealer.mailbox("", "hunano-openid"),
    }
    assert len(others | {mailbox}) == 4


def test_a_mailbox_depends_on_the_index_secret_alone() -> None:
    mailbox = FernetSealer([OLD], "index").mailbox("hunan", "o-openid")
    assert FernetSealer([NEW, OLD], "index").mailbox("hunan", "o-openid") == mailbox
    assert FernetSealer([OLD], "another").mailbox("hunan", "o-openid") != mailbox


def test_the_mailbox_of_a_known_person_never_changes() -> None:
    """A change of the digest would make everybody a stranger: this value may not be edited."""
    assert FernetSealer([NEW], "index").mailbox("hunan", "o-openid") == "814a733426cb58332ce9578825b292aa"


def test_keys_are_in_no_repr() -> None:
    assert NEW not in repr(FernetSealer([NEW], "index")) + repr(vars(FernetSealer([NEW], "index")))


def test_a_tag_depends_on_the_secret_and_on_every_byte_and_not_on_the_keys() -> None:
    tag = FernetSealer([OLD], "index").tag(b"words")
    assert re.fullmatch("[0-9a-f]{64}", tag)
    assert FernetSealer([NEW], "index").tag(b"words") == tag
    assert len({tag, FernetSealer([OLD], "other").tag(b"words"), FernetSealer([OLD], "index").tag(b"word")}) == 3
