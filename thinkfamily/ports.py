"""Taking a port before anything slow begins, so that a port in use is known at once."""

from __future__ import annotations

import socket


class PortInUse(Exception):
    """Another program listens where one of ours should; the message names the setting to change."""


def take_port(setting: str, host: str, port: int) -> socket.socket:
    """A socket bound to ``host`` and ``port``, not yet listening. Raises :class:`PortInUse`.

    ``setting`` is the name of the setting to change, such as ``THINKFAMILY_BOT_PORT``.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PortInUse(
            f"port {port} cannot be used ({error.strerror}): stop the program that uses it, or set {setting} to another"
        ) from None
    return listener
