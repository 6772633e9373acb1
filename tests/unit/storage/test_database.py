"""Connections to a file that others are opening."""

import sqlite3
import threading
from pathlib import Path

from storage.database import make_engine


def test_a_new_file_is_waited_for_while_another_writes_it(tmp_path: Path) -> None:
    """Switching to the write-ahead log takes the file alone, and SQLite itself does not wait."""
    path = tmp_path / "new.db"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE there (a)")
    other.execute("BEGIN IMMEDIATE")
    other.execute("SELECT * FROM there").fetchall()
    done = threading.Timer(0.3, other.close)
    done.start()
    engine = make_engine(f"sqlite:///{path}")
    try:
        with engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
    finally:
        done.join()
        engine.dispose()
