"""The room view: one big screen for the whole council."""
