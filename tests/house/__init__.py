"""The rules of the house, held by reading the code itself: layers, names, where things are, what is never written.

Every test fails with the list of those that break its rule. An exception stands in the table beside the rule, with its
reason; one that is no longer needed fails as well.
"""
