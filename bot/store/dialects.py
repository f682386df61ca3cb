"""`INSERT ... ON CONFLICT`, which SQLite and Postgres have under the same name but not in one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Statements = Mapping[str, Any]


def on_each(table: Table, finish: Callable[[Any], Any]) -> Statements:
    """The same statement for every database: `finish` completes an insert into the table."""
    return {
        "sqlite": finish(sqlite.insert(table)),
        "postgresql": finish(postgresql.insert(table)),
    }


def of(statements: Statements, tx: Connection) -> Any:
    """The one for this connection."""
    return statements[tx.dialect.name]
