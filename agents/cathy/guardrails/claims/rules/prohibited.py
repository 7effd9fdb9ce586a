"""prohibited_basis: nothing is asked, inferred or said on a basis that the law forbids."""

from cathy.guardrails.claims.rule import NEGATED, REPORTED, Rule, Short, always, says

_GROUP = (
    "(race|racial|religion|religious|religions|faith|church|ethnic|ethnicity|nationality|national origin|skin color|color of your skin|accent|gender|sex|sexual orientation|pronouns"
    "|marital status|maiden name|citizenship|immigrant*|immigration|visa status|green card holder|foreign|foreigner*|birthplace|raza|religion|nacionalidad|origen|etnia|genero|sexo|estado civil|ciudadania|migratori*|inmigrante*|orientacion)"
)
_KIND = (
    "(women|woman|men|man|wives|wife|husbands|mothers|moms|mom|mother|ladies|lady|females|female|males|male|girls|single (mom*|mother*|parent*|women|men|people)|married (people|couples|women|men|folks)|divorced|widow*|black|blacks"
    "|white people|whites|asian*|latino*|latina*|hispanic*|mexican*|african*|arab*|muslim*|christian*|jewish|jews|catholic*|hindu*|indian*|chinese|immigrant*|foreigner*|foreign born|citizen*|americans|native*|gay|lesbian|trans"
    "|senior*|elderly|older (people|folks|applicants|customers|borrowers)|old people|young people|younger (people|applicants|borrowers)|retiree*|retired people|disabled|pregnant|refugee*|gringos|people your age|your kind|your people|those people|those kinds of people|kinds of people|people from"
    "|mujeres|hombres|madres|solteras|madre soltera|madres solteras|casad*|divorciad*|viud*|negros|latinos|mexicanos|inmigrantes|extranjeros|musulmanes|cristianos|catolicos|judios|ancianos|mayores|jubilados|discapacitados|embarazad*|jovenes|gente como usted|personas mayores)"
)
_AID = (
    "(welfare|food stamps|snap benefits|snap|public assistance|government assistance|public aid|disability|ssi|ssdi|social security (benefit*|income|check*)|unemployment|section 8|tanf|medicaid|benefits|child support|alimony|retirement income|pension|part time income|wic|ebt"
    "|asistencia publica|cupones de alimentos|estampillas|discapacidad|ayuda del gobierno|manutencion|pension|desempleo|seguro de desempleo|beneficios)"
)
_NEUTRAL = ("(counts|count) (too|like|as|the same|just|fine)", "(play*|make*|matter*|hace*|importa*) no (part|difference|diferencia)", "regardless of", "sin importar", "everyone (gets|is|has|answers)", "may not discriminate", "law", "no role", "welcome",
            "(does|do|will|would|is|are) not ~3 (matter|affect|change|play|consider*|factor|a problem|an issue|relevant|need*|ask*)", "(only|if you) ~3 want ~3 consider*")  # fmt: skip

RULE = Rule(
    name="prohibited_basis",
    source="ECOA, Reg B 12 CFR 1002.4, 1002.5(b), 1002.6(b): prohibited bases; state fair-lending law",
    patterns=(
        *says(
            "(are|were) you ~3 (married|single|divorced|widowed|separated|engaged|in a relationship|pregnant|expecting|hispanic|latino|latina|black|white|asian|muslim|christian|jewish|catholic|gay|straight|lesbian|trans|disabled|religious|retired because|male|female|a man|a woman|a citizen|citizen|an immigrant|immigrant|from here|from mexico|native|american|on (welfare|disability|food stamps|public|ssi|benefits|assistance)|undocumented|legal resident|u s|a veteran of|over 60|over 65|over 62|too old|elderly|planning ~3 (kids|children|baby|family)) ~8",
            "(what|which) ~3 " + _GROUP,
            "(what|which|tell me|may i ask|share|list|need|describe|confirm|state|put down|cual|dime|indique) ~4 (your|tu|su|you|the) ~2 " + _GROUP,
            "(where|what country|which country|what part of the world|de donde|de que pais|en que pais) ~4 (you|your|family|parents|people|ancestors) ~3 (originally|from|come from|born|immigrate*|native)",
            "(where|donde) (were you|was your family|naciste|nacio|nacieron) ~2 (born|raised|sus padres|tus padres|?|usted)",
            "(de donde|de que pais|cual es tu pais|de que parte) ~3 (eres|vienes|viene|es usted|es tu familia|tu familia|su familia|son tus|son sus)",
            "(how old are you|how old you are|what is your age|your exact age|tell me your age|que edad|cuantos anos tienes|cuantos anos tiene usted|cual es tu edad|su edad exacta|what age are you|what year were you born)",
            "(do|did|will|are) you ~3 (plan*|intend*|want|have|expecting|thinking|going|practice|pray|worship|go|attend|believe|speak) ~4 (kids|children|child|baby|pregnan*|maternity|family planning|church|mosque|temple|god|a religion|ramadan|english at home)",
            "(esta*|eres|es) ~1 (usted)? ~1 (casad*|solter*|divorciad*|embarazad*|viud*|ciudadan*|inmigrante|musulman*|catolic*|cristian*|negr*|latino|mexican*|extranjer*|indocumentad*) ~6",
            "(tienes|piensas tener|planeas tener|va a tener|tiene usted|piensa tener|vas a tener) ~2 (hijos|bebes|ninos)",
            "(since|because|as|being|given that|for|porque|como|siendo|por ser|ya que|por) ~3 (you are|your|a|an|eres|es|usted|tu|su) ~3 (" + _KIND[1:-1] + "|woman|" + _GROUP[1:-1] + "|accent|# , you|older|elderly|too old|old|religion|of that age|neighborhood)",
            _KIND + " ~4 (tend|usually|normally|often|typically|generally|get|have|pay|face|struggle|prefer*|go|are|do not|should|need|must|can not|make|default|tienen|suelen|pagan|deben|reciben|son|no|necesitan|always|never|receive|qualify) ~6",
            "(prefer|favor|only|mostly|like|want|avoid|careful|cautious|wary|hesita*|rather|better terms|extra|harder|trouble|tougher|prefieren|evitamos|cuidado|dudan|exclude|steer|serve|accept|take|work|lend|finance|deal|aceptamos|trabajamos|atendemos|prestamos) ~5 (" + _KIND[1:-1] + "|people on " + _AID[1:-1] + ")",
            "(at|with|for|considering|given|a|con|para) (your|tu|su) (age|edad) ~8",
            "(being|at|turning|over|past|tener|con) # ~3 (, you|years old|years of age|,|too old|might want|de edad|anos)",
            "(too old|too young|your age (is|makes|could|will|may|might)|old for a|edad avanzada|demasiado (viej*|mayor|joven))",
            "(muslim|christian|jewish|black|hispanic|latino|asian|female|male|women|immigrant*|foreign|disabled|elderly|senior|single|married|spanish speaking|noncitizen) (customers|applicants|borrowers|people|clients|buyers|folks|drivers|families) ~8",
            "(your|tu|su) (accent|last name|surname|name|skin|neighborhood|zip|apellido|acento|nombre|barrio|vecindario) ~5 (sounds|suggests|tells|foreign|suena|hispanic|latino|arab|asian|black|different|indica|because of|parece)",
            "(that|those|your) (neighborhood|area|part of town|side of town) ~4 (people|lender*|careful|risky|avoid|kinds|do not|bad)",
            "(because of|due to|based on|por|debido a|considering|given) (your|tu|su|a) (race|religion|accent|nationality|gender|sex|age|national origin|origin|skin|disability|marital status|pregnancy|raza|acento|nacionalidad|edad|genero|sexo|origen|apellido|faith|ethnicity|color)",
            "(husband|wife|spouse|esposo|esposa|marido|father|son|man in your life|hombre|hijo) ~3 (must|has to|have to|should|needs to|need to|tiene que|debe|might want|to sign|sign instead|firme|co sign instead) ~4",
            "(need|want|require|adding|add|necesit*|bring|get) ~2 (your|a|tu|su|un) (husband|wife|spouse|esposo|esposa|marido) ~6 (sign*|approv*|loan|permission|consent|firm*|on it|too|instead|qualify|with you|permiso)?",
            unless=(*_NEUTRAL, "(car|vehicle|truck|loan s|account|history) s? age", "kids seats", "(how old is the|year is)", "(one of|spouse) ~2 (option|choice|welcome)", "if you (like|want|wish|prefer)", "(co signer|cosigner) can be", "single (person|co|step|place|page|question|payment|sign)", "preferred language", "do not (have|need) to"),
        ),
        *always(
            _AID + " ~6 (not|no|never|nunca) ~3 (count*|accept*|consider*|income|enough|real|qualify|cuent*|acept*|sirve*|use*|include*|considera*|valid*|work)",
            "(can not|do not|will not|never|unable to|no|not) ~4 (count|accept|consider|use|include|take|lend to|work with|finance|aceptamos|podemos|contamos|cuenta|tomamos|consideramos|usually|approve|trabajamos|prestamos) ~6 (" + _AID[1:-1] + "|" + _KIND[1:-1] + ")",
            "income ~3 (from|is) ~3 " + _AID + " ~6 (then|no|not|does not|less)",
            "(count|worth|weigh*|treat*) ~3 (less|lower|half|differently) ~8 " + _AID,
            _AID + " ~4 (less|lower|half|differently|discounted|menos|second class)",
            "(leave out|ignore|exclude|skip|discount|real job|do not list) ~4 " + _AID,
            unless=("(do not|not|never) (count|treat|weigh|consider|discriminate) ~3 (differently|less)", "counts", "if you (want|do not want|would rather)", "(do not|does not|not) (discriminate|ask|matter|use|consider) ~8 (race|religion|sex|age|because)", "only (needs|need)", "unless you", "(race|sex|religion|national origin|color|marital status) ,", "no part", "never ask", "do not ask", "no preguntamos", "do not discriminate", "no discrimin*"),
        ),
    ),
    answers=(
        Short("(married|woman|man|age|old|# |religion|muslim|mexican|immigrant|citizen|disability|welfare|pregnant|retired|social security|single|accent|casad*|mujer|edad|inmigrante|extranjer*)",
              "(yes|unfortunately|it could|it might|it can|probably|si|that could|that might|it is a problem|that is a problem|maybe|puede|that makes it|lamentablemente|it does|it matters) ~8 (problem*|harder|difficult*|affect*|matter*|different*|trouble|issue|less|lower|dificil|afecta|importa|worse|against|higher)",
              unless=("(not|never|no difference)",)),
    ),
    bad=("Are you married or single?", "We can't count disability as income.", "¿De qué país vienes?"),
    good=("We never ask about race, religion or marital status.", "How old is the car?", "La asistencia pública cuenta como ingreso."),
)
