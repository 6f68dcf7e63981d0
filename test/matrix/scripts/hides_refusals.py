"""The kernel refuses, and a library says it in words of its own. `held`: so many descriptors are taken first, as far as there are."""
import os
import sqlite3
import tempfile


def transform(input_data):
    held = []
    try:
        for _ in range(input_data.get("held", 0)):
            held.append(os.dup(0))
    except OSError:
        pass
    how = input_data["how"]
    if how == "sqlite":
        sqlite3.connect(os.path.join(tempfile.gettempdir(), "hides-refusals.db")).execute("select 1 from sqlite_master")
    elif how == "tempfile":
        tempfile.mkdtemp()
    elif how == "missing":
        open("/nowhere/at/all")
    elif how == "missing_database":
        sqlite3.connect("/nowhere/at/all.db")
    elif how == "sqlite_size":
        with tempfile.TemporaryDirectory() as folder:
            fill(sqlite3.connect(os.path.join(folder, "large.db")))
    return {"held": len(held)}


def fill(database):
    database.execute("create table rows (text)")
    while True:
        database.execute("insert into rows values (?)", ("x" * 10_000,))
        database.commit()
