"""건설교통부: road works, requests for approval from the host."""
