"""The services of the suite as their contracts describe them: what a new method is found by."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from onnara.adapters.v1 import (
    interoperability_service_pb2,
    interoperability_service_pb2_grpc,
    mapping_service_pb2,
    mapping_service_pb2_grpc,
)
from onnara.approval.v1 import approval_service_pb2, approval_service_pb2_grpc
from onnara.directory.v1 import directory_service_pb2, directory_service_pb2_grpc
from onnara.documents.v1 import (
    dispatch_service_pb2,
    dispatch_service_pb2_grpc,
    documents_service_pb2,
    documents_service_pb2_grpc,
    receipt_service_pb2,
    receipt_service_pb2_grpc,
    records_service_pb2,
    records_service_pb2_grpc,
    upload_service_pb2,
    upload_service_pb2_grpc,
)


@dataclass(frozen=True)
class Service:
    """A service of a contract. deployable: the process that serves it. messages: module of its requests."""

    name: str
    deployable: str
    messages: Any
    stub: Any

    @property
    def methods(self) -> tuple[str, ...]:
        """Names of its methods, as the descriptor has them."""
        return tuple(method.name for method in self.messages.DESCRIPTOR.services_by_name[self.name].methods)


_ALL = (
    Service("ApprovalService", "approval", approval_service_pb2, approval_service_pb2_grpc.ApprovalServiceStub),
    Service("DocumentsService", "documents", documents_service_pb2, documents_service_pb2_grpc.DocumentsServiceStub),
    Service("DispatchService", "documents", dispatch_service_pb2, dispatch_service_pb2_grpc.DispatchServiceStub),
    Service("ReceiptService", "documents", receipt_service_pb2, receipt_service_pb2_grpc.ReceiptServiceStub),
    Service("RecordsService", "documents", records_service_pb2, records_service_pb2_grpc.RecordsServiceStub),
    Service("UploadService", "documents", upload_service_pb2, upload_service_pb2_grpc.UploadServiceStub),
    Service(
        "InteroperabilityService",
        "adapters",
        interoperability_service_pb2,
        interoperability_service_pb2_grpc.InteroperabilityServiceStub,
    ),
    Service("MappingService", "adapters", mapping_service_pb2, mapping_service_pb2_grpc.MappingServiceStub),
    Service("DirectoryService", "directory", directory_service_pb2, directory_service_pb2_grpc.DirectoryServiceStub),
)
SERVICES: Mapping[str, Service] = {service.name: service for service in _ALL}
DEPLOYABLES = ("directory", "documents", "approval")
