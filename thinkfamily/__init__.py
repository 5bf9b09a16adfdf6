"""The Think Family triage assistant: settings, command line and process manager."""

__version__ = "0.1.0"
