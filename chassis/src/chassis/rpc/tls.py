"""Transport security from files: certificates of servers, and of the systems that call them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

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


class HasTlsFiles(Protocol):
    """The part of the settings needed here."""

    tls_certificate: Path | None
    tls_key: Path | None
    tls_client_ca: Path | None
    tls_server_ca: Path | None


def server_tls(settings: HasTlsFiles) -> ServerTls | None:
    """What a service serves with; None when it has no certificate."""
    if not (settings.tls_certificate and settings.tls_key):
        return None
    return ServerTls(settings.tls_certificate, settings.tls_key, settings.tls_client_ca)


def client_tls(settings: HasTlsFiles) -> ClientTls | None:
    """What a service calls others with; None when no authority of theirs is named."""
    if not settings.tls_server_ca:
        return None
    return ClientTls(settings.tls_server_ca, settings.tls_certificate, settings.tls_key)
