"""Rows of recommended lists, of scores and of amounts: made from a seed, once per folder."""

from pathlib import Path

from data import SEED, finished

LISTS, LENGTH, USERS, ITEMS = 1_000_000, 10, 250_000, 20_000
REGIONS, SEXES = ["North", "South", "Abroad"], ["Female", "Male"]
ROWS = LISTS * LENGTH
ENDINGS = {"Parquet": "parquet", "CSV": "csv"}


def path(folder: Path, what: str, format: str) -> Path:
    """`what`: lists-sorted, lists-shuffled, scores or amounts."""
    return folder / f"{what}-{ROWS}.{ENDINGS[format]}"


def make(folder: Path, what: str, format: str) -> Path:
    to = path(folder, what, format)
    if not to.exists():
        folder.mkdir(parents=True, exist_ok=True)
        frame = {"lists-sorted": lists, "lists-shuffled": shuffled, "scores": scores, "amounts": amounts}[what]()
        if format == "CSV":
            finished(to, frame.write_csv)
        else:
            finished(to, lambda file: frame.write_parquet(file, row_group_size=262_144))
    return to


def lists():
    """Each user has four lists of ten different items. Items of the North rank a little higher, men click a little more,
    and all click less further down."""
    import numpy as np
    import polars as pl

    rng = np.random.default_rng([SEED, 10])
    user = np.repeat(np.arange(USERS, dtype=np.uint32), LISTS // USERS)
    sex_of_user = (rng.random(USERS) < 0.5).astype(np.uint32)
    region_of_item = rng.choice(3, ITEMS, p=[0.5, 0.3, 0.2]).astype(np.uint32)
    # Ten steps around a ring of a prime number of items are ten different items.
    ring = 19_997
    first, step = rng.integers(0, ring, LISTS), rng.integers(1, ring, LISTS)
    items = (first[:, None] + step[:, None] * np.arange(LENGTH)) % ring
    drawn = rng.random((LISTS, LENGTH)) - 0.1 * (region_of_item[items] == 0)
    items = np.take_along_axis(items, np.argsort(drawn, axis=1), axis=1)
    rank = np.arange(1, LENGTH + 1, dtype=np.uint8)
    chance = 0.35 / np.log2(rank + 1)[None, :] * (1 + 0.1 * sex_of_user[user][:, None])
    clicked = rng.random((LISTS, LENGTH)) < chance
    flat = items.reshape(-1)

    def text(words, codes):
        return pl.Series(words).gather(codes)

    users, numbers = np.repeat(user, LENGTH), np.repeat(np.arange(LISTS, dtype=np.uint32), LENGTH)
    return pl.DataFrame(
        {
            "list": text([f"L{number:07}" for number in range(LISTS)], numbers),
            "user": text([f"U{number:06}" for number in range(USERS)], users),
            "sex": text(SEXES, sex_of_user[users]),
            "rank": np.tile(rank, LISTS),
            "item": text([f"P{number:05}" for number in range(ITEMS)], flat.astype(np.uint32)),
            "seller_region": text(REGIONS, region_of_item[flat]),
            "clicked": text(["no", "yes"], clicked.reshape(-1).astype(np.uint32)),
        }
    )


def shuffled():
    return lists().sample(fraction=1.0, shuffle=True, seed=SEED)


def scores():
    """A score of a million different values, a label that follows it, and two attributes."""
    import numpy as np
    import polars as pl

    rng = np.random.default_rng([SEED, 11])
    score = rng.integers(0, 1_000_000, ROWS) / 1e6
    return pl.DataFrame(
        {
            "region": pl.Series(REGIONS).gather(rng.integers(0, 3, ROWS, dtype=np.uint32)),
            "sex": pl.Series(SEXES).gather(rng.integers(0, 2, ROWS, dtype=np.uint32)),
            "label": pl.Series(["no", "yes"]).gather((rng.random(ROWS) < score).astype(np.uint32)),
            "score": score,
        }
    )


def amounts():
    """A price in cents that follows two costs and a distance, with an unequal mark-up for one region."""
    import numpy as np
    import polars as pl

    rng = np.random.default_rng([SEED, 12])
    region = rng.integers(0, 3, ROWS, dtype=np.uint32)
    cost, fee, distance = rng.gamma(4, 20, ROWS).round(2) + 1, rng.random(ROWS).round(3), rng.gamma(2, 10, ROWS).round(1)
    price = (1.1 * cost + 2 * fee + 0.2 * distance) * (1 + 0.02 * (region == 2)) * np.exp(rng.normal(0, 0.1, ROWS))
    return pl.DataFrame(
        {
            "region": pl.Series(REGIONS).gather(region),
            "sex": pl.Series(SEXES).gather(rng.integers(0, 2, ROWS, dtype=np.uint32)),
            "cost": cost,
            "fee": fee,
            "distance": distance,
            "price": price.round(2),
        }
    )
