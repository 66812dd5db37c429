"""The rows that are counted: made from a seed, once per folder, in parts of bounded size, and written in many forms.

    python benches/compare/data.py --folder ../bench-data --make few 20000000 polars

makes one file. Every size is a prefix of the same endless list of rows, so that all files of as many rows hold the
same rows, whoever wrote them. Rows come in parts of a million, each from a seed of its own.
"""

import argparse
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

SEED = 20261122
PART = 1_000_000
THRESHOLD = 0.55
SMALL, USUAL = 65_536, 262_144


def numbered(word: str, count: int) -> list[str]:
    return [f"{word} {number:0{len(str(count - 1))}}" for number in range(count)]


LEVELS = {
    "few": {
        "region": ["North", "South", "East", "West", "Abroad"],
        "age": ["under 30", "30 to 59", "60 and over"],
        "sex": ["Female", "Male"],
    },
    "many": {
        "branch": numbered("branch", 20),
        "school": numbered("school", 50),
        "job": numbered("job", 25),
        "area": numbered("area", 1_000),
    },
}
PROTECTED = {"few": ["region", "age", "sex"], "many": ["branch", "school", "job"]}
OUTCOMES = ["label", "prediction", "score"]


class File(NamedTuple):
    levels: str
    rows: int
    form: str

    def path(self, folder: Path) -> Path:
        return folder / f"{self.levels}-{self.rows}-{self.form}{FORMS[self.form].ending}"

    @property
    def format(self) -> str:
        return "Parquet" if FORMS[self.form].ending == ".parquet" else "CSV"

    @property
    def said(self) -> str:
        return FORMS[self.form].said + (", many groups" if self.levels == "many" else "")


def part(folder: Path, levels: str, number: int) -> Path:
    """A million rows, as Parquet: what all other files are written from."""
    import numpy as np
    import polars as pl

    path = folder / "parts" / f"{levels}-{number:04}.parquet"
    if path.exists():
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng([SEED, list(LEVELS).index(levels), number])
    codes = {name: rng.integers(0, len(values), PART, dtype=np.uint32) for name, values in LEVELS[levels].items()}
    first = next(iter(codes.values()))
    # Groups differ a little: the first attribute's later levels have lower scores.
    score = (rng.random(PART) ** (1 + 0.05 * (first % 5))).round(4)
    label = rng.random(PART) < 0.2 + 0.5 * score
    answers = pl.Series(["no", "yes"])
    columns = {name: pl.Series(LEVELS[levels][name]).gather(code) for name, code in codes.items()}
    columns["label"] = answers.gather(label.astype(np.uint32))
    columns["prediction"] = answers.gather((score >= THRESHOLD).astype(np.uint32))
    columns["score"] = pl.Series(score)
    columns["weight"] = pl.Series(rng.integers(50, 300, PART) / 100)
    finished(path, lambda to: pl.DataFrame(columns).write_parquet(to))
    return path


def finished(path: Path, write) -> None:
    """A file is there as a whole or not at all."""
    unfinished = path.with_name(path.name + ".unfinished")
    write(unfinished)
    unfinished.rename(path)


def by_polars(row_group: int | None, sort: bool = False):
    def write(parts: list[Path], file: File, to: Path) -> None:
        import polars as pl

        rows = pl.scan_parquet(parts).head(file.rows)
        if sort:
            rows = rows.sort([*PROTECTED[file.levels], "label", "prediction"])
        rows.sink_parquet(to, row_group_size=row_group or file.rows)

    return write


def by_pyarrow(row_group: int | None, dictionary: bool):
    def write(parts: list[Path], file: File, to: Path) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        def tables():
            left = file.rows
            for part in parts:
                table = pq.read_table(part).slice(0, left)
                left -= table.num_rows
                kinds = [pa.string() if pa.types.is_large_string(kind) else kind for kind in table.schema.types]
                yield table.cast(pa.schema(list(zip(table.schema.names, kinds))))

        every = tables()
        first = next(every)
        with pq.ParquetWriter(to, first.schema, use_dictionary=dictionary) as writer:
            if row_group is None:
                writer.write_table(pa.concat_tables([first, *every]), row_group_size=file.rows)
            else:
                for table in (first, *every):
                    writer.write_table(table, row_group_size=row_group)

    return write


def by_duckdb(options: str):
    def write(parts: list[Path], file: File, to: Path) -> None:
        import duckdb

        db = duckdb.connect(config={"threads": 1, "memory_limit": "6GB", "temp_directory": str(to.parent)})
        names = ", ".join(f"'{part}'" for part in parts)
        options_of_file = options.replace("ALL", str(-(-file.rows // 2_048) * 2_048))
        db.execute(f"COPY (FROM read_parquet([{names}]) LIMIT {file.rows}) TO '{to}' (FORMAT parquet{options_of_file})")

    return write


def by_csv(quoted: bool = False, packed: str | None = None):
    def write(parts: list[Path], file: File, to: Path) -> None:
        import polars as pl
        import pyarrow as pa

        left = file.rows
        with pa.OSFile(str(to), "wb") as plain:
            out = pa.CompressedOutputStream(plain, packed) if packed else plain
            for number, part in enumerate(parts):
                rows = pl.read_parquet(part).drop("weight").head(left)
                left -= rows.height
                style = "always" if quoted else "necessary"
                out.write(rows.write_csv(include_header=number == 0, quote_style=style).encode())
            if packed:
                out.close()

    return write


class Form(NamedTuple):
    ending: str
    said: str
    write: object


FORMS = {
    "polars": Form(".parquet", f"polars, row groups of {USUAL:,}", by_polars(USUAL)),
    "polars-small": Form(".parquet", f"polars, row groups of {SMALL:,}", by_polars(SMALL)),
    "polars-one": Form(".parquet", "polars, one row group", by_polars(None)),
    "polars-sorted": Form(".parquet", "polars, sorted rows", by_polars(USUAL, sort=True)),
    "pyarrow": Form(".parquet", f"pyarrow, row groups of {USUAL:,}", by_pyarrow(USUAL, True)),
    "pyarrow-plain": Form(".parquet", f"pyarrow, no dictionaries, row groups of {USUAL:,}", by_pyarrow(USUAL, False)),
    "pyarrow-one": Form(".parquet", "pyarrow, one row group", by_pyarrow(None, True)),
    "pyarrow-one-plain": Form(".parquet", "pyarrow, no dictionaries, one row group", by_pyarrow(None, False)),
    "duckdb": Form(".parquet", "DuckDB, row groups of 122,880", by_duckdb("")),
    "duckdb-plain": Form(".parquet", "DuckDB, no dictionaries", by_duckdb(", DICTIONARY_SIZE_LIMIT 1")),
    "duckdb-one": Form(".parquet", "DuckDB, one row group", by_duckdb(", ROW_GROUP_SIZE ALL")),
    "csv": Form(".csv", "plain", by_csv()),
    "csv-quoted": Form(".csv", "every field quoted", by_csv(quoted=True)),
    "csv-gzip": Form(".csv.gz", "gzip", by_csv(packed="gzip")),
    "csv-zstd": Form(".csv.zst", "zstd", by_csv(packed="zstd")),
}


def made(folder: Path, file: File) -> Path:
    """The file's path; makes it in a process of its own, so that this one stays small and starts others quickly."""
    path = file.path(folder)
    if not path.exists():
        command = [sys.executable, __file__, "--folder", folder, "--make", file.levels, str(file.rows), file.form]
        subprocess.run(command, check=True)
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--make", nargs=3, metavar=("LEVELS", "ROWS", "FORM"), required=True)
    arguments = parser.parse_args()
    levels, rows, form = arguments.make
    file = File(levels, int(rows), form)
    arguments.folder.mkdir(parents=True, exist_ok=True)
    parts = [part(arguments.folder, levels, number) for number in range(-(-file.rows // PART))]
    finished(file.path(arguments.folder), lambda to: FORMS[form].write(parts, file, to))


if __name__ == "__main__":
    main()
