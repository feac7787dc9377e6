from . import practice, records

__all__ = ["practice", "records"]
