"""A broker namespace that remembers what was declared in it, so that a test leaves nothing behind."""

from dataclasses import dataclass, field

from chassis.messaging import broker as amqp
from chassis.messaging.broker import Broker


@dataclass(frozen=True, slots=True)
class RecordingBroker(Broker):
    """A broker address whose queues are known and can be removed."""

    declared: set[str] = field(default_factory=set)

    def queue(self, service: str, name: str) -> str:
        """Name of a queue, remembered."""
        full = f"{self.namespace}.{service}.{name}"
        self.declared.add(full)
        return full

    async def clean_up(self) -> None:
        """Deletes queues and exchanges."""
        async with amqp.connection(self, "test.cleanup") as connection:
            channel = await connection.channel()
            for name in self.declared:
                await channel.queue_delete(name)
            await channel.exchange_delete(self.exchange)
            await channel.exchange_delete(self.dead_exchange)
