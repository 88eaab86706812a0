"""Transport security from files: certificates of servers, and of the systems that call them."""

from dataclasses import dataclass
from pathlib import Path

import grpc


@dataclass(frozen=True, slots=True)
class ServerTls:
    """PEM files of a server. client_ca: authorities of client certificates; given, every caller must have one."""

    certificate: Path
    key: Path
    client_ca: Path | None = None

    def credentials(self) -> grpc.ServerCredentials:
        """What the server binds with. Raises OSError when a file cannot be read."""
        return grpc.ssl_server_credentials(
            [(self.key.read_bytes(), self.certificate.read_bytes())],
            root_certificates=self.client_ca.read_bytes() if self.client_ca else None,
            require_client_auth=self.client_ca is not None,
        )


@dataclass(frozen=True, slots=True)
class ClientTls:
    """PEM files of a caller. server_ca: authorities of the server, empty for the system's. name: expected server name."""

    server_ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    name: str = ""

    def credentials(self) -> grpc.ChannelCredentials:
        """What a channel is opened with. Raises OSError when a file cannot be read."""
        return grpc.ssl_channel_credentials(
            root_certificates=self.server_ca.read_bytes() if self.server_ca else None,
            private_key=self.key.read_bytes() if self.key else None,
            certificate_chain=self.certificate.read_bytes() if self.certificate else None,
        )
