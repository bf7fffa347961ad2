"""Sixty invented people for each clinic, with names that test a layout: long, short, accented, from right to left."""

from typing import Final

UNUSUAL: Final = (
    ("Wilhelmina-Alexandrine", "van Wolfeschlegelsteinhausen"),
    ("Zoë", "Müller-Lüdenscheidt"),
    ("محمد", "الفارسي"),
    ("שירה", "כהן"),
    ("Łukasz", "Żółkiewski"),
    ("Seán", "O’Brien"),
    ("María de los Ángeles", "Núñez Etxeberria"),
    ("李", "小龙"),
    ("Bjørk", "Guðmundsdóttir"),
    ("Nguyễn Thị", "Ánh"),
    ("Ng", "Y"),
    ("D’Andre", "St. James-Fitzgerald III"),
)
FIRST: Final = (
    *("Amara", "Bianca", "Caleb", "Delia", "Edwin", "Farah", "Gloria", "Hector", "Imani", "Jasper"),
    *("Kiara", "Leland", "Marisol", "Nadia", "Orson", "Priya", "Quincy", "Rosalind", "Silas", "Tamsin"),
    *("Ulises", "Vivian", "Wendell", "Xiomara", "Yusuf", "Zelda", "Anselm", "Beatriz", "Cedric", "Dahlia"),
    *("Emeka", "Fiona", "Greta", "Hiro", "Ilse", "Jovan", "Katya", "Lorenzo", "Mirela", "Noor"),
    *("Odette", "Paloma", "Rafferty", "Saoirse", "Teodor", "Uma", "Valencia", "Winston"),
)
LAST_OF_GLOW: Final = (
    *("Abernathy", "Bellweather", "Castellanos", "Dunmore", "Eastwick", "Fairbanks", "Galloway", "Hargreave"),
    *("Ibsen", "Jankowski", "Kettleburn", "Lindqvist", "Marchetti", "Northwood", "Oyelaran", "Pemberton"),
    *("Quintero", "Ravenscroft", "Silverstein", "Thackeray", "Umansky", "Villanueva", "Whitlock", "Yarrow"),
)
LAST_OF_RIVAL: Final = (
    *("Ashdown", "Brackenridge", "Carmichael", "Drummond", "Escobedo", "Farnsworth", "Goldfinch", "Halloran"),
    *("Iversen", "Juarez", "Kingsley", "Lockhart", "Montague", "Nakagawa", "Osterman", "Prescott"),
    *("Quarles", "Rosenthal", "Sandoval", "Tremblay", "Underhill", "Vandermeer", "Westergaard", "Zamani"),
)


def people(last: tuple[str, ...], shift: int) -> tuple[tuple[str, str], ...]:
    usual = tuple((first, last[(place * 5 + shift) % len(last)]) for place, first in enumerate(FIRST))
    return (*UNUSUAL, *usual)


GLOW_NAMES: Final = people(LAST_OF_GLOW, 0)
RIVAL_NAMES: Final = people(LAST_OF_RIVAL, 7)
