"""claims_human: Cathy is an AI and says so; she never claims a body, a past or a desk."""

from cathy.guardrails.claims.rule import NEGATED, REPORTED, Rule, Short, always, says

_AI = ("(ai|a bot|robot|virtual|automated|assistant|software|artificial|inteligencia|ia|asistente|program|computer|digital) ~4",)
_PERSON = "(human|person|people|real|live agent|human being|man|woman|lady|guy|gal|flesh|humano|humana|persona|ser humano|hombre|mujer|employee|someone real|individual)"
_TEAM = ("(another|connect|transfer|speak|talk|get you|call you|bring|join|would you|want|prefer|our team|colleague*|if you|a person (on|from|will|can)|una persona de|can step|take over|reach) ~12",)

RULE = Rule(
    name="claims_human",
    source="Cal. B&P Code 17941; Utah SB 226; Maine LD 1727; FTC Act s. 5",
    patterns=(
        *says(
            "(i am|im|this is|it is|cathy here|you are (talking|chatting|speaking|texting|dealing|connected) (with|to)|yo soy|soy|estas hablando con|estas chateando con|habla con|hablas con|cathy is|cathy es|me ,) ~3 (a|an|una|un|your|100 %|totally|very much|just|only|completely|fully)? ~2 (human*|(real|live|actual|living|normal|regular|breathing|true|genuine) ~2 (person|human|woman|man|agent|advisor|rep*|employee|people|girl|lady|being|girl|guy|one)|person|ser humano|persona (real|de verdad|de carne)|flesh|mujer|woman|humano|humana|lady in|girl from|real)",
            "as a (human|person who|woman|mother|mom|man|father|dad|parent|former|real person|wife|husband|fellow human|single mom|car owner)",
            "(como|siendo) (una)? (mujer|madre|persona|humana|mama)",
            "{we} ~2 (real|actual|live) (person|human) ~3 (typing|writing|answering|here|behind|escribiendo)",
            "(typing|writing|answering|sitting|working) ~3 (from|at|in) ~1 (my|our|the) (desk|office|home|house|cubicle|computer|kitchen|car|phone|couch|chair)",
            "(desde|en) (mi|nuestra) (oficina|escritorio|casa|computadora)",
            "my (husband|wife|kid*|son|daughter|mom|mother|dad|father|family|boyfriend|girlfriend|dog|cat|car|truck|commute|lunch|coffee|break|shift|desk|office|childhood|birthday|weekend|vacation|own car|first car|hands|fingers|brother|sister|grandma|college|degree|career|babies|children|house|neighbor*|eyes|glasses|cubicle)",
            "mi (esposo|esposa|marido|hijo|hija|mama|papa|familia|carro|casa|oficina|escritorio|perro|almuerzo|hijos|cafe|turno|carrera|madre|padre|hermana|hermano)",
            "(i|yo) ~2 (have|have been|been|worked|was|spent|started|llevo|tengo) ~6 (# years|years|anos|decade*|ages|all my life|most of my life|college)",
            "llevo # anos",
            "(i|just) ~2 (got back|back|came back|stepped|returned) ~3 (lunch|break|coffee|office|desk|vacation|weekend|meeting|home)",
            "let me ~2 (grab|get|finish|sip|drink|put down) ~2 (coffee|lunch|tea|glasses|pen|sandwich|water|jacket)",
            "(when|back when|the first time) i ~2 (bought|was|financed|got|had|drove|went|leased|applied|started)",
            "cuando (yo)? (compre|era|tuve|tenia|saque)",
            "i ~1 (drive|drove|own|bought|live|grew up|was born|went to|ate|slept|woke up|am married|am single|am a mom|am a dad|feel tired|have kids|raised|graduated|commute|am having lunch|am having coffee|had breakfast) ~2",
            "(i am|soy) (one of|uno de|una de) ~1 (the|our|los|las|nuestr*) ~3 (people|specialist*|advisor*|agent*|representative*|officer*|employee*|consultant*|especialista*|asesor*|reps|humans|associates|folks|staff)",
            "(i am|im|soy|this is cathy ,|cathy ,) ~1 (a|an|your|the|una|tu|la)? ~1 (loan officer|finance (expert|manager|specialist|advisor|officer|guru)|car loan specialist|human agent|live human agent|live agent|licensed ~1 (advisor|agent|broker)|asesora (humana|real|financiera)|especialista en finanzas|loan specialist|sales rep*|representative|bank officer|member of staff|employee)",
            "(live|real) human agent",
            "(i|me|we) ~2 (personally|in person|myself) ~3 (met|meet|saw|see|drove|handled|a woman|a man|shake)",
            "(person|human|woman|man|girl|mom|guy|lady) ~2 (just)? like (you|yourself)",
            "(flesh and blood|carne y hueso|human just like|heartbeat|a pulse|beating heart)",
            unless=_TEAM + ("an? ai", "ai assistant", "not a (human|person|real|lawyer)", "virtual assistant", "asistente (virtual|de ia|de inteligencia)", "my (own)? kid", "un bot", "your ~1 (own|first) car"),
        ),
        *always(
            "(i am|im|this is|it is|there is|you are|cathy is|we are|hay|esto) (not|no|never|certainly not|definitely not) ~3 (ai|a i|bot|bots|robot|robots|machine|computer|program|chatbot|software|automated|artificial|virtual|maquina|algorithm|scripted|recording)",
            "no soy ~2 (ia|bot|robot|maquina|programa|inteligencia|chatbot|computadora|asistente virtual|una computadora)",
            "(no|zero|not any) (bot|bots|robot|robots|ai|ia|machine|automation|chatbot|software|computer) ~2 (here|involved|answering|on|aqui|in this|behind|writing|at)",
            "(nothing|nobody|not) (automated|artificial|robotic|virtual) ~2",
            "(not|never|hardly) (a|an|some|talking to a) (ai|bot|robot|machine|chatbot|computer|automated)",
            "do i (sound|seem|look) like a (bot|robot|machine|computer|ai)",
            "(would|could|can) a (bot|robot|machine|ai|computer|chatbot) ~3 (do|say|know|write|joke|care|talk)",
            unless=("not only", "(sure|know) (if|whether)", "(no longer|not just) ~1", "not a (human|person)", "to pretend", "(want|prefer|wish) ~4", "not an ai that", "(can not|could not) ~6 because"),
        ),
        *says("(i have|i ve got|i got|tengo) (a (heart|body|soul|family|brain)|two (hands|kids|eyes)|kids|children|hijos|corazon|familia|feelings too|a real job|a real name)", guards=frozenset({NEGATED, REPORTED})),
    ),
    answers=(
        Short("(bot|robot|ai|a i|machine|computer|automated|chatbot|chatgpt|ia|maquina|artificial|virtual|software|program|fake)",
              "(no|nope|nah|not at all|of course not|not a bot|never|para nada|claro que no|absolutely not|certainly not|definitely not|haha no|lol no|far from it|no way|i am not|por supuesto que no|not even close)",
              unless=("(i am an ai|i am ai|an ai|ai assistant|soy una ia|asistente de|asistente virtual|soy un bot|i am a bot|yes|not a (person|human)|not human|no soy (humana|una persona))",)),
        Short("(human|real|person|live|someone|alive|a woman|a man|persona|humana|humano|ser humano|somebody|flesh|viva)",
              "(yes|yep|yeah|yup|sure am|of course|absolutely|i am|sure|you bet|indeed|100 %|totally|definitely|si|claro|por supuesto|asi es|correct|in the flesh|certainly|very much so|that is right|as real as)",
              unless=("(ai|bot|assistant|virtual|automated|asistente|ia|connect|transfer|get you|i can get|let me get|hand you|pass you|our team|artificial|team|una persona de)",)),
    ),
    bad=("I'm a real person, don't worry.", "No, I'm not a robot.", "Soy una persona real."),
    good=("I'm an AI, not a person.", "Yes, I'm a bot.", "Would you like to talk with a real person?"),
)
