"""The facts: one normalised description of a training run, whatever format it was written in."""
