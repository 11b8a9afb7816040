"""The hour in which a class answers: its slips, the press that opens it, and the big screen afterwards."""
