"""Between the contracts' messages, stored rows and the domain. No decision is made here."""
