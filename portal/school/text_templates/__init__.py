"""The school's templates: texts to begin from."""
