"""Answers a container's health check: 0 when the deployable says that it is ready, 1 when not.

Asks ``/readyz`` on the port of ``ONNARA_HTTP_PORT``. Plain sockets: it runs every few seconds in every container, and an
HTTP library would cost several times as much as the question.
"""

import os
import socket
import sys

SECONDS = 4.0


def ready(port: int) -> bool:
    """Whether the server on this port of the loopback answers 200."""
    try:
        with socket.create_connection(("127.0.0.1", port), SECONDS) as connection:
            connection.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            return connection.makefile("rb").readline().split(b" ")[1:2] == [b"200"]
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(0 if ready(int(os.environ["ONNARA_HTTP_PORT"])) else 1)
