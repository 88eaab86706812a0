"""Other systems come with a certificate: the server asks for it and handlers see whose it is."""

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from chassis.actor import TokenSigner, TokenVerifier, system_actor
from chassis.clock import SystemClock
from chassis.errors import TransientError
from chassis.rpc import ClientTls, Server, ServerTls, bearer, connect, current_call
from onnara.directory.v1 import directory_service_pb2 as directory
from onnara.directory.v1 import directory_service_pb2_grpc as directory_grpc

SIGNER = TokenSigner("k1", b"1" * 32)
Servicer: Any = directory_grpc.DirectoryServiceServicer


class Directory(Servicer):  # type: ignore[misc]
    """Says whose certificate it saw."""

    async def GetUnit(self, request: Any, context: Any) -> Any:  # noqa: N802 - the contract's name
        return directory.GetUnitResponse(valid_from=",".join(current_call().peers))


@dataclass
class Authority:
    """Signs certificates into a folder."""

    folder: Path
    key: ec.EllipticCurvePrivateKey
    name: x509.Name

    @classmethod
    def new(cls, folder: Path) -> "Authority":
        folder.mkdir()
        made = cls(folder, ec.generate_private_key(ec.SECP256R1()), named("authority"))
        made.write("ca", made.certificate("authority", made.key, ca=True), made.key)
        return made

    def issue(self, name: str) -> tuple[Path, Path]:
        key = ec.generate_private_key(ec.SECP256R1())
        return self.write(name, self.certificate(name, key), key)

    def certificate(self, name: str, key: ec.EllipticCurvePrivateKey, *, ca: bool = False) -> x509.Certificate:
        now = dt.datetime.now(dt.UTC)
        alternatives = x509.SubjectAlternativeName([x509.DNSName(name), x509.IPAddress(ip_address("127.0.0.1"))])
        return (
            x509.CertificateBuilder()
            .subject_name(named(name))
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(hours=1))
            .not_valid_after(now + dt.timedelta(hours=1))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(alternatives, critical=False)
            .sign(self.key, hashes.SHA256())
        )

    def write(self, name: str, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> tuple[Path, Path]:
        paths = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        pem = serialization.Encoding.PEM
        paths[0].write_bytes(certificate.public_bytes(pem))
        paths[1].write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        return paths


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority.new(tmp_path / "ours")


@pytest_asyncio.fixture
async def server(authority: Authority) -> AsyncIterator[Server]:
    services: Any = [(directory_grpc.add_DirectoryServiceServicer_to_server, Directory())]
    verifier = TokenVerifier({"k1": SIGNER.public_key}.get, "onnara", SystemClock())
    tls = ServerTls(*authority.issue("directory"), client_ca=authority.folder / "ca.pem")
    async with Server("127.0.0.1:0", services, verifier=verifier, clock=SystemClock(), tls=tls, grace=0) as running:
        yield running


async def ask(server: Server, tls: ClientTls | None) -> str:
    async with connect(f"127.0.0.1:{server.port}", tls=tls, timeout=3) as connection:
        stub: Any = directory_grpc.DirectoryServiceStub(connection)
        token = SIGNER.issue(system_actor("saeol"), "onnara", SystemClock().now())
        answer = await stub.GetUnit(directory.GetUnitRequest(), metadata=bearer(token))
        return str(answer.valid_from)


async def test_a_handler_sees_whose_certificate_it_is(server: Server, authority: Authority) -> None:
    certificate, key = authority.issue("saeol")
    assert await ask(server, ClientTls(authority.folder / "ca.pem", certificate, key)) == "saeol,127.0.0.1"
    named_server = ClientTls(authority.folder / "ca.pem", certificate, key, name="directory")
    assert await ask(server, named_server) == "saeol,127.0.0.1"


async def test_without_the_right_certificate_nobody_gets_in(
    server: Server, authority: Authority, tmp_path: Path
) -> None:
    ours = authority.folder / "ca.pem"
    strangers = Authority.new(tmp_path / "strangers")
    certificate, key = strangers.issue("saeol")
    refused = [
        None,
        ClientTls(ours),
        ClientTls(ours, certificate, key),
        ClientTls(strangers.folder / "ca.pem", *authority.issue("saeol")),
        ClientTls(ours, *authority.issue("saeol"), name="documents"),
    ]
    for tls in refused:
        with pytest.raises(TransientError, match="service-unavailable"):
            await ask(server, tls)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        ServerTls(tmp_path / "no.pem", tmp_path / "no.key").credentials()
