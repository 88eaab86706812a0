"""What all tables of documents belong to, and its timers."""

from sqlalchemy import MetaData

from chassis.schedule import schedule_table

METADATA = MetaData()
TIMER = schedule_table(METADATA)
