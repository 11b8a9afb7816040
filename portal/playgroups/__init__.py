"""Playgroups (legegrupper): every child of a class plays with every classmate, round by round."""
