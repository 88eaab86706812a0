"""Lines are JSON with service and correlation id, and hold no content of what failed."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from chassis import log
from chassis.errors import InvalidError


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    root = logging.getLogger()
    before = (list(root.handlers), root.level, structlog.get_config())
    yield
    root.handlers, root.level = before[0], before[1]
    structlog.configure(**before[2])
    structlog.contextvars.clear_contextvars()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_says_service_and_journey(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("probe", "INFO", json=True)
    with log.bound(correlation_id="c-1"):
        assert log.correlation_id() == "c-1"
        structlog.get_logger("probe.handlers").info("document-registered", number=7)
        logging.getLogger("foreign").warning("slow %s", "query")
    assert log.correlation_id() == ""
    structlog.get_logger("probe.handlers").debug("too-quiet")
    ours, foreign = lines(capsys)
    assert ours | {"timestamp": ""} == {
        "event": "document-registered", "number": 7, "service": "probe", "correlation_id": "c-1",
        "level": "info", "logger": "probe.handlers", "timestamp": "",
    }  # fmt: skip
    assert (foreign["event"], foreign["correlation_id"], foreign["service"]) == ("slow query", "c-1", "probe")


def fail(content: str) -> None:
    raise InvalidError("title-too-long", params={"title": content})


@pytest.mark.parametrize("name", ["probe.handlers", "foreign"])
def test_exceptions_are_told_without_what_they_say(capsys: pytest.CaptureFixture[str], name: str) -> None:
    log.configure("probe", json=True)
    logger = structlog.get_logger(name) if name != "foreign" else logging.getLogger(name)
    try:
        fail("비밀 제목")
    except InvalidError:
        logger.exception("call-broke")
    [line] = lines(capsys)
    assert (line["error"], line["error_code"]) == ("InvalidError", "title-too-long")
    assert str(line["error_places"][-1]).endswith(" fail")  # type: ignore[index]
    assert "비밀" not in json.dumps(line, ensure_ascii=False)


def test_a_console_is_readable(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("probe", json=False)
    structlog.get_logger("probe").info("started")
    assert "started" in capsys.readouterr().err


def test_exc_info_may_be_an_exception_or_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("probe", json=True)
    structlog.get_logger("probe").error("broke", exc_info=KeyError("비밀"))
    structlog.get_logger("probe").error("broke", exc_info=False)
    logging.getLogger("foreign").error("broke", exc_info=(None, None, None))
    first, second, third = lines(capsys)
    assert first["error"] == "KeyError"
    assert "error" not in second | third
