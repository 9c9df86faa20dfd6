"""What must never reach a log line."""

import logging
import re

_SECRET = re.compile(r"(jocc_[a-z]{2}_)[A-Za-z0-9_-]{8,}|(/deliveries/in/)[^/\s\"']+")


class RedactSecrets(logging.Filter):
    """Blanks tokens and the secret paths of cameras in every message."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the message in place; never drops a record."""
        message = record.getMessage()
        redacted = _SECRET.sub(lambda m: (m.group(1) or m.group(2)) + "[redacted]", message)
        if redacted != message:
            record.msg, record.args = redacted, ()
        return True
