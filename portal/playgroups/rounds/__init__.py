"""The published rounds as homes meet them: with whom, when, where, and who comes."""
