"""Counts that come by themselves: server-sent events for an open page, told only when a number has changed."""

import asyncio
import json
from collections.abc import AsyncIterator

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from gateway.clients import SignInNeededError
from gateway.counts import box_counts
from gateway.page import Official, Page

router = APIRouter()
# A page that stays open for longer opens the stream anew; so do those that a restart has cut off.
LONGEST = 600.0
# Between two signs of life, so that proxies keep the line open.
_SIGN_SECONDS = 20.0


@router.get("/live")
async def live(page: Official) -> StreamingResponse:
    """One event ``counts`` at once and after every change."""
    return StreamingResponse(
        _events(page, page.site.settings.live_seconds),
        media_type="text/event-stream",
        headers={"X-Accel-Buffering": "no", "Cache-Control": "no-store"},
    )


async def _events(page: Page, pause: float) -> AsyncIterator[str]:
    loop = asyncio.get_running_loop()
    until, told, said = loop.time() + LONGEST, "", 0.0
    yield "retry: 3000\n\n"
    while loop.time() < until and not await page.request.is_disconnected():
        try:
            counts = {box.name: box.count for box in await box_counts(page)}
        except SignInNeededError:
            yield "event: ended\ndata: {}\n\n"
            return
        now = json.dumps(counts)
        if now != told:
            told, said = now, loop.time()
            yield f"event: counts\ndata: {now}\n\n"
        elif loop.time() - said > _SIGN_SECONDS:
            said = loop.time()
            yield ": still here\n\n"
        await asyncio.sleep(pause)
