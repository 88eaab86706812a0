"""해양경찰청: maritime incidents put up for decision, as dBase tables with memos."""
