"""What editors ask for, one module per method or closely related group; each lists its HANDLERS by method."""
