"""application_falsification: nothing untrue goes into an application, by our hand or by our hint."""

from cathy.guardrails.claims.rule import Rule, Short, says

_FIELD = "(income|salary|pay|earnings|wage*|job|employer|employment|work|address|debt*|loan*|bankruptcy|repossession|repo|rent|house|home|mortgage|tenure|start date|hire date|dates|phone|number*|social|ssn|name|months|years|child support|alimony|dependents|expenses|pay stub*|paystub*|paperwork|documents|w2|application|form|down payment|title|ingreso*|sueldo|salario|trabajo|empleo|empleador|direccion|deuda*|bancarrota|nombre|renta|numero|seguro|solicitud|formulario|recibo*|comprobante*|talon*|antiguedad|co signer|driver|use|mileage|references|reference|boss|bank statement*|score)"
_TRUE = ("(real|really|true|actual|correct|honest*|accurate|truth*|verdad*|verdader*|right|exact) ~6", "(never|do not|please do not|can not|not|nunca|no) ~2 (put|say|use|make|change|list|write|add|leave|invent*|lie|help|pon*|dig*|cambi*|alter|edit|inflate|round|pretend)", "it is (important|best) ~6", "if you (made a typo|have moved|moved)", "(correct|fix|update) ~4 (if|typo|mistake)", "that is not true", "unless you want", "come back to")  # fmt: skip
_W = frozenset({"disclaimed", "negated"})

RULE = Rule(
    name="application_falsification",
    source="18 USC 1014 and 1344 (false statements to a lender, bank fraud); state law on straw purchases",
    patterns=(
        *says(
            "{do} (put|write|say|list|enter|claim|state that|tell (them|the ~1|him|her)|type|use|give|report|show|declare|pon|ponga|di|diga|escribe|escriba|declara|declare|reporta|coloca|anota|dile*|indica|go with|mark) ~5 (higher|bigger|more|larger|extra|better|inflated|fake|false|made up|different|older|longer|lower|less|fewer|old|previous|another|mas alt*|mayor*|mas|menos|fals*|inventad*|otr*|menor*) ~3 (" + _FIELD[1:-1] + "|than|que|number|amount|figure|cantidad|de lo que|,|.|!|de los|so)",
            "(put|say|list|enter|write|claim|tell them|state|type|show|pon|di|escribe|declara) ~3 (#|a higher|a bigger|more|mas) ~4 (nobody|no one|they|nadie|it helps|helps|looks|anyway|everyone|instead|so|checks|verif*|revisa|ayuda|en vez|even if|even though|aunque|will never|never)",
            "{do} (say|tell (them|the ~1|him|her) ~1|claim|write|put|list|pretend|state that|act like|make (it)? look like|make it seem|let on|di|diga|dile*|pon|finge|finja|haz como|hagamos|haz parecer|mark|swear|report) ~2 (that)? ~1 (you|your|tu|usted|que|you ve) ~3 (been|have|has|own*|work*|live*|make*|earn*|are|rent|still|had|get|llevas|tienes|eres|ganas|trabajas|vives|ganes|owns|lived|longer|employed|trabajaras|boss|never) ~8",
            "{do} (leave|leaving|keep|hide|omit|skip|drop|conceal|forget|bury|exclude|deja|omite|oculta|esconde|quita|saca|no menciones|no mencione|no pongas|no digas|no incluyas|olvidate|calla|gloss over|play down|ignore) ~5 (" + _FIELD[1:-1] + "|part about|about) ~3 (off|out|quiet|secret|hidden|to yourself|fuera|it|blank so|from the (lender|form|dealer|application|bank)|bankruptcy|repossession|debts|bancarrota|deuda*|.|;|,|so|nadie|al|del|y)",
            "(do not|dont|never|no need to|you do not have to|no tienes que|no hace falta|not necessary to|better not|no|no hay que|no es necesario|why|need not) ~2 (mention*|tell*|disclose*|report|list|admit|bring up|reveal*|menciona*|menciones|mencione|digas|decir*|incluir|poner|say anything about|declare|put) ~5 (bankruptcy|repossession|repo|debt*|lost|job loss|loan*|eviction|uber|lyft|judgment*|collections|late|other|fired|laid off|unemployed|bancarrota|deuda*|desempleo|perdiste|embargo|second job|that you|dealer that|lender about|child support|garnish*|accident|layoff|divorce)",
            "(change|edit|alter|fake|forge|photoshop|doctor|adjust|fudge|inflate|pad|massage|tweak|bump|fabricate|falsify|invent|invent*|make up|create|backdate|back date|round|boost|modify|beef up|exaggerate|stretch|embellish|increase|cambi*|falsific*|alter*|inflar*|infla|invent*|edit*|exagera*|aumenta*|ajust*|retoc*|sube|redondea|print|whip up|touch up|manufacture|dress up) ~4 (" + _FIELD[1:-1] + "|truth|figures|things|history|record*|story|cifras|verdad|datos|numeros|date)",
            "(fudge|lie|lying|mentir|miente|mienta|fib|white lie|little lie|bend the truth|stretch the truth|mentirita|creative with) ~6",
            "(use|using|put|borrow|give|enter|usa|use|pon|ponga|utiliza|list) ~4 (someone else|somebody else|cousin|friend*|brother|sister|mother|mom|dad|father|aunt|uncle|relative*|parent*|wife|husband|neighbor|another person|other person|different person|roommate|son|daughter|primo|prima|hermano|hermana|amig*|mama|papa|tio|tia|otra persona|alguien mas|familiar|vecino|dead|child|kid) ~3 (address|name|social|ssn|number|income|identity|id|license|pay|credit|direccion|nombre|seguro|ingreso*|identidad|licencia|datos|so|on it|info|information|stub*|para|as the|and you|account)",
            "(have|get|ask|list|let|put|pide*|dile*|haz que|que) ~2 (a|your|tu|su)? ~1 (friend*|cousin|mom|mother|dad|brother|sister|buddy|relative|someone|neighbor|aunt|uncle|amig*|primo|hermano|mama|papa|alguien|wife|husband|son) ~3 (pretend*|pose|vouch|act as|say (he|she|they|you)|sign for you|finja*|se haga|as the (driver|buyer|owner|borrower)|apply (for you|in (his|her|their) name)|take (it|the loan) out for you|buy it for you|claim|lie|diga*|be the (buyer|driver)|como (conductor|comprador)|as your (boss|employer|landlord))",
            "(straw (purchase|buyer)|prestanombre*|ghost (employee|job|employer)|synthetic identity|fake (job|employer|pay ?stub*|pay stub*|document*|reference*|address|id|identity|letter))",
            "(nobody|no one|they|nadie|lenders|the lender|the bank|el banco|computer) ~1 (never|does not|do not|will not|wont|will never|rarely|hardly|checks|verifies|looks|notices|nunca|no|can not|ever|revisa|verifica|se da) ~2 (check*|verif*|notice*|find out|know|look*|call*|confirm*|catch*|revisa*|se enter*|se dan|sepa*|tell|cuenta|will know|ask)",
            "(they|lender|bank|nobody|dealer) (will)? never (find out|know|notice|check|verify|ask)",
            "(we|i) ~2 (will|can|could|ll|would|am going to|have|already|just|podemos|puedo|vamos a|voy a|let us) ~2 (put|write|say|mark|list|enter|report|raise|bump|add|poner|escribir|decir|marcar|invent*|inflar*|tell them|wrote|set) ~3 (that)? ~2 (you|your|tu|que|down|it|the|a) ~2 (earn*|make|more|higher|have|own|income|salary|work*|live*|ganas|tienes|mas|ingreso*|trabajas|been|longer|full time|number|trabajo|empleador|up)",
            "(add|tack on|throw in|agrega*|suma|put in|pad|anade) ~3 (a few|an extra|some|another|#|extra|a couple|unos|few hundred) ~4 (income|box|salary|pay|month*|year*|to be safe|ingreso*|sueldo|earnings|hundred|bucks|job|tenure|hours|to it|to what you make)",
            "(round|bump|push|nudge) ~4 (up|it up) ~2 (to|a|by|so)",
            "(everyone|everybody|todos|todo el mundo|most people|lots of people) ~1 (does|lies|do it|fudges|rounds|lo hace|hacen|exagera|inflates|mienten|pads|stretches)",
            "(between (us|you and me)|our (little)? secret|entre nosotros|off the record|wink|nuestro secreto) ~6",
            "as if you ~2 (still|worked|lived|owned|had|earned|were) ~3",
            "como si (todavia|aun|trabajaras|vivieras|tuvieras|ganaras) ~3",
            "(so|that way|para que|asi) (it|that|they|you|se) ~3 (look* better|looks good|goes through|go through|passes|parezca|pase|qualif*|aprueb*|get* through|does not show|approve*|se vea mejor|think*|match*)",
            "(sign|firma*|initial) ~3 (her|his|their|someone else|your wife|your husband|for him|for her|in (his|her)|por el|por ella|spouse|co signer) ~2 (name|signature|behalf|nombre)?",
            guards=_W, unless=(*_TRUE, "alimony", "(your (safety|privacy)|private|seguridad)", "(consider|considered)", "(my|our) (number|phone|line|team)", "you (said|told|mentioned|entered) ~8 (?|shall|is that)"),
        ),
        *says("(do not|dont|no) (mention|tell|menciones|digas|list|mencione) ~6 (bankruptcy|repossession|lost|bancarrota|debts|job|deuda*|unemploy*|dealer that|other loan*)", guards=frozenset(), unless=("alimony", "want ~2 considered", "leave out")),
        *says("(leave|skip|hide|omit) ~6 (bankruptcy|debt*|repossession|repo|other loan*|loans) ~4 (off|out|form|find out|never|blank|.)", guards=frozenset({"negated", "disclaimed"})),
        *says("no (menciones|pongas|digas|incluyas|mencione|ponga|diga|incluya) ~4", guards=frozenset(), unless=("seguro", "aqui", "cuenta", "no sea", "verdad", "real", "fals*", "chat", "tarjeta")),
    ),
    answers=(
        Short("(make|earn|income|job|employ*|debt*|bankruptcy|repo*|lie|higher|say|leave|address|gano|trabajo|deuda*|ingreso*|work|unemployed|between jobs|pay stub*)",
              "(write|put|just|say|list|yes|sure|that is fine|go ahead|pon|di|you can|it is fine|no problem|use|round|nobody|si|claro|enter|tell them) ~5 (#|old|as if|more|higher|leave|put|say|still|nobody|anyone|not mention|helps|instead|mas|write|off|fine|whatever|different|skip|no one|out|it up)",
              unless=("(real|really|true|honest*|actual|do not|please do not|accurate|verdad|never|can not|lender|currently|earn now|have right now)",)),
    ),
    bad=("Just put a higher income, nobody checks.", "Leave your other debts off the form.", "Di que llevas dos años en el trabajo."),
    good=("Please put your real income.", "I can't change your income for you.", "Todo lo que escribas debe ser verdad."),
)
