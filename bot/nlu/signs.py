"""What `understanding` hears, as entities of Rasa's pipeline."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.shared import shared_listener
from understanding import Heard, Listener


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class SignExtractor(GraphComponent, EntityExtractorMixin):  # type: ignore[misc]  # Rasa publishes no types
    """Emits `sign`, `red_flag` and `fact` entities (docs/conversation.md). Two signs may share one stretch of words."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener

    @classmethod
    def create(
        cls,
        config: dict[str, Any],  # noqa: ARG003 - Rasa's signature
        model_storage: ModelStorage,  # noqa: ARG003
        resource: Resource,  # noqa: ARG003
        execution_context: ExecutionContext,  # noqa: ARG003
    ) -> SignExtractor:
        """Made by Rasa's graph."""
        return cls(shared_listener())

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities to messages that have text."""
        for message in messages:
            if message.get(TEXT):
                found = self.add_extractor_name(entities(self._listener.hear(message.get(TEXT))))
                message.set(ENTITIES, [*message.get(ENTITIES, []), *found], add_to_output=True)
        return messages


def entities(heard: Heard) -> list[dict[str, Any]]:
    """What was heard as Rasa entities: plain JSON, the id as `value`."""
    found = [
        {"entity": "sign", "value": fields.pop("id"), **fields} for fields in (sign.as_dict() for sign in heard.signs)
    ]
    found += [
        {"entity": "red_flag", "value": fields.pop("id"), **fields}
        for fields in (flag.as_dict() for flag in heard.red_flags)
    ]
    if heard.child_or_pregnancy:
        found.append({"entity": "fact", "value": "child_or_pregnancy", "words": heard.child_words})
    facts = {"baby": heard.baby, "watched": heard.watched}
    return found + [{"entity": "fact", "value": name} for name, is_heard in facts.items() if is_heard]
