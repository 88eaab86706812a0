"""What every Onnara service shares, without a word of the domain.

Errors, clock and ids; the database with its unit of work, journal and outbox; the broker with supervised consumers;
gRPC server and client; actors and their tokens; replicas of directory data; settings, logs, health.
"""

import os

# gRPC reads it when it is imported, which is later. Its handlers of fork() crash some of the processes that a busy service
# starts before they have begun; what we start begins with a program of its own and needs nothing of ours.
os.environ.setdefault("GRPC_ENABLE_FORK_SUPPORT", "0")
