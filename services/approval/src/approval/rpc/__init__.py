"""The service's methods by subject: messages in, one transaction each, messages out. Errors are raised as data."""

from approval.rpc.acting import Acting
from approval.rpc.altering import Altering
from approval.rpc.proposing import Proposing
from approval.rpc.reading import Reading
from onnara.approval.v1 import approval_service_pb2_grpc as pb_grpc

__all__ = ["ApprovalServicer"]


class ApprovalServicer(Reading, Acting, Altering, Proposing, pb_grpc.ApprovalServiceServicer):
    """Lines of the caller's agency."""
