"""Logging that cannot carry a person's words: the libraries' records are cut to their fixed part.

Bolt and the SDK write message bodies at DEBUG, and one of bolt's warnings writes a whole request
(`A global middleware ... skipped calling next()`). Their sentences put what varies after the first
colon or bracket, so that is where we cut; DEBUG is refused altogether.
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Mapping

UNSAFE_SETTING = "MILDBOT_UNSAFE_DEBUG"
_QUIETEST = {"sqlalchemy": logging.WARNING, "alembic": logging.WARNING}  #: INFO is every statement
LIBRARIES = ("slack_bolt", "slack_sdk", "mildbot.slack_sdk", "werkzeug", *_QUIETEST)
#: bolt finds the token in the environment too, and warns at every start that it is "unused"
_POINTLESS = "As you gave `client` as well"
_VARIABLE_PART = re.compile(r"\s*[(:{\[].*", re.DOTALL)


class FixedPartOnly(logging.Filter):
    """Lets through what a library says, without what it says it about."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not record.name.startswith(LIBRARIES) and record.name != OUR_APP:
            return True
        if record.levelno < logging.INFO or str(record.msg).startswith(_POINTLESS):
            return False
        record.msg = _VARIABLE_PART.sub("", record.getMessage())
        record.args = ()
        if record.exc_info:
            record.msg = f"{record.msg} [{where(record.exc_info[1])}]"
            record.exc_info = record.exc_text = None
        return True


OUR_APP = "mildbot"  #: bolt names loggers of listeners after the app


def library_logger(environment: Mapping[str, str]) -> logging.Logger:
    """The logger that bolt and the SDK are given; they copy its level and filter."""
    logger = logging.getLogger("mildbot.slack_sdk")
    if is_unsafe(environment):
        logger.setLevel(logging.DEBUG)
        return logger
    logger.setLevel(logging.INFO)
    _filter(logger)
    return logger


def guard(environment: Mapping[str, str]) -> None:
    """Put the filter on every logger that the libraries have made so far.

    A filter on a parent does not see what its children log, so each gets its own.
    """
    if is_unsafe(environment):
        return
    for name in LIBRARIES:
        logging.getLogger(name).setLevel(_QUIETEST.get(name, logging.INFO))
    for name in list(logging.root.manager.loggerDict):
        if name.startswith(LIBRARIES):
            _filter(logging.getLogger(name))


def start(environment: Mapping[str, str]) -> None:
    """Log to stderr, for a process of our own."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    if not is_unsafe(environment):
        handler.addFilter(FixedPartOnly())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    guard(environment)


def is_unsafe(environment: Mapping[str, str]) -> bool:
    """Whether the operator asked for bodies in the log, in so many words."""
    return environment.get(UNSAFE_SETTING, "") == "1"


def where(error: BaseException | None) -> str:
    """Kind and place of an error. Its message may quote what a person wrote, so it stays out."""
    if error is None:
        return "unknown error"
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(
        f"{'/'.join(f.filename.split('/')[-2:])}:{f.lineno}" for f in reversed(frames[-4:])
    )
    return f"{type(error).__name__} at {places}" if places else type(error).__name__


def _filter(logger: logging.Logger) -> None:
    if not any(isinstance(f, FixedPartOnly) for f in logger.filters):
        logger.addFilter(FixedPartOnly())
