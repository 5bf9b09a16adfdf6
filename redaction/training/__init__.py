"""Training and measuring the name tagger; nothing here is needed to run the service."""
