"""Writes the Parquet files in this folder: pip install pyarrow==26.0.1 polars==2.1.0 duckdb==2.0.0; python parquet.py

All hold the same 600 rows: row i has sex Female, Male or null (i % 3), shop i % 7, hired (i * i % 5 < 2, null if i % 11 == 0),
score i % 4 / 4 (NaN if i % 13 == 0) and month 2024-01-31 plus i % 5 days.
"""
import datetime
import duckdb, polars, pyarrow, pyarrow.parquet

rows = [
    {
        "sex": ["Female", "Male", None][i % 3],
        "shop": i % 7,
        "hired": None if i % 11 == 0 else i * i % 5 < 2,
        "score": float("nan") if i % 13 == 0 else i % 4 / 4,
        "month": datetime.date(2024, 1, 31) + datetime.timedelta(days=i % 5),
    }
    for i in range(600)
]
applicants = pyarrow.Table.from_pylist(rows)
pyarrow.parquet.write_table(applicants, "pyarrow.parquet", row_group_size=250, data_page_size=200, write_batch_size=40)
pyarrow.parquet.write_table(
    applicants, "pyarrow-v2-delta.parquet", data_page_version="2.0", use_dictionary=False, compression="gzip",
    column_encoding={"sex": "DELTA_BYTE_ARRAY", "shop": "DELTA_BINARY_PACKED", "score": "BYTE_STREAM_SPLIT"},
)
polars.from_arrow(applicants).write_parquet("polars.parquet", row_group_size=250)
duckdb.sql("copy (from applicants) to 'duckdb.parquet' (format parquet, row_group_size 250)")
