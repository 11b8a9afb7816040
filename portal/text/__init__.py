"""Text, tables and time as plain functions: no Flask, no database."""
