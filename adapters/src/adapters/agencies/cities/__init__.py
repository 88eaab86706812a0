"""Affairs systems of cities: `family.toml` is what their files have in common, each city's folder says what is its own."""
