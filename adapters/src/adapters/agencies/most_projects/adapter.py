"""Research projects as SOAP calls, and answers. The manifest says it all."""

from adapters.canonical.soapcalls import SoapAdapter, soap_calls
from adapters.manifest import Manifest


def create(manifest: Manifest) -> SoapAdapter:
    """Make the adapter of a manifest."""
    return soap_calls(manifest)
