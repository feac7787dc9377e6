"""The token of a link stands in its mail and nowhere else, whatever is done with it on a portal that really serves."""

from pathlib import Path
from urllib.parse import quote

from tests.faults.deadline_night import MAKE_OFFICES
from tests.faults.member import fields_of
from tests.faults.portal import Answer, Portal, Server
from tests.faults.respondent import Respondent

PAGES = (
    *("/ja/answer/", "/en/answer/", "/ja/answer/D/", "/ja/answer/review/", "/ja/answer/print/", "/ja/answer/blank/"),
    *("/ja/answer/sheet.xlsx", "/ja/answer/upload/", "/ja/answer/leave/", "/ja/answer/nowhere/"),
)


class Watched(Respondent):
    """Keeps everything that was answered."""

    def __init__(self, server: Server, token: str) -> None:
        super().__init__(server, 1, token)
        self.heard: list[Answer] = []

    def ask(self, method: str, path: str, fields: dict[str, list[str]] | None, accept: str) -> Answer:
        answer = super().ask(method, path, fields, accept)
        self.heard.append(answer)
        return answer


def test_token_shows_in_no_answer_no_log_and_no_table(portal: Portal) -> None:
    (token,) = portal.ask(MAKE_OFFICES.format(count=1, complete=False))

    with portal.served() as server:
        office = Watched(server, token)
        misuse(office, token)
        office.come_in()
        office.begin()
        for page in PAGES:
            office.ask("GET", page, None, "text/html")
        fields = fields_of(office.ask("GET", "/ja/answer/D/", None, "text/html").text, "answer")
        office.sure("POST", "/ja/answer/D/", {**fields, "v.Q6.count": ["3"]}, expected=302)

    assert [place for place in places(portal, office) if token.encode() in place] == []
    assert {answer.status for answer in office.heard} <= {200, 302, 400, 403, 404, 405}


def test_link_opened_by_scanners_changes_nothing_at_all(portal: Portal) -> None:
    (token,) = portal.ask(MAKE_OFFICES.format(count=1, complete=False))
    before = dump(portal)

    with portal.served() as server:
        for method in ("GET", "HEAD", "GET", "GET"):
            assert server.ask(method, f"/ja/answer/open/{token}/").status == 302

    assert dump(portal) == before


def misuse(office: Watched, token: str) -> None:
    """Links as mail programs, people and scanners break them."""
    for path in (
        f"{token}",
        f"{token}/x/",
        f"{token[:-1]}/",
        f"{token}%00/",
        quote(f"{token}>"),
        f"{token}/?next={token}",
    ):
        office.ask("GET", f"/ja/answer/open/{path}", None, "text/html")
    office.ask("HEAD", f"/en/answer/open/{token}/", None, "text/html")
    office.ask("POST", f"/ja/answer/open/{token}/", {"token": [token]}, "text/html")
    # Leads to the same address under a language: only the log is looked at.
    office.server.get(f"/answer/open/{token}/")


def places(portal: Portal, office: Watched) -> list[bytes]:
    """Everything that was said or kept: answers with their heads, the log, all tables, the files."""
    heard = [answer.body + repr(sorted(answer.headers.items())).encode() for answer in office.heard]
    files = [path.read_bytes() for path in kept_files(portal.folder)]
    return [*heard, portal.log.encode(), dump(portal).encode(), *files]


def kept_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and "static" not in path.relative_to(folder).parts]


def dump(portal: Portal) -> str:
    return portal.manage("dumpdata", "--all").stdout
