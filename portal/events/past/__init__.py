"""What a class has done together: found again by school year, and made again."""
