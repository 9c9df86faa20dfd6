"""No secret reaches a log line, by whatever way it gets into one: the message, its values, a traceback."""

import io
import logging
import logging.config

import pytest
import structlog
from django.conf import settings

SECRETS = {
    "a device's token": ("posted with jocc_dv_abcdefghijklmnop1234", "abcdefghijklmnop1234"),
    "a camera's path": ("GET /api/v1/deliveries/in/tUrNtAbLe-77/", "tUrNtAbLe-77"),
    "a header": ("headers {'Authorization': 'Token abcdefgh99'}", "abcdefgh99"),
    "basic": ("Authorization: Basic dXNlcjpwYXNz", "dXNlcjpwYXNz"),
    "a cookie": ("Cookie: jocc_session=k3yk3yk3y; csrftoken=t0kent0ken", "k3yk3yk3y"),
    "a cookie alone": ("set __Host-jocc_session=k3yk3yk3y", "k3yk3yk3y"),
    "a database's password": ("postgres://jocc_web:pa55w0rd@db/jocc refused", "pa55w0rd"),
    "a broker's password": ("redis://:pa55w0rd@redis:6379/0", "pa55w0rd"),
    "a form": ("login=paf.officer&password=pa55w0rd&x=1", "pa55w0rd"),
    "a setting": ("SECRET_KEY = 'k3yk3yk3y'", "k3yk3yk3y"),
}


@pytest.fixture(params=["json", "console"])
def log(request):
    """A logger with the centre's own handler, and what it wrote."""
    config = settings.LOGGING
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    formatter = dict(config["formatters"]["structured"])
    processors = list(formatter["processors"])
    if request.param == "json":
        at = next(n for n, p in enumerate(processors) if isinstance(p, structlog.dev.ConsoleRenderer))
        processors[at] = structlog.processors.JSONRenderer()
    made = formatter.pop("()")
    handler.setFormatter(made(foreign_pre_chain=formatter["foreign_pre_chain"], processors=processors))
    logger = logging.getLogger(f"test.redaction.{request.param}")
    logger.propagate, logger.handlers = False, [handler]
    return logger, stream


@pytest.mark.parametrize("what", SECRETS)
def test_a_secret_is_blanked_in_messages_values_and_tracebacks(log, what):
    logger, stream = log
    text, secret = SECRETS[what]
    logger.warning(text)
    logger.warning("said %s", text)
    try:
        raise ValueError(text)
    except ValueError:
        logger.exception("failed")
    written = stream.getvalue()
    assert written.count("[redacted]") >= 3
    assert secret not in written


def test_ordinary_words_stay_readable(log):
    logger, stream = log
    logger.warning("delivery 12 of L1-ANPR-F took 14 ms at /api/v1/deliveries/")
    assert "delivery 12 of L1-ANPR-F took 14 ms at /api/v1/deliveries/" in stream.getvalue()
