"""Rasa's agent, taking a turn so that it is either kept as a whole or not at all."""

from __future__ import annotations

import asyncio
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.domain import Domain

from bot.answered_turns import AnsweredTurn
from bot.errors import ActionsSilent, StaleQuestion, TurnReused, TurnUnanswered
from bot.output import TurnOutput
from bot.rewrite_request import RewriteRequest
from bot.tracker_store import KeptTracker, SealedTrackerStore
from bot.turn_request import TurnRequest
from conversation import State, Turn

TURN_SECONDS = 30.0  # waiting for turns before it included; Rasa's lock would be lost after 60
_LOCK_POLL_SECONDS = 0.05


class TurnMessage(UserMessage):  # type: ignore[misc]  # Rasa publishes no types
    """One turn on its way through Rasa; ``answer`` is set once the turn is kept."""

    def __init__(self, request: TurnRequest) -> None:
        super().__init__(
            text=request.text,
            output_channel=TurnOutput(),
            sender_id=request.conversation,
            parse_data=None if request.text is not None else request.parse_data(),
            input_channel="desk",
            message_id=request.turn,
            metadata={"turn": request.turn, "officer": request.officer},
        )
        self.request = request
        self.answer: dict[str, Any] = {}


class DeskAgent(Agent):  # type: ignore[misc]  # Rasa publishes no types
    """An agent on our own tracker store, bare: failures reach the channel."""

    @staticmethod
    def _create_tracker_store(store: SealedTrackerStore, domain: Domain | None) -> SealedTrackerStore:
        store.domain = domain
        return store  # Rasa would wrap it in a store that hides failures

    async def handle_message(self, message: TurnMessage) -> None:
        """Take one turn and set its ``answer``.

        Nothing is written before the turn is through, and then its events and its answer are written together: a turn
        that fails half way leaves no trace in the tracker, and may be sent again under the same id.

        Raises :class:`bot.errors.Refused`.
        """
        # Before the database is asked for anything: danger must be heard also when the tracker cannot be read.
        if message.parse_data is None:
            message.parse_data = await self.processor.parse_message(message)
            message.output_channel.hear(
                Turn.from_event({"parse_data": message.parse_data, "metadata": message.metadata})
            )
        try:
            async with (
                asyncio.timeout(TURN_SECONDS),
                self.lock_store.lock(message.sender_id, wait_time_in_seconds=_LOCK_POLL_SECONDS),
            ):
                message.answer = await self._answered_before(message) or await self._take(message)
        except ActionsSilent as error:
            raise TurnUnanswered("the action server did not answer") from error
        except TimeoutError as error:
            raise TurnUnanswered(f"the turn took longer than {TURN_SECONDS:.0f} seconds") from error

    async def rewrite(self, request: RewriteRequest) -> dict[str, Any]:
        """Hide or show something in all that is kept of a talk, between its turns; the answer to the desk.

        Nothing is heard anew: danger that was heard stays. No tracker is kept in memory between turns, so the next turn
        reads what is written here. Raises :class:`bot.errors.Refused`.
        """
        try:
            async with (
                asyncio.timeout(TURN_SECONDS),
                self.lock_store.lock(request.conversation, wait_time_in_seconds=_LOCK_POLL_SECONDS),
            ):
                answer: dict[str, Any] = await self.tracker_store.rewrite(request)
                return answer
        except TimeoutError as error:
            raise TurnUnanswered(f"the rewrite took longer than {TURN_SECONDS:.0f} seconds") from error

    async def _answered_before(self, message: TurnMessage) -> dict[str, Any] | None:
        before: AnsweredTurn | None = await self.tracker_store.answered(message.sender_id, message.request.turn)
        if before is None:
            return None
        if before.request != message.request.digest():
            raise TurnReused(f"turn {message.request.turn} came before with another content")
        return before.answer

    async def _take(self, message: TurnMessage) -> dict[str, Any]:
        processor, output, request = self.processor, message.output_channel, message.request
        tracker: KeptTracker = await processor.fetch_tracker_and_update_session(
            message.sender_id, output, message.metadata
        )
        if request.choice is not None and not request.choice.answers(_state(tracker)):
            raise StaleQuestion(f"question {request.choice.question} is no longer the one asked")
        # What follows is MessageProcessor.handle_message, with our own check and one write in the place of its save.
        await processor._handle_message_with_tracker(message, tracker)
        await processor.run_action_extract_slots(output, tracker)
        await processor._run_prediction_loop(output, tracker)
        state = _state(tracker)
        if state.answered_turn != request.turn:
            raise TurnUnanswered("the actions did not take the turn in; their log says why")
        answer = {"turn": request.turn, "messages": output.messages, "state": state.model_dump(mode="json")}
        await self.tracker_store.save_turn(tracker, AnsweredTurn(request.turn, request.digest(), answer))
        return answer


def _state(tracker: KeptTracker) -> State:
    return State.from_slots(tracker.current_slot_values())
