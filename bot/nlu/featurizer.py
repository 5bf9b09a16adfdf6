"""The sentence encoder as a featurizer of Rasa's pipeline."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.shared import shared_encoder
from encoder import Encoder

# Intents are classified from the whole message, and acts on the talk are short: the start of a long paste is enough.
_CHARACTERS = 400


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class EncoderFeaturizer(DenseFeaturizer, GraphComponent):  # type: ignore[misc]  # Rasa publishes no types
    """Gives each message the encoder's sentence vector (384 numbers); token features are not needed.

    The vector has the length `scale`. Rasa's classifier punishes large weights by a fixed amount, so this sets how much
    the vector says beside the word counts: 5 was best of 1, 3, 5 and 8 in eight-fold cross-validation.
    """

    def __init__(self, config: dict[str, Any], name: str, encoder: Encoder) -> None:
        super().__init__(name, config)
        self._encoder = encoder

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,  # noqa: ARG003 - Rasa's signature
        resource: Resource,  # noqa: ARG003
        execution_context: ExecutionContext,
    ) -> EncoderFeaturizer:
        """Made by Rasa's graph."""
        return cls(config, execution_context.node_name, shared_encoder())

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings and their values."""
        return {**DenseFeaturizer.get_default_config(), "scale": 5.0}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Any `scale` will do."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the features to messages that have text."""
        for message in messages:
            text = message.get(TEXT)
            if text:
                sentence = self._encoder.encode([text[:_CHARACTERS]])[0].sentence * self._config["scale"]
                tokens = np.zeros((len(message.get("text_tokens") or [text]), len(sentence)), np.float32)
                self.add_features_to_message(tokens, sentence[np.newaxis, :], TEXT, message)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Add the features to the examples."""
        self.process(training_data.training_examples)
        return training_data
