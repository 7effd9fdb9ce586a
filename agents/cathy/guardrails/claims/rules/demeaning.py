"""demeaning_or_unprofessional: no labels, insults, blame, flirting, swearing or sneers."""

from cathy.guardrails.claims.rule import REPORTED, Rule, says

_INSULT = "(stupid|dumb|idiot*|moron*|fool|foolish|ridiculous|pathetic|loser*|deadbeat*|lazy|ignorant|clueless|incompetent|irresponsible|careless|reckless|broke|poor people|trash*|worthless|embarrassing|disgusting|shameful|beggar*|beggars|ashamed|dense|slow learner|crazy|insane|delusional|illiterate|useless|hopeless|a mess|a disaster|a joke|a failure|ungrateful|dimwit|imbecil*|tont*|idiota*|estupid*|ridicul*|ignorante*|irresponsable*|floj*|vergonzos*|inutil*|desastre|patetic*|perdedor*|menso*|bruto|burro|moros*|fracasad*|pobret*|tacan*|desgraciad*|incapaz|childish|whiny|pitiful|laughable|sad excuse|nobody like you|low life|lowlife|leech*|freeloader*|bums|bum|cheapskate|drama queen)"
_CREDIT = "(credit|score|history|finances|financial situation|money|record|report|situation|past|credito|puntaje|historial|finanzas|dinero|fico|file|rating)"
_SWEAR = "(hell|damn|damned|dammit|shit*|bullshit|crap|crappy|ass|asshole|fuck*|bitch*|wtf|stfu|bs|piss*|bastard|jerk|screw you|carajo|mierda|maldit*|pendej*|cabron*|joder|coño|cono|chinga*|culo|puta|puto|pinche)"
_SAFE = ("(not|no|never|nothing|isn t|hay) ~4 (stupid|dumb|silly|bad|ashamed|foolish|tont*|fault|judg*|wasting|ridiculous|problem|shame|embarrass*|crazy|a mess)", "(sorry|lamento|siento) ~12", "(our|my) (mistake|fault|error|mess)", "(called|calling|treated) you", "labels?", "welcome", "take a breath", "hot weather")  # fmt: skip

RULE = Rule(
    name="demeaning_or_unprofessional",
    source="FTC Act s. 5 and CFPA 12 USC 5531 (abusive acts); our tone policy: no labels for credit situations",
    patterns=(
        *says(
            "(bad|poor|terrible|awful|lousy|horrible|damaged|trashy|trashed|ruined|wrecked|weak|ugly|shaky|disastrous|pathetic|shitty|crappy|dismal|embarrassing|garbage|miserable|rotten|mal|mala|malo|pesim*|horribl*|terribl*|arruinad*|subprime|sub prime|toxic|messed up|screwed up|bruised|nasty|abysmal|sketchy|rough) ~1 {c} ~1".replace("{c}", _CREDIT),
            "(your|tu|su|that|a|with) ~1 {c} ~2 (is|was|looks|are|es|esta|as bad as|s) ~3 (bad|poor|terrible|awful|lousy|horrible|a disaster|a mess|pathetic|trash|garbage|a joke|embarrassing|ruined|mal*|pesim*|horrible|un desastre|laughable|wrecked|shot|in the toilet|ugly|disgusting|shameful|a wreck|scary|dismal|junk|sad|ridiculous|weak|una verguenza|the worst|subprime)".replace("{c}", _CREDIT),
            "(subprime|sub prime|deep subprime|sub - prime|credit challenged|credit - challenged|high risk borrower*|risky borrower*|bad borrower*|problem borrower*|delinquent|deadbeat*|second chance people|bottom of the barrel)",
            "(you|u|your|eres|es usted|es|that is|this is|what|how|are you|being|such|usted|tu|so|qu?e|que|pregunta|question|with|like|people|only|acting|pretty|another|some|no seas|no sea|seas|sounds|look*|feel|an|a|these|of|the) ~3 {i} ~3".replace("{i}", _INSULT).replace("qu?e|", ""),
            "{i} (question|idea|person|borrower*|customer*|like you|mistake|people|decision*|pregunta|spending|choices|lie|way|thing to (say|ask))".replace("{i}", _INSULT),
            "(people|customers|borrowers|folks|someone|gente|personas|person|those|clientes|families|men|women) (like|as|such as|como|in) (you|your|yours|tu|usted|ustedes|ti) ~8",
            "(messed|screwed|fucked|ruined|wrecked|blew|trashed|destroyed|botched|wasted|arruin*|echaste|echo|tiraste|destruiste) ~1 (up)? ~2 (your|tu|su|it|everything|all) ~3 (credit|finances|finance*|score|money|life|chance*|up|credito|finanzas|dinero|vida|a perder|again|todo)",
            "(^|,|please|just|and|now|so|yo|ya|me) (stop|quit|deja de|deje de|no me) ~2 (wasting|waste|hacer* ~2 perder|perder|whining|complaining|crying|bothering|being|bugging|asking|acting|moaning|molest*|quejar*|llorar|making excuses|repeating|pretending)",
            "(wast*|perd*) ~2 (my|our|mi|nuestro|everyone s) (time|tiempo|energy)",
            "(calm down|chill out|relax , it|relax already|get over it|grow up|shut up|shut your|suck it up|deal with it|get a life|get lost|go away|give me a break|oh please|^ whatever (.|!|,)|duh|blah|yawn|boo hoo|cry me|learn to read|learn to|can not you read|do you (even)? (read|understand|know how)|are you (deaf|blind|serious|kidding|stupid|listening|dumb|even|drunk|high)|pay attention|use your (head|brain)|wake up|calmate|callate|tranquilizate|madura|no me digas|aprende a|crece de una|bajale|stop it|quit it|knock it off|told you (already|before|twice|a hundred)|as i (already)? (said|told)|how many times|read it again|figure it out|not my problem|do not care|could not care less|who cares|no me importa|me da igual|no es mi problema|que te importa|who asked|mind your own|none of your business|cry about|lighten up|man up|stop being|take it or leave it|be grateful|you asked for it|good luck with that|too bad|tough luck|mala suerte tuya|te aguantas|ni modo)",
            "(your|tu|su|all your|its your|it is your) ~1 (own)? (fault|culpa|doing|mess|problem , not)",
            "(you|u|usted|tu|te) ~2 (should|ought to|must|deberias|deberia|debes) ~2 (be ashamed|feel ashamed|be embarrassed|have (known|paid|saved|thought|been)|know better|dar* verguenza|avergonz*|haber|tener verguenza|learn to|be grateful|take whatever)",
            "(beggars|mendigos) ~4 (choosers|escog*)",
            "(can not|not|no) ~2 (be picky|afford to be (picky|choosy)|puedes exigir|exigir|ponerte exigente|ser exigente|be choosy|expect (better|much|more)|really complain|be demanding)",
            "take (whatever|what) (they|you|we|s) ~2 (give|get|offer|left)",
            "{s} ~8".replace("{s}", _SWEAR),
            "(what|who|why) the (heck|fuck|f|hell|devil)",
            "(hey|hi|hello|ok|listen|look|sure|oye|hola|well|bye|thanks|alright|gracias|come on) ,? ~1 (beautiful|gorgeous|sexy|handsome|sweetie|sweetheart|hottie|cutie|babe|baby|darling|honey|mi amor|guap*|hermos*|preciosa|corazon|mamacita|papi|bebe|linda|cielo|dude|bro|dummy|dumbo|idiot|buddy boy|genius|einstein|princess|missy|little lady|toots|doll|carino)",
            "(sexy|hottie|sweet cheeks|mamacita|mi amor|guapa|guapo|preciosa|sweetheart|babe|sweetie|hot stuff|darling|sugar|honey bun)",
            "(you|u|te|te ves|estas|your) ~2 (sound|look|seem|are|voice is|must be|ves|pictures are|smell) ~2 (hot|sexy|cute|gorgeous|attractive|pretty|delicious|lonely|linda|guap*|rica|bonit*|single)",
            "(date me|go out with me|are you single|give me your number and i|have a drink|kiss you|marry me|flirt*|salir conmigo|un beso|see you naked|your place or mine)",
            "(lol|lmao|rofl|haha|jaja|jajaja|lmfao|hahaha) ~2 (at|you|your|score|that|what|nice|good|seriously|sure|really|,|no)?",
            "(wow|yikes|ouch|ugh|oof|geez|jeez|omg|ew|oh my god|uy|santo cielo) ,? ~3 (your|that|score|what|how|tu|credit|history|esa|ese|this|a|you|is|people|pathetic)",
            "(annoying|sick of|tired of|fed up with|hate (talking|dealing|helping|customers)|can not stand|bored|boring|wish you would|i have better things|sick and tired|hart* de|cansad* de|me tienes|me molest*|aburrid*|no soporto) ~5 (you|your|customers|people|questions|ti|usted|this|chat|tus|sus|gente|clientes|to do|than|of|this)",
            "(must be|es que) ~2 (hard|nice|tough) ~2 (being|to be) (poor|broke|stupid|so|that|unemployed)",
            "(get a (real|better)? job|try working|work harder|stop spending|learn to (save|budget|manage|pay)|maybe if you (paid|worked|saved|had)|you would not be in this (mess|situation)|did you think|what did you expect|what were you thinking|que esperabas|que pensabas|ponte a trabajar|nobody wants|no one wants|living beyond|spend too much|you never pay|cant even|can not even (pay|afford|read|spell|type|manage|fill|follow)|even a (child|kid|monkey)|hasta un nino|my grandma could|your kind|gente como tu|obviously you|clearly you (do not|can not|are|did)|con razon|no wonder|for someone like you|someone with your|si supieras leer|sabes leer|un poco de sentido comun)",
            guards=frozenset({REPORTED}), unless=_SAFE,
        ),
    ),
    bad=("People with bad credit like yours can't be picky.", "That's a stupid question.", "No seas ridículo."),
    good=("That's not a stupid question at all.", "All credit situations are welcome here.", "No hay preguntas tontas."),
)
