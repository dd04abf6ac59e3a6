"""Languages by their codes of three letters, which ONIX asks for."""

from __future__ import annotations

# ISO 639-2/B (bibliographic codes), by the codes of ISO 639-1.
_CODES = """
af afr  ar ara  az aze  be bel  bg bul  bn ben  bs bos  ca cat  cs cze  cy wel  da dan  de ger
el gre  en eng  eo epo  es spa  et est  eu baq  fa per  fi fin  fo fao  fr fre  ga gle  gl glg
gu guj  he heb  hi hin  hr hrv  hu hun  hy arm  ia ina  id ind  is ice  it ita  ja jpn  ka geo
kk kaz  km khm  kn kan  ko kor  la lat  lb ltz  lo lao  lt lit  lv lav  mk mac  ml mal  mn mon
mr mar  ms may  mt mlt  my bur  nb nob  ne nep  nl dut  nn nno  no nor  oc oci  pa pan  pl pol
ps pus  pt por  rm roh  ro rum  ru rus  sa san  se sme  si sin  sk slo  sl slv  sq alb  sr srp
sv swe  sw swa  ta tam  te tel  th tha  tk tuk  tl tgl  tr tur  uk ukr  ur urd  uz uzb  vi vie
yi yid  zh chi  zu zul
"""
_WORDS = _CODES.split()
THREE = dict(zip(_WORDS[::2], _WORDS[1::2], strict=True))
UNDETERMINED = "und"


def three_letters(tag: str) -> str:
    """Give the code of a language tag's language; that of none where it is not known."""
    primary = tag.split("-", 1)[0].lower()
    return THREE.get(primary) or (primary if len(primary) == 3 else UNDETERMINED)
