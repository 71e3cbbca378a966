"""How findings are shown: one module per output format."""
