"""The seeded government: what a demonstration and the tests start from. TOML files -> ``seed()`` -> records, all pure.

Ids are made from codes and logins, so they are the same on every machine.
"""

from directory.seed.government import DEMO_PASSWORD, Login, Seed, seed

__all__ = ["DEMO_PASSWORD", "Login", "Seed", "seed"]
