#!/usr/bin/python3
"""Writes the reference tables of the speech tests: what others say.

Needs Debian's python3-icu (Unicode's spell-out rules, calendars and day periods) and
python3-convertdate (a second Iranian calendar, which must agree). Run it in this
folder when a table is to grow; tests read only what it wrote.
"""
import datetime
import random

import icu
from convertdate import persian

random.seed(1405)


def speller(lang, rules):
    f = icu.RuleBasedNumberFormat(icu.URBNFRuleSetTag.SPELLOUT, icu.Locale(lang))
    f.setDefaultRuleSet(rules)
    return lambda n: f.format(n)


en, fa = speller("en", "%spellout-cardinal"), speller("fa", "%spellout-cardinal")
en_ordinal, en_year = speller("en", "%spellout-ordinal"), speller("en", "%spellout-numbering-year")


def write(name, rows):
    with open(name, "w", encoding="utf-8") as out:
        for row in rows:
            out.write("\t".join(str(x) for x in row) + "\n")


# Numbers: all small ones, the edges of every range, and 60 of each length.
numbers = set(range(131)) | set(range(100, 1000, 100)) | set(range(1000, 20000, 1000))
for length in range(3, 13):
    low, high = 10 ** (length - 1), 10**length
    numbers |= {low, low + 1, high - 1, high // 2}
    numbers |= {random.randrange(low, high) for _ in range(60)}
    numbers |= {random.randrange(low, high) // 1000 * 1000 for _ in range(10)}
    numbers |= {low + random.randrange(1, 1000) for _ in range(5)}
write("icu-numbers.tsv", [(n, en(n), fa(n), en_ordinal(n)) for n in sorted(numbers)])
write("icu-years.tsv", [(y, en_year(y)) for y in range(1300, 2101)])


# Dates: a thousand days of 1370 to 1450, as both calendars and the weekday have them.
def formatter(pattern, locale):
    f = icu.SimpleDateFormat(pattern, icu.Locale(locale))
    f.setTimeZone(icu.TimeZone.createTimeZone("UTC"))
    return f


fields = formatter("y\tM\td", "en@calendar=persian")
columns = [formatter("EEEE", "en"), formatter("EEEE", "fa"), formatter("MMMM", "en"),
           formatter("MMMM", "fa@calendar=gregorian"), formatter("MMMM", "en@calendar=persian"),
           formatter("MMMM", "fa@calendar=persian")]
first, rows = datetime.date(1991, 3, 21), []
for day in sorted(random.sample(range(81 * 365), 1000)):
    date = first + datetime.timedelta(day)
    moment = datetime.datetime(date.year, date.month, date.day, 12, tzinfo=datetime.timezone.utc).timestamp()
    jalali = fields.format(moment)
    assert tuple(int(x) for x in jalali.split("\t")) == persian.from_gregorian(date.year, date.month, date.day), date
    rows.append([date.isoformat(), jalali] + [c.format(moment) for c in columns])
write("icu-dates.tsv", rows)

# Every half hour of a day: the hour of twelve, its part of the day in Persian, a.m. or p.m.
parts, halves = formatter("h\tB", "fa@numbers=latn"), formatter("a", "en")
write("icu-hours.tsv", [(f"{s // 3600}:{s // 60 % 60:02}", parts.format(float(s)), halves.format(float(s)))
                        for s in range(0, 86400, 1800)])
