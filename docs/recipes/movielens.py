"""Make recommended lists of the MovieLens 100K data, and the files with which evenhand audits them.

    python3 movielens.py ml-100k out

reads u.data, u.item and u.user of the folder ml-100k and writes into the folder out:

    popular.csv   ten films for each user: the most watched that the user has not rated
    knn.csv       ten films for each user: those most like what the user rated (item-item cosine)
    items.csv     all films: decade, popularity, popularity_band, category
    users.csv     all users: gender, age_band
    history.csv   what each user rated before
    relevant.csv  what each user rated 4 or 5 afterwards

Needs Python 3.9 or newer and nothing else, and takes a few seconds. No random numbers: the same folder gives the
same bytes.
"""

import csv
import heapq
import math
import pathlib
import sys
from collections import Counter, defaultdict

PLACES = 10  # so long are the lists
LATER = 0.2  # this share of each user's ratings, the latest, are what a list is held against
GOOD = 4  # a film with this rating or a better one was worth recommending
NEIGHBOURS = 50  # so many films count as like a film

# u.item has a column for each genre, in this order.
GENRES = [
    "unknown", "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime", "Documentary", "Drama", "Fantasy",
    "Film-Noir", "Horror", "Musical", "Mystery", "Romance", "Sci-Fi", "Thriller", "War", "Western",
]  # fmt: skip


def by_number(text):
    """Ids are numbers; others, if there are any, come behind them."""
    return (0, int(text), "") if text.isdecimal() else (1, 0, text)


def lines(path, separator, fields):
    """The fields of each line. The files are in Latin 1, and hold no quotes that mean anything."""
    with open(path, encoding="latin-1", newline="") as handle:
        for number, line in enumerate(handle, 1):
            cells = line.rstrip("\r\n").split(separator)
            if cells == [""]:
                continue
            if len(cells) < fields:
                sys.exit(f"{path}, line {number}: {len(cells)} fields, and at least {fields} were expected")
            yield cells


def decade(released):
    """`01-Jan-1995` is of the 1990s. Films before 1960 are few and go together."""
    year = released[-4:]
    if not year.isdecimal():
        return ""
    return "before 1960" if int(year) < 1960 else f"{int(year) // 10 * 10}s"


def age_band(age):
    if not age.isdecimal():
        return ""
    for limit, band in [(25, "under 25"), (35, "25-34"), (50, "35-49")]:
        if int(age) < limit:
            return band
    return "50 and over"


def read(folder):
    """The films with decade and category, the users, and the ratings of each user from the first to the last."""
    films = {}
    for cells in lines(folder / "u.item", "|", 5 + len(GENRES)):
        flags = cells[5 : 5 + len(GENRES)]
        # A film may be of several genres. Its category is the first that is marked.
        genre = next((genre for genre, flag in zip(GENRES, flags) if flag == "1"), "")
        films[cells[0]] = {"decade": decade(cells[2]), "category": "" if genre == "unknown" else genre}
    users = {}
    for user, age, gender, *_ in lines(folder / "u.user", "|", 5):
        users[user] = {"gender": {"F": "female", "M": "male"}.get(gender, ""), "age_band": age_band(age)}
    ratings = defaultdict(list)
    for user, film, rating, time, *_ in lines(folder / "u.data", "\t", 4):
        ratings[user].append((int(time), by_number(film), film, int(rating)))
    for of_user in ratings.values():
        of_user.sort()
    return films, users, ratings


def split(ratings):
    """What each user rated before, and what he rated well afterwards. Of a single rating nothing is afterwards."""
    before, wanted = {}, {}
    for user, of_user in ratings.items():
        cut = len(of_user) - int(len(of_user) * LATER)
        before[user] = list(dict.fromkeys(film for _, _, film, _ in of_user[:cut]))
        later = dict.fromkeys(film for _, _, film, rating in of_user[cut:] if rating >= GOOD)
        wanted[user] = [film for film in later if film not in set(before[user])]
    return before, wanted


def best(scores, seen):
    """The films with the highest scores that the user has not rated; of equal ones the lower id."""
    unseen = ((score, film) for film, score in scores.items() if film not in seen)
    return [film for _, film in heapq.nsmallest(PLACES, unseen, key=lambda pair: (-pair[0], by_number(pair[1])))]


def most_popular(times, before):
    return {user: best(times, set(seen)) for user, seen in before.items()}


def nearest(times, before):
    """For each film those most often rated by the same users: n(both) / sqrt(n(one) n(other))."""
    both = defaultdict(Counter)
    for seen in before.values():
        for film in seen:
            both[film].update(seen)
    near = {}
    for film, others in both.items():
        del others[film]
        like = {other: n / math.sqrt(times[film] * times[other]) for other, n in others.items()}
        near[film] = heapq.nsmallest(NEIGHBOURS, like.items(), key=lambda pair: (-pair[1], by_number(pair[0])))
    return near


def knn(times, before):
    near = nearest(times, before)
    lists = {}
    for user, seen in before.items():
        scores = defaultdict(float)
        for film in seen:
            for other, like in near[film]:
                scores[other] += like
        lists[user] = best(scores, set(seen))
    return lists


def popularity_bands(times, films):
    """Thirds of the films by how often they were rated. Films rated equally often are in one band."""
    counts = sorted(times[film] for film in films)
    low, high = counts[len(counts) // 3], counts[len(counts) * 2 // 3]
    return {film: "rare" if times[film] < low else "middle" if times[film] < high else "popular" for film in films}


def write(path, header, rows):
    with open(path, "w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def main(source, target):
    films, users, ratings = read(pathlib.Path(source))
    before, wanted = split(ratings)
    times = Counter(film for seen in before.values() for film in seen)
    everybody = sorted(before, key=by_number)
    target = pathlib.Path(target)
    target.mkdir(parents=True, exist_ok=True)
    for name, lists in [("popular", most_popular(times, before)), ("knn", knn(times, before))]:
        rows = [(user, place, film) for user in everybody for place, film in enumerate(lists[user], 1)]
        write(target / f"{name}.csv", ["user_id", "rank", "item_id"], rows)
    bands = popularity_bands(times, films)
    rows = [(film, of["decade"], times[film], bands[film], of["category"]) for film, of in films.items()]
    write(target / "items.csv", ["item_id", "decade", "popularity", "popularity_band", "category"], rows)
    write(target / "users.csv", ["user_id", "gender", "age_band"], [(user, *of.values()) for user, of in users.items()])
    category = {film: of["category"] for film, of in films.items()}
    rows = [(user, film, category.get(film, "")) for user in everybody for film in before[user]]
    write(target / "history.csv", ["user_id", "item_id", "category"], rows)
    write(target / "relevant.csv", ["user_id", "item_id"], [(user, film) for user in everybody for film in wanted[user]])
    without = sum(1 for user in everybody if not wanted[user])
    print(f"{len(everybody)} users, {len(films)} films; {without} users rated no film {GOOD} or better afterwards")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
