"""Petition portals: petitions and what petitioners do come in, what becomes of them goes out. Contract: docs/petition-portal.md."""
