"""What every Onnara service shares, without a word of the domain.

Errors, clock and ids; the database with its unit of work, journal and outbox; the broker with supervised consumers;
gRPC server and client; actors and their tokens; replicas of directory data; settings, logs, health.
"""
