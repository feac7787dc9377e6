from .headquarters import Headquarters, HeadquartersHead, OverseasBase, Participation
from .institution import Institution, InstitutionAlias, InstitutionKind, InstitutionName
from .place import Prefecture, Region
from .programme import Programme, ProgrammeRole
from .provenance import Loaded, Provenance, Sourced

__all__ = [
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
]
