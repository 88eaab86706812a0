"""The whole suite as processes on this machine: databases, migrations, seeded government, services, adapters, gateway.

Used by the demo, the benchmark and the journey tests; operators use docker-compose instead.
"""

from tools.suite.suite import Suite

__all__ = ["Suite"]
