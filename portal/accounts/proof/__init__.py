"""Whose an e-mail address is: one that an inviter typed is told nothing until its mailbox has answered."""
