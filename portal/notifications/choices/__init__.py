"""What somebody wants mail about, and when: chosen on a page, or ended with one press in the mail itself."""
