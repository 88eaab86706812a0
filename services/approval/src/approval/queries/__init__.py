"""Questions about lines. Nothing here changes anything."""
