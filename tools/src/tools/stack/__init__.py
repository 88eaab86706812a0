"""Servers for the demo and the tests: found, else started, each as a private instance that `down` ends again.

`python -m tools.stack up --json` is the interface: whoever needs PostgreSQL or RabbitMQ runs it and reads the addresses.
What runs is kept in `.run/stack.json`, so a second `up` finds it and `down` knows every process by its number.
"""
