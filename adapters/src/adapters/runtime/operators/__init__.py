"""The operators' commands on what came in: `python -m adapters quarantine|replay|reconcile`.

arguments (`commands`) -> the service's own database as its worker, blobs and mappings (`Desk`) -> lines for a person or JSON.
Whoever may run them holds the service's settings: the same right as for `parked`.
"""
