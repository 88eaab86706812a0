"""RabbitMQ: one topic exchange, routing key = full message type, quorum queues, confirmed publishing, supervised consumers.

journal/parcel -> outbox -> Relay -> broker -> Consumers -> inbox + handler in one transaction -> ack.
Retries and dead letters live in the ``parked`` table, because the broker's own dead-lettering may lose messages.
"""

from chassis.messaging.broker import Broker
from chassis.messaging.consumer import Consumers
from chassis.messaging.inbox import Subscription
from chassis.messaging.outcome import Outcome
from chassis.messaging.relay import Relay

__all__ = ["Broker", "Consumers", "Outcome", "Relay", "Subscription"]
