from . import fruitless, practice, records

__all__ = ["fruitless", "practice", "records"]
