"""The planner: how a class is divided for so many rounds. Pure arithmetic: no Flask, no database, no clock."""
