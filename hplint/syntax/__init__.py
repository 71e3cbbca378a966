"""From text to a tree with positions, for YAML, JSON and TOML."""
