"""The agenda as a Rasa policy: deterministic, and trained on nothing (docs/adr/0003-agenda-policy.md)."""

from __future__ import annotations

from typing import Any

from rasa.core.constants import POLICY_PRIORITY
from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData, confidence_scores_for
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from conversation import State, Turn, TurnUnreadable
from conversation.agenda import LISTEN, NOT_NOTED, next_step


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class AgendaPolicy(Policy):  # type: ignore[misc]  # Rasa publishes no types
    """Asks `conversation.agenda` for the next step, with full confidence, after every event."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa wants a priority; it is the only policy, and sure of itself."""
        return {POLICY_PRIORITY: 1}

    @staticmethod
    def supported_data() -> SupportedData:
        """Any: it looks at none of it."""
        return SupportedData.ML_AND_RULE_DATA

    def train(
        self,
        training_trackers: list[TrackerWithCachedStates],  # noqa: ARG002 - Rasa's signature
        domain: Domain,  # noqa: ARG002
        **kwargs: Any,  # noqa: ARG002
    ) -> Resource:
        """Nothing to learn."""
        return self._resource

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,  # noqa: ARG002 - Rasa's signature
        **kwargs: Any,  # noqa: ARG002
    ) -> PolicyPrediction:
        """The next step of the present turn, as the only likely action."""
        return self._prediction(confidence_scores_for(_next_action(tracker, domain), 1.0, domain))


def _next_action(tracker: DialogueStateTracker, domain: Domain) -> str:
    done: list[str] = []
    for event in reversed(tracker.events):
        if isinstance(event, UserUttered):
            break
        if isinstance(event, ActionExecuted) and event.action_name:
            done.append(event.action_name)
    else:
        return LISTEN
    try:
        turn = Turn.from_event(event.as_dict())
    except TurnUnreadable:
        return LISTEN if NOT_NOTED in done else NOT_NOTED
    return next_step(State.from_slots(tracker.current_slot_values()), turn, done, domain.responses)
