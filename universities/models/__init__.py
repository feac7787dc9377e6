from .headquarters import Headquarters, HeadquartersHead, OverseasBase, Participation
from .institution import Institution, InstitutionAlias, InstitutionKind, InstitutionName
from .numbers import LAST_NUMBER, MONTHS, NUMBERS, PLACES, YEARS, between, plausible_years
from .place import Prefecture, Region, prefectures_of, region_of
from .programme import Programme, ProgrammeRole
from .provenance import Loaded, Provenance, Sourced

__all__ = [
    "LAST_NUMBER",
    "MONTHS",
    "NUMBERS",
    "PLACES",
    "YEARS",
    "Headquarters",
    "HeadquartersHead",
    "Institution",
    "InstitutionAlias",
    "InstitutionKind",
    "InstitutionName",
    "Loaded",
    "OverseasBase",
    "Participation",
    "Prefecture",
    "Programme",
    "ProgrammeRole",
    "Provenance",
    "Region",
    "Sourced",
    "between",
    "plausible_years",
    "prefectures_of",
    "region_of",
]
