"""The relay of the exchange standard: packs with documents and their acknowledgements, from and for every agency."""
