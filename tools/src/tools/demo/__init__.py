"""`make demo`: the main job on real input, from one agency's legacy system to another's, watched from outside.

input -> adapters -> documents -> approval (officials decide over gRPC) -> documents -> adapters -> counterpart -> back
"""
