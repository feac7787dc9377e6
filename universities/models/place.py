"""Prefectures (JIS X 0401) and the eight regions they form; Niigata counts as Chubu."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Prefecture(models.TextChoices):
    HOKKAIDO = "01", _("Hokkaido")
    AOMORI = "02", _("Aomori")
    IWATE = "03", _("Iwate")
    MIYAGI = "04", _("Miyagi")
    AKITA = "05", _("Akita")
    YAMAGATA = "06", _("Yamagata")
    FUKUSHIMA = "07", _("Fukushima")
    IBARAKI = "08", _("Ibaraki")
    TOCHIGI = "09", _("Tochigi")
    GUNMA = "10", _("Gunma")
    SAITAMA = "11", _("Saitama")
    CHIBA = "12", _("Chiba")
    TOKYO = "13", _("Tokyo")
    KANAGAWA = "14", _("Kanagawa")
    NIIGATA = "15", _("Niigata")
    TOYAMA = "16", _("Toyama")
    ISHIKAWA = "17", _("Ishikawa")
    FUKUI = "18", _("Fukui")
    YAMANASHI = "19", _("Yamanashi")
    NAGANO = "20", _("Nagano")
    GIFU = "21", _("Gifu")
    SHIZUOKA = "22", _("Shizuoka")
    AICHI = "23", _("Aichi")
    MIE = "24", _("Mie")
    SHIGA = "25", _("Shiga")
    KYOTO = "26", _("Kyoto")
    OSAKA = "27", _("Osaka")
    HYOGO = "28", _("Hyogo")
    NARA = "29", _("Nara")
    WAKAYAMA = "30", _("Wakayama")
    TOTTORI = "31", _("Tottori")
    SHIMANE = "32", _("Shimane")
    OKAYAMA = "33", _("Okayama")
    HIROSHIMA = "34", _("Hiroshima")
    YAMAGUCHI = "35", _("Yamaguchi")
    TOKUSHIMA = "36", _("Tokushima")
    KAGAWA = "37", _("Kagawa")
    EHIME = "38", _("Ehime")
    KOCHI = "39", _("Kochi")
    FUKUOKA = "40", _("Fukuoka")
    SAGA = "41", _("Saga")
    NAGASAKI = "42", _("Nagasaki")
    KUMAMOTO = "43", _("Kumamoto")
    OITA = "44", _("Oita")
    MIYAZAKI = "45", _("Miyazaki")
    KAGOSHIMA = "46", _("Kagoshima")
    OKINAWA = "47", _("Okinawa")


class Region(models.TextChoices):
    HOKKAIDO = "hokkaido", _("Hokkaido region")
    TOHOKU = "tohoku", _("Tohoku region")
    KANTO = "kanto", _("Kanto region")
    CHUBU = "chubu", _("Chubu region")
    KINKI = "kinki", _("Kansai (Kinki) region")
    CHUGOKU = "chugoku", _("Chugoku region")
    SHIKOKU = "shikoku", _("Shikoku region")
    KYUSHU = "kyushu", _("Kyushu and Okinawa region")


# The last prefecture code of each region, in the order of JIS X 0401.
REGION_ENDS: Final = (
    ("01", Region.HOKKAIDO),
    ("07", Region.TOHOKU),
    ("14", Region.KANTO),
    ("23", Region.CHUBU),
    ("30", Region.KINKI),
    ("35", Region.CHUGOKU),
    ("39", Region.SHIKOKU),
    ("47", Region.KYUSHU),
)


def region_of(prefecture: str) -> Region | None:
    """The region that a prefecture's code lies in; None for the empty code."""
    return next((region for end, region in REGION_ENDS if "" < prefecture <= end), None)


def prefectures_of(region: str) -> list[Prefecture]:
    """The prefectures that form a region."""
    return [prefecture for prefecture in Prefecture if region_of(prefecture) == region]


def region_of_prefecture() -> models.Case:
    """The column expression that turns `prefecture` into its region."""
    return models.Case(
        *(models.When(prefecture__lte=end, then=models.Value(str(region))) for end, region in REGION_ENDS),
        default=models.Value(""),
        output_field=models.CharField(max_length=8),
    )
