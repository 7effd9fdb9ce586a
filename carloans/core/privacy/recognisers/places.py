"""States and the words that US addresses are made of (USPS Publication 28, appendices B and C)."""

from carloans.core.text import words

#: First digits of the ZIP codes of each state, territory and military district.
STATE_FIRST_DIGITS: dict[str, str] = {
    "AL": "3", "AK": "9", "AZ": "8", "AR": "7", "CA": "9", "CO": "8", "CT": "0", "DE": "1", "DC": "2", "FL": "3",
    "GA": "3", "HI": "9", "ID": "8", "IL": "6", "IN": "4", "IA": "5", "KS": "6", "KY": "4", "LA": "7", "ME": "0",
    "MD": "2", "MA": "0", "MI": "4", "MN": "5", "MS": "3", "MO": "6", "MT": "5", "NE": "6", "NV": "8", "NH": "0",
    "NJ": "0", "NM": "8", "NY": "10", "NC": "2", "ND": "5", "OH": "4", "OK": "7", "OR": "9", "PA": "1", "RI": "0",
    "SC": "2", "SD": "5", "TN": "3", "TX": "78", "UT": "8", "VT": "0", "VA": "2", "WA": "9", "WV": "2", "WI": "5",
    "WY": "8", "PR": "0", "VI": "0", "GU": "9", "AS": "9", "MP": "9", "AE": "0", "AP": "9", "AA": "3",
}  # fmt: skip
#: Codes that are words when a whole sentence is in capitals.
ALSO_WORDS = words("AL AS CO DE HI ID IN LA MA ME OH OK OR PA")
#: The others, which no small letters make a word.
STATE_CODES = "|".join(code.lower() for code in STATE_FIRST_DIGITS if code not in ALSO_WORDS)

STATE_NAMES = (
    "alabama|alaska|arizona|arkansas|california|colorado|connecticut|delaware|florida|georgia|hawaii|idaho|"
    "illinois|indiana|iowa|"
    "kansas|kentucky|louisiana|maine|maryland|massachusetts|michigan|minnesota|mississippi|missouri|montana|"
    "nebraska|nevada|"
    "new hampshire|new jersey|new mexico|new york|north carolina|north dakota|ohio|oklahoma|oregon|"
    "pennsylvania|rhode island|"
    "south carolina|south dakota|tennessee|texas|utah|vermont|virginia|washington|west virginia|wisconsin|"
    "wyoming|puerto rico"
)

#: Street words that are hardly ever anything else behind a number and a name.
PLAIN_SUFFIXES = (
    "street|str|st|avenue|aven|ave|av|boulevard|boul|blvd|lane|ln|drive|drv|dr|road|rd|court|ct|circle|circ|"
    "cir|parkway|pkway|pkwy|pky|"
    "highway|hwy|terrace|terr|ter|place|pl|plaza|plz|expressway|expy|freeway|fwy|turnpike|tpke|alley|aly|"
    "causeway|cswy|concourse|"
    "crescent|cres|trail|trl|way|square|sq|loop|broadway|"
    # slips of the keyboard that spell nothing else
    "bvld|blvrd|bldv|bulevard|boulavard|boulevar|aveneu|avenu|avnue|stret|streat|steet|srteet|raod"
)
#: Street words that are also common nouns; they need a capital letter or an address around them.
WORDY_SUFFIXES = (
    "annex|arcade|bayou|beach|bend|bluffs?|bottom|branch|bridge|brooks?|burgs?|bypass|camp|canyon|cape|"
    "center|centers|cliffs?|club|common|commons|"
    "corners?|course|courts|coves?|creek|crest|crossing|crossroads?|curve|dale|dam|divide|drives|estates?|"
    "extensions?|falls?|ferry|fields?|"
    "flats?|fords?|forest|forges?|forks?|fort|gardens?|gateway|glens?|greens?|groves?|harbors?|haven|heights|"
    "hills?|hollow|inlet|islands?|"
    "isle|junctions?|keys?|knolls?|lakes?|land|landing|lights?|loaf|locks?|lodge|mall|manors?|meadows?|mews|"
    "mills?|mission|motorway|mount|"
    "mountains?|neck|orchard|oval|overpass|park|parks|parkways|pass|passage|path|pike|pines?|plains?|point|"
    "points|ports?|prairie|radial|"
    "ramp|ranch|rapids?|rest|ridges?|river|roads|route|row|rue|run|shoals?|shores?|skyway|springs?|spurs?|"
    "squares|station|stravenue|stream|"
    "streets|summit|throughway|trace|track|trafficway|tunnel|underpass|unions?|valleys?|via|viaduct|views?|"
    "villages?|ville|vista|walks?|wall|"
    "ways|wells?|xing|cv|pt|hl|rdg|vw|wy|grv|hts|holw|jct|lndg|mdws|psge|shrs|spgs|sta|vlg|vly|wls"
)
DIRECTION = r"(?:north|south|east|west|northeast|northwest|southeast|southwest|ne|nw|se|sw|[nsew])\.?"
UNIT = (
    r"(?:[,/]?\s*(?:apartments?|apt|unit|suite|ste|bldg|building|floor|fl|room|rm|lot|trlr|trailer|space|spc|"
    r"penthouse|ph|apto|depto|departamento|apartamento|no|dock|door|gate|piso|interior|int)"
    r"\b\.?\s*(?:#|no\.?|number)?\s*(?:[a-z]|(?=[a-z-]*\d)[a-z0-9-]{1,9})(?![\w-])|,?\s*#\s*[a-z0-9-]{1,9}\b|"
    r",?\s*(?:\d{1,2}(?:st|nd|rd|th)|first|second|third|top)\s(?:floor|fl)\b|"
    r",?\s*(?:rear|upstairs|downstairs|(?:primer|segundo|tercer|cuarto) piso|planta (?:baja|alta))\b|"
    r",?\s*(?:apartment|apt|unit|suite|apartamento|depto) (?:one|two|three|four|five|six|seven|eight|nine|ten|"
    r"uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez)\b)"
)
#: Vehicle makes: "2015 Buick Park Avenue" is a car.
MAKES = words(
    """
    acura alfa audi bentley bmw buick cadillac caddy chevrolet chevy chrysler dodge ferrari fiat ford genesis gmc
    honda hummer hyundai infiniti isuzu jaguar jeep kia lamborghini lexus lincoln lucid maserati mazda mercedes
    mercury mini mitsubishi nissan oldsmobile plymouth polestar pontiac porsche ram rivian saab saturn scion smart
    subaru suzuki tesla toyota volkswagen volvo vw focus fiesta edge explorer escape fusion impala camaro malibu
    harley ducati triumph kawasaki yamaha tahoe silverado sierra civic accord camry corolla altima sentra rogue mustang
    """
)
