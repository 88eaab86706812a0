"""Records under way while processes, the broker and the database are killed: nothing may be lost, nothing may happen twice.

private servers (`servers`) -> a suite of its own -> files, officials who decide, random kills (`kills`) -> accounts (`proof`).
"""
