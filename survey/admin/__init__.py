from . import invitations, questionnaires, questions, responses, results, rounds

__all__ = ["invitations", "questionnaires", "questions", "responses", "results", "rounds"]
