"""Who may do what with the survey at the desk; admin, views and API ask these predicates."""

from sih_portal.roles import Account, Role, roles


def may_keep_survey(user: Account) -> bool:
    """Rounds, indicators and points to know: the survey managers' work, which everybody else at the desk reads."""
    return Role.SURVEY_MANAGER in roles(user)
