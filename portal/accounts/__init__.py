"""Who signs in, with what, and from where: accounts, sessions, links, throttling and school-wide roles."""
