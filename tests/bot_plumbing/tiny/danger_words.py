"""An NLU component that hears the word "knife", and breaks at the word "unparseable"."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.training_data.message import Message


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class DangerWords(GraphComponent):
    """Emits a red flag as the real component does."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DangerWords:
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get("text") or ""
            if "unparseable" in text:
                raise ValueError(f"cannot read: {text}")
            entities = []
            if "knife" in text:
                flag = {"entity": "red_flag", "value": "RF6", "interrupt": "E", "words": "knife", "because": ["DVA9"]}
                entities.append(flag)
            message.set("entities", entities, add_to_output=True)
        return messages
