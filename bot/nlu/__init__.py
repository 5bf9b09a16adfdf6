"""Components of Rasa's pipeline: thin wrappers over `encoder` and `understanding`."""
