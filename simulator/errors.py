"""What the platform refuses.

SimulatorError
├── ApiError      an API call is answered with an errcode
├── BadReply      what the gateway answered to a push cannot be shown
├── CryptoError   something encrypted or signed is not as it should be
└── NotFollowing  a person who does not follow the account cannot write to it
"""


class SimulatorError(Exception):
    """Whatever the platform refuses."""


class BadReply(SimulatorError):
    """The answer to a push is not one that WeChat would show."""


class CryptoError(SimulatorError):
    """A signature, a ciphertext or its owner is wrong."""


class NotFollowing(SimulatorError):
    """The person does not follow the account."""


class ApiError(SimulatorError):
    """An API call is refused with an errcode of the global return codes."""

    def __init__(self, errcode: int) -> None:
        self.errcode = errcode
        super().__init__(f"{errcode} {self.errmsg}")

    @property
    def errmsg(self) -> str:
        """The platform's words for the code, without the request id."""
        return _ERRMSG.get(self.errcode, "error")


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
    40016: "invalid button size",
    40017: "invalid button type",
    40018: "invalid button name size",
    40019: "invalid button key size",
    40020: "invalid button url size",
    40023: "invalid sub button size",
    40025: "invalid sub button name size",
    40033: "invalid charset",
    40035: "invalid parameter",
    40125: "invalid appsecret",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    41005: "media data missing",
    42001: "access_token expired",
    43002: "require POST method",
    43004: "require subscribe",
    44003: "empty news data",
    44004: "empty content",
    45002: "content size out of limit",
    45008: "article size out of limit",
    45015: "response out of time limit or subscription is canceled",
    45047: "out of response count limit",
    45072: "invalid typing command",
    45080: "no interaction with the user in the last 30 seconds",
    45081: "already typing",
    46003: "menu no exist",
    47001: "data format error",
    48001: "api unauthorized",
}
