"""What the platform refuses.

SimulatorError
├── ApiError      an API call is answered with an errcode
├── BadReply      what the gateway answered to a push cannot be shown
├── BadScript     a script cannot be played
├── CryptoError   something encrypted or signed is not as it should be
└── NotFollowing  a person who does not follow the account cannot write to it
"""

import secrets


class SimulatorError(Exception):
    """Whatever the platform refuses."""


class BadReply(SimulatorError):
    """The answer to a push is not one that WeChat would show."""


class BadScript(SimulatorError):
    """A script names what is not there, or is not as it should be."""


class CryptoError(SimulatorError):
    """A signature, a ciphertext or its owner is wrong."""


class NotFollowing(SimulatorError):
    """The person does not follow the account."""


class ApiError(SimulatorError):
    """An API call is refused with an errcode of the global return codes; `errmsg` where the words carry a fact."""

    def __init__(self, errcode: int, errmsg: str | None = None) -> None:
        self.errcode = errcode
        self.errmsg = errmsg or _ERRMSG.get(errcode, "error")
        super().__init__(f"{errcode} {self.errmsg}")

    def as_json(self) -> dict[str, object]:
        """As the platform answers it, with a request id in the words."""
        rid = "-".join(secrets.token_hex(4) for _ in range(3))
        return {"errcode": self.errcode, "errmsg": f"{self.errmsg} rid: {rid}"}


_ERRMSG = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40004: "invalid media type",
    40005: "invalid file type",
    40007: "invalid media_id",
    40008: "invalid message type",
    40009: "invalid image size",
    40010: "invalid voice size",
    40011: "invalid video size",
    40012: "invalid thumb size",
    40013: "invalid appid",
    40014: "invalid access_token",
    40016: "invalid button size",
    40017: "invalid button type",
    40018: "invalid button name size",
    40019: "invalid button key size",
    40020: "invalid button url size",
    40023: "invalid sub button size",
    40025: "invalid sub button name size",
    40033: "invalid charset",
    40035: "invalid parameter",
    40036: "invalid template_id size",
    40037: "invalid template_id",
    40052: "invalid action name",
    40053: "invalid action info",
    40125: "invalid appsecret",
    40164: "invalid ip, not in whitelist",
    40200: "invalid account type",
    40202: "invalid action",
    40203: "invalid check_operator",
    40243: "AppSecret is frozen",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    41005: "media data missing",
    42001: "access_token expired",
    43002: "require POST method",
    43004: "require subscribe",
    43019: "the user is in the account's blacklist",
    43101: "user refuse to accept the msg",
    44003: "empty news data",
    44004: "empty content",
    45002: "content size out of limit",
    45007: "playtime out of limit",
    45008: "article size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit, must slower, retry next minute",
    45015: "response out of time limit or subscription is canceled",
    45029: "qrcode count out of limit",
    45047: "out of response count limit",
    45072: "invalid typing command",
    45080: "no interaction with the user in the last 30 seconds",
    45081: "already typing",
    46003: "menu no exist",
    47001: "data format error",
    48001: "api unauthorized",
    48002: "user block receive message",
    48004: "api forbidden for irregularities",
    48006: "forbid to clear quota because of reaching the limit",
    50002: "user limited",
    50004: "token api is forbidden for this account",
    50005: "user does not follow the account",
    50007: "account is frozen",
    61004: "access clientip is not registered",
    70000: "refused for the protection of minors",
    87014: "risky content",
    89503: "this ip must be confirmed by the administrator",
}
