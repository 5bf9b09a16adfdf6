"""What `understanding` hears, as entities of Rasa's pipeline."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.shared import shared_listener
from understanding import Heard, Listener

_FILE = "steering.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class SignExtractor(GraphComponent, EntityExtractorMixin):  # type: ignore[misc]  # Rasa publishes no types
    """Emits `sign`, `red_flag` and `fact` entities (docs/conversation.md). Two signs may share one stretch of words.

    What it learns in training are the examples of talk acts, word for word: "stop" or "next question" steers the talk,
    and no sign is heard in it, however the trained heads read two lone words. Anything one word longer is listened to,
    and so is a correction, which names what it takes back.
    """

    def __init__(
        self, listener: Listener, model_storage: ModelStorage, resource: Resource, steering: Collection[str] = ()
    ) -> None:
        self._listener = listener
        self._model_storage = model_storage
        self._resource = resource
        self._steering = frozenset(steering)

    @classmethod
    def create(
        cls,
        config: dict[str, Any],  # noqa: ARG003 - Rasa's signature
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003
    ) -> SignExtractor:
        """Made by Rasa's graph, before training."""
        return cls(shared_listener(), model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],  # noqa: ARG003 - Rasa's signature
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003
        **kwargs: Any,  # noqa: ARG003
    ) -> SignExtractor:
        """Made by Rasa's graph, from a trained model."""
        with model_storage.read_from(resource) as folder:
            steering = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        return cls(shared_listener(), model_storage, resource, steering)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn by heart what steers the talk."""
        acts = [example for example in training_data.intent_examples if example.get(INTENT) not in ("tell", "correct")]
        self._steering = frozenset(_plain(example.get(TEXT)) for example in acts)
        with self._model_storage.write_to(self._resource) as folder:
            (folder / _FILE).write_text(json.dumps(sorted(self._steering)), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities to messages that have text."""
        for message in messages:
            text = message.get(TEXT)
            if text:
                found = entities(self._listener.hear(text), steering=_plain(text) in self._steering)
                message.set(ENTITIES, [*message.get(ENTITIES, []), *self.add_extractor_name(found)], add_to_output=True)
        return messages


def entities(heard: Heard, *, steering: bool = False) -> list[dict[str, Any]]:
    """What was heard as Rasa entities: plain JSON, the id as `value`. Words that steer may tell of a child, no more."""
    found: list[dict[str, Any]] = []
    if heard.child_or_pregnancy:
        found.append({"entity": "fact", "value": "child_or_pregnancy", "words": heard.child_words})
    if heard.baby:
        found.append({"entity": "fact", "value": "baby"})
    if steering:
        return found
    if heard.watched:
        found.append({"entity": "fact", "value": "watched"})
    found += [_entity("sign", sign.as_dict()) for sign in heard.signs]
    return found + [_entity("red_flag", flag.as_dict()) for flag in heard.red_flags]


def _entity(kind: str, fields: dict[str, Any]) -> dict[str, Any]:
    return {"entity": kind, "value": fields.pop("id")} | fields


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
