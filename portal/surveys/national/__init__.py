"""The national measurement of wellbeing (den nationale trivselsmåling), noted by its figures."""
