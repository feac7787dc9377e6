"""The project package. Puts a sound SQLite in place before Django loads its own.

Debian 12's SQLite can damage a WAL database (`docs/adr/0003-sqlite.md`); where the
`pysqlite3` wheel is installed, it stands in for the interpreter's module.
"""

import importlib.util
import sys

if importlib.util.find_spec("pysqlite3"):
    import pysqlite3

    sys.modules["sqlite3"] = pysqlite3
    sys.modules["sqlite3.dbapi2"] = pysqlite3.dbapi2
