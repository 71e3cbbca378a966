"""Rules: how a rule file is checked, compiled and run."""
