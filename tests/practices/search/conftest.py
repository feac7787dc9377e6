"""What the tests of the search tell at the end of a run: how well the order of cases answers judged queries."""

import pytest

from .relevance import MEASURED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    measured = config.stash.get(MEASURED, {})
    for (language, half), one in measured.items():
        terminalreporter.write_line(
            f"search: {language} {half}: nDCG@10 {one.ndcg:.3f}, recall {one.recall:.3f} of {one.queries} queries"
        )
