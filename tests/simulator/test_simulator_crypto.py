"""The platform's published vectors: set A (2024 page) and set C (2014 sample)."""

import json

import pytest

from simulator.crypto import Envelope, sign
from simulator.errors import CryptoError

A = Envelope("A" * 43, "wxba5fad812f8e6fb9")
C = Envelope("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "wx2c2769f8efd9abc2")

A_PUSH = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv"
    "6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNq"
    "J4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
)
A_REPLY = "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="
C_PUSH = (
    "hyzAe4OzmOMbd6TvGdIOO6uBmdJoD0Fk53REIHvxYtJlE2B655HuD0m8KUePWB3+LrPXo87wzQ1QLvbeUgmBM4x6F8PGHQHFVAFmOD2L"
    "dJF9FrXpbUAh0B5GIItb52sn896wVsMSHGuPE328HnRGBcrS7C41IzDWyWNlZkyyXwon8T332jisa+h6tEDYsVticbSnyU8dKOIbgU6u"
    "x5VTjg3yt+WGzjlpKn6NPhRjpA912xMezR4kw6KWwMrCVKSVCZciVGCgavjIQ6X8tCOp3yZbGpy0VxpAe+77TszTfRd5RJSVO/HTnifJ"
    "pXgCSUdUue1v6h0EIBYYI1BD1DlD+C0CR8e6OewpusjZ4uBl9FyJvnhvQl+q5rv1ixrcpCumEPo5MJSgM9ehVsNPfUM669WuMyVWQLCz"
    "pu9GhglF2PE="
)


@pytest.mark.wechat("1.s2")
@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("AAAAA", "1714036504", "1514711492"), "f464b24fc39322e44b38aa78f5edd27bd1441696"),
        (("AAAAA", "1714037059", "486452656"), "899cf89e464efb63f54ddac96b0a0a235f53aa78"),
        (("AAAAA", "1714112445", "415670741"), "6c5c811b55cc85e0e1b54100749188c20beb3f5d"),
        (("AAAAA", "1714112445", "415670741", A_PUSH), "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3"),
        (("AAAAA", "1713424427", "415670741", A_REPLY), "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1"),
        (("spamtest", "1409735669", "1320562132", C_PUSH), "5d197aaffba7e9b25a30732f161a50dee96bd5fa"),
    ],
)
def test_signatures_are_the_published_ones(parts: tuple[str, ...], expected: str) -> None:
    assert sign(*parts) == expected


@pytest.mark.wechat("1.s4")
def test_set_a_push_is_opened() -> None:
    opened = json.loads(A.decrypt(A_PUSH))
    assert opened["Event"] == "debug_demo"
    assert opened["debug_str"] == "hello world"


@pytest.mark.wechat("1.s4")
def test_set_a_reply_is_made_byte_for_byte() -> None:
    assert A.encrypt(b'{"demo_resp":"good luck"}', b"707722b803182950") == A_REPLY


@pytest.mark.wechat("1.s4")
def test_set_c_push_is_opened() -> None:
    opened = C.decrypt(C_PUSH).decode()
    assert "<![CDATA[abcdteT]]>" in opened
    assert "<MsgId>6054768590064713728</MsgId>" in opened


@pytest.mark.wechat("1.s4")
@pytest.mark.parametrize("length", [0, 1, 11, 12, 13, 31, 32, 4096])
def test_any_length_comes_back(length: int) -> None:
    message = b"x" * length
    assert C.decrypt(C.encrypt(message)) == message


@pytest.mark.wechat("1.s4")
def test_padding_is_never_empty_and_reaches_32() -> None:
    # 16 random + 4 length + 18 AppID = 38: with 26 bytes the plain text is whole, and a whole block is added.
    assert len(C.encrypt(b"x" * 26)) == len(C.encrypt(b"x" * 57))


@pytest.mark.wechat("1.s6")
@pytest.mark.parametrize("damaged", ["", "AAAA", "not base64!", A_PUSH[:-4], A_PUSH, C_PUSH[:-8] + "AAAAAAA="])
def test_what_is_damaged_or_of_another_account_is_refused(damaged: str) -> None:
    with pytest.raises(CryptoError):
        C.decrypt(damaged)
