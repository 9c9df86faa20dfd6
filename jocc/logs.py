"""What must never reach a log line."""

import logging
import re
from typing import Any

_SECRET = re.compile(
    r"(jocc_[a-z]{2}_)[A-Za-z0-9_-]{8,}"  # tokens
    r"|(/deliveries/in/)[^/\s\"']+"  # the secret paths of cameras
    r"|(\b(?:postgres(?:ql)?|rediss?)://[^:@/\s]*:)[^@\s]+(?=@)"  # passwords in addresses of servers
    r"|((?:Authorization|Cookie)[\"']?\s*[:=]\s*[\"']?(?:Basic |Token |Bearer )?)[^\s\"',}]+"
    r"|((?:__Host-)?(?:jocc_session|csrftoken)=)[A-Za-z0-9]+"
    r"|((?:password|passwd|secret_key|csrfmiddlewaretoken)[\"']?\s*[:=]\s*[\"']?)[^\s\"',}&]+",
    re.IGNORECASE,
)


def redact(text: str) -> str:
    """The text without what nobody may read in a log."""
    return _SECRET.sub(lambda m: next(filter(None, m.groups())) + "[redacted]", text)


def redact_line(_logger: Any, _name: str, line: str) -> str:
    """The last step of every log line: tracebacks and structured values are text by now."""
    return redact(line)


class RedactSecrets(logging.Filter):
    """Blanks tokens and the secret paths of cameras in every message."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the message in place; never drops a record."""
        message = record.getMessage()
        redacted = redact(message)
        if redacted != message:
            record.msg, record.args = redacted, ()
        return True
