"""How Rasa calls the action server: with the shared secret, a short wait, and no more of the talk than is needed."""

from __future__ import annotations

from typing import Any

import aiohttp
from rasa.utils.endpoints import EndpointConfig

from bot.errors import ActionsSilent

WAIT_SECONDS = 8.0


class ActionsEndpoint(EndpointConfig):  # type: ignore[misc]  # Rasa publishes no types
    """The action server's ``/webhook``."""

    def __init__(self, actions_url: str, secret: bytes) -> None:
        super().__init__(
            url=f"{actions_url}/webhook",
            headers={"Authorization": f"Bearer {secret.hex()}"},
            enable_selective_domain=True,
        )

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """Run an action. Raises :class:`ActionsSilent` where the server is down, slow, or answers with an error."""
        tracker = kwargs["json"]["tracker"]
        tracker["events"] = _present_turn(tracker["events"])
        kwargs["timeout"] = aiohttp.ClientTimeout(total=WAIT_SECONDS)  # Rasa would wait for five minutes
        try:
            return await super().request(*args, **kwargs)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise ActionsSilent("the action server did not answer") from error


def _present_turn(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events from the officer's last turn on: slots carry the rest, and a long talk stays cheap."""
    starts = [n for n, event in enumerate(events) if event["event"] == "user"]
    return events[starts[-1] :] if starts else events
