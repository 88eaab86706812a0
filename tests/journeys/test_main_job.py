"""The main job and the budget batch, from file to file, exactly as `make demo` plays them."""

import io
from contextlib import redirect_stdout

from tools.demo.story import Story
from tools.demo.timeline import Timeline
from tools.suite import Suite


async def test_the_demo_misses_nothing(suite: Suite) -> None:
    timeline, told = Timeline(), io.StringIO()
    with redirect_stdout(told):
        await Story(suite, suite.folder / "delivered", timeline).run()
    assert timeline.missing == [], told.getvalue()
    assert "ACCEPTED" in told.getvalue()
