"""The gRPC side of the directory, by subject: messages in, one transaction each, messages out. Errors are raised as data.

Sign-in, tokens and changes run under the worker role, which alone may read what proves people; everything that shows
rows to an official runs under the rpc role, cut to the agency the token names.
"""

from directory.rpc.absences import Deputising
from directory.rpc.calls import PUBLIC, Desk
from directory.rpc.delegation import Delegating
from directory.rpc.passkeys import PasskeyHolding
from directory.rpc.sessions import SigningIn
from directory.rpc.units import Looking
from onnara.directory.v1.directory_service_pb2_grpc import DirectoryServiceServicer

__all__ = ["PUBLIC", "Desk", "DirectoryServicer"]


class DirectoryServicer(SigningIn, PasskeyHolding, Looking, Deputising, Delegating, DirectoryServiceServicer):
    """Agencies, officials, sign-in."""
