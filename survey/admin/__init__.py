from . import invitations, results, rounds

__all__ = ["invitations", "results", "rounds"]
