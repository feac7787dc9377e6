"""A site of one model that modelsearch searches."""
