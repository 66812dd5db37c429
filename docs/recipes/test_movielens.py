"""Tests of movielens.py on a small made-up folder of the same shape: python3 -m unittest docs/recipes/test_movielens.py"""

import contextlib
import csv
import importlib.util
import io
import math
import pathlib
import random
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
spec = importlib.util.spec_from_file_location("movielens", HERE / "movielens.py")
movielens = importlib.util.module_from_spec(spec)
spec.loader.exec_module(movielens)

USERS, FILMS = 30, 40


def made_up(folder):
    draw = random.Random(7)
    with open(folder / "u.item", "w", encoding="latin-1") as handle:
        for film in range(1, FILMS + 1):
            released = "" if film == 5 else f"01-Jan-{1930 + film * 17 % 69}"
            flags = ["0"] * 19
            # The fifth film is of no genre that is known; others have one or two.
            for genre in [0] if film == 5 else {1 + film % 18, 1 + film * 7 % 18}:
                flags[genre] = "1"
            handle.write(f"{film}|Café {film}, \"L'été\"|{released}||http://example.com/?x|{'|'.join(flags)}\n")
    with open(folder / "u.user", "w", encoding="latin-1") as handle:
        for user in range(1, USERS + 1):
            handle.write(f"{user}|{14 + user * 2}|{'FM'[user % 2]}|other|{user:05}\n")
    with open(folder / "u.data", "w", encoding="latin-1") as handle:
        rows = []
        for user in range(1, USERS + 1):
            for film in draw.sample(range(1, FILMS), draw.randint(1, 25)):
                rows.append((user, film, draw.randint(1, 5), draw.randint(0, 9)))
        draw.shuffle(rows)
        handle.writelines("\t".join(map(str, row)) + "\n" for row in rows)
    return rows


def table(path):
    with open(path, encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


class Recipe(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.room = tempfile.TemporaryDirectory()
        folder = pathlib.Path(cls.room.name)
        cls.rows = made_up(folder)
        cls.out = folder / "out"
        with contextlib.redirect_stdout(io.StringIO()):
            movielens.main(folder, cls.out)
        names = ["popular", "knn", "items", "users", "history", "relevant"]
        cls.tables = {name: table(cls.out / f"{name}.csv") for name in names}

    @classmethod
    def tearDownClass(cls):
        cls.room.cleanup()

    def pairs(self, name):
        return {(row["user_id"], row["item_id"]) for row in self.tables[name]}

    def test_history_and_what_came_after_are_the_ratings(self):
        history, relevant = self.pairs("history"), self.pairs("relevant")
        rated = {(str(user), str(film)) for user, film, _, _ in self.rows}
        good = {(str(user), str(film)) for user, film, rating, _ in self.rows if rating >= 4}
        self.assertLessEqual(history, rated)
        self.assertEqual(relevant, (rated - history) & good)

    def test_the_last_fifth_of_each_user_is_afterwards(self):
        history = self.pairs("history")
        for user in range(1, USERS + 1):
            own = [(time, film) for other, film, _, time in self.rows if other == user]
            before = [pair for pair in own if (str(user), str(pair[1])) in history]
            after = [pair for pair in own if pair not in before]
            self.assertEqual(len(after), len(own) // 5)
            self.assertTrue(not after or max(before) < min(after))

    def test_lists_are_ranked_unseen_and_without_repeats(self):
        history = self.pairs("history")
        for name in ["popular", "knn"]:
            lists = {}
            for row in self.tables[name]:
                lists.setdefault(row["user_id"], []).append(row)
            self.assertEqual(len(lists), USERS)
            for user, rows in lists.items():
                films = [row["item_id"] for row in rows]
                self.assertEqual([row["rank"] for row in rows], [str(place) for place in range(1, len(rows) + 1)])
                self.assertLessEqual(len(rows), 10)
                self.assertEqual(len(set(films)), len(films))
                self.assertFalse({(user, film) for film in films} & history)

    def test_the_most_popular_come_first(self):
        times = {row["item_id"]: int(row["popularity"]) for row in self.tables["items"]}
        self.assertEqual(sum(times.values()), len(self.tables["history"]))
        history = self.pairs("history")
        for user in map(str, range(1, USERS + 1)):
            own = [row["item_id"] for row in self.tables["popular"] if row["user_id"] == user]
            unseen = [film for film, n in times.items() if n and (user, film) not in history]
            expected = sorted(unseen, key=lambda film: (-times[film], int(film)))[:10]
            self.assertEqual(own, expected)

    def test_neighbours_are_those_of_brute_force(self):
        by_user = {}
        for user, film in self.pairs("history"):
            by_user.setdefault(user, set()).add(film)
        watched = {}
        for user, films in by_user.items():
            for film in films:
                watched.setdefault(film, set()).add(user)

        def like(one, other):
            return len(watched[one] & watched[other]) / math.sqrt(len(watched[one]) * len(watched[other]))

        # Fewer films than neighbours: all of them count.
        self.assertLess(FILMS, movielens.NEIGHBOURS)
        for user, seen in by_user.items():
            scores = {film: sum(like(film, other) for other in seen) for film in watched if film not in seen}
            own = [row["item_id"] for row in self.tables["knn"] if row["user_id"] == user]
            found = [scores[film] for film in own]
            expected = sorted((score for score in scores.values() if score > 0), reverse=True)[:10]
            self.assertEqual(len(found), len(expected))
            for a, b in zip(found, expected):
                self.assertAlmostEqual(a, b, places=12)

    def test_films_and_users_have_their_groups(self):
        films = {row["item_id"]: row for row in self.tables["items"]}
        self.assertEqual(len(films), FILMS)
        self.assertEqual((films["5"]["decade"], films["5"]["category"]), ("", ""))
        self.assertEqual(films["1"]["decade"], "before 1960")
        self.assertEqual(films["3"]["decade"], "1980s")
        # The film that nobody rated.
        self.assertEqual((films["40"]["popularity"], films["40"]["popularity_band"]), ("0", "rare"))
        bands = {"rare": [], "middle": [], "popular": []}
        for row in films.values():
            bands[row["popularity_band"]].append(int(row["popularity"]))
        self.assertLess(max(bands["rare"]), min(bands["middle"]))
        self.assertLess(max(bands["middle"]), min(bands["popular"]))
        users = {row["user_id"]: row for row in self.tables["users"]}
        self.assertEqual((users["1"]["gender"], users["1"]["age_band"]), ("male", "under 25"))
        self.assertEqual((users["30"]["gender"], users["30"]["age_band"]), ("female", "50 and over"))

    def test_the_same_folder_gives_the_same_bytes(self):
        again = self.out.parent / "again"
        with contextlib.redirect_stdout(io.StringIO()):
            movielens.main(self.out.parent, again)
        for path in self.out.iterdir():
            self.assertEqual(path.read_bytes(), (again / path.name).read_bytes())


if __name__ == "__main__":
    unittest.main()
