#!/usr/bin/python3
"""Writes when the years 1300 to 1500 begin, by the sun: the first day is the one whose
noon in Tehran is the first after the equinox (python3-convertdate, which reckons the
equinox by Meeus). ICU knows a rule of 33 years only, as this package does.

    ./equinox.py > equinox.tsv
"""
from convertdate import persian

for year in range(1300, 1502):
    print(year, "%d-%02d-%02d" % persian.to_gregorian(year, 1, 1), sep="\t")
