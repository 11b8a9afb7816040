"""The office's pages about accounts."""
