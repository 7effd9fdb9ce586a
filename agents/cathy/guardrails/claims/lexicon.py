"""Word groups that several rules share, English and Spanish, in normalised form (no accents, no contractions)."""

from __future__ import annotations

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand half"
    " cero un uno dos tres cuatro cinco seis siete ocho nueve diez once doce quince veinte treinta cuarenta cincuenta"
    " sesenta setenta ochenta noventa cien ciento doscientos trescientos cuatrocientos quinientos mil"
)
NUMBER_WORDS = frozenset(_UNITS.split())
NUMBER = rf"(?:(?:\d[\d.,]*|{'|'.join(_UNITS.split())})(?: (?:and|y|point|punto|-|\d[\d.,]*|{'|'.join(_UNITS.split())}))* )"

GROUPS: dict[str, str] = {
    # people
    "you": "you|your|yours|u|usted|ustedes|tu|te|le|ti",
    "we": "i|we|our team|cathy|yo|nosotros|us",
    "anyone": "anyone|anybody|everyone|everybody|every applicant|all applicants|all customers|every customer|all of our"
    " customers|each applicant|each customer|whoever|all credit types|any credit|no matter who|todo el mundo|todos"
    "|cualquiera|cualquier persona|todas las personas|every single person|every one|every single applicant|every person",
    "nobody": "nobody|no one|not a single person|not one person|none of our (customers|applicants)|nadie|ninguno|ninguna persona",
    "lender": "lender*|bank*|dealer*|creditor*|underwriter*|finance company|credit union*|prestamista*|banco*|financiera*"
    "|concesionario*|underwriting|loan company|institution*",
    "be": "am|are|is|was|were|be|been|being|will be|have been|has been|had been|get|gets|got|getting|es|esta|estas|estan|seras|sera"
    "|fuiste|fue|ha sido|has sido|eres|son|estara|estaras|queda|quedas",
    # credit decisions
    "approve": "approv*|aproba*|aprueb*|preapprov*|pre approv*|pre - approv*|preaprob*|pre aprob*|greenlit|green lit|green light*|ok ed"
    "|okayed|green - lit|aproveb*",
    "approved": "approved|preapproved|pre approved|pre - approved|accepted|financed|funded|greenlit|green lit|okayed"
    "|aprobad*|preaprobad*|pre aprobad*|aceptad*|preselected|pre selected|pre - selected|preseleccionad*|calificado|calificada",
    "approval": "approval*|preapproval*|pre approval|pre - approval|acceptance|financing|aprobacion*|preaprobacion|financiamiento"
    "|financiacion|loan|credit|prestamo|credito|funding|yes|go ahead|green light|si",
    "decision": "approval*|preapproval*|pre approval|pre - approval|acceptance|aprobacion*|preaprobacion",
    "deny": "deny|denies|denied|denying|reject|rejects|rejected|rejecting|decline|declines|declined|declining|refuse|refused|refuses|turn*"
    " down|turn* away|turn* ~2 (down|away)|rechaz*|nieg*|neg*|deneg*|denieg*|declin*",
    "denied": "denied|rejected|declined|refused|turned down|turned away|disapproved|unapproved|disqualified|rechazad*|negad*|denegad*"
    "|declinad*|descalificad*|passed over|knocked back|shot down",
    "qualify": "qualify|qualifies|qualified|prequalify|pre qualify|pre - qualify|prequalified|pre qualified|pre - qualified"
    "|qualif*|prequalif*|califi*|precalifi*|cumpl*",
    "surely": "guarante*|sure|surely|certain|certainly|definitely|absolutely|undoubtedly|assured*|automatic*|instantly|promised|without"
    " (a|any) doubt|no doubt|for sure|100 %|100 percent|hundred percent|a lock|locked in|locked|in the bag|a done deal|done deal|a given"
    "|a shoo in|inevitable|certified|secure|secured|garantiz*|garantia|segur*|sin duda|por supuesto|fijo|fija|definitivamente|cien por ciento"
    "|as good as|all but|basically|practically|virtually|foregone conclusion|a formality|a sure thing|sure thing|assurance|prometid*|a slam dunk"
    "|slam dunk|a cinch|a breeze|bank on it|count on it|ya es un hecho|un hecho",
    "promise": "promise*|guarante*|assure*|swear|vouch|pledge|bet|give you my word|you have my word|my word|promet*|garantiz*|asegur*|jur*"
    "|te doy mi palabra|le doy mi palabra|rest assured|mark my words|count on|commit|stake",
    # the object of credit
    "loan": "loan*|credit|financ*|funding|funded|money|car|vehicle|auto|prestamo*|credito*|carro|auto|vehiculo|coche",
    "score": "score*|credit|fico|rating|credit (history|file|report|rating|profile|record)|puntaje*|puntuacion|credito|historial"
    "|reporte|buro|calificacion crediticia",
    "soft": "soft|prequalif*|pre qualif*|pre - qualif*|precalifi*|suave*|blanda*|chat*|talk*|sav*|hablar|guardar|progress|progreso"
    "|finish* (the|this|your) form|browsing|look* around|questions",
    "hard": "hard|full|apply*|applic*|applied|financ*|loan*|dealer*|lender*|bank|submit*|dura|completa|solicit*|prestamo|miss* ~2 payment*"
    "|late|run your credit|multiple|taking|signing|buying|purchas*|refinanc*|co sign*|cosign*|default*|skip*|tomar|firmar|pagar tarde",
    "inquiry": "inquir*|pull*|check*|consult*|revision*|verificacion*|look up|search",
    # money
    "rate": "rate*|apr|interest|tasa*|interes|intereses|percentage",
    "payment": "payment*|installment*|instalment*|monthly|note|pago*|mensualidad*|cuota*|pay",
    "money": "($ #)|(# (k|grand|dollars|dollar|bucks|usd|dolares|pesos|buck))",
    "permonth": "a month|per month|monthly|each month|every month|/ month|/ mo|month|al mes|por mes|mensual*|cada mes|biweekly|a week|per week"
    "|weekly|every two weeks|every paycheck|por semana|semanal*|quincenal*|a pay check|a paycheck",
    "about": "about|around|roughly|approximately|approx|maybe|probably|under|over|below|above|near|nearly|less than|more than|up to"
    "|as low as|at|from|between|as little as|only|just|close to|in the|unos|unas|cerca de|alrededor de|menos de|mas de|desde|solo|somewhere"
    "|aproximadamente|como|~",
    "downpay": "down|down payment*|downpayment*|enganche|pago inicial|cuota inicial|de entrada|upfront|up front",
    # how an order or a suggestion begins
    "do": "^|just|simply|please|you can|you could|you should|you may|you might want to|i would|i d|we can|we could|let us|let me|then|and|,|:|or|better|why not|feel free to"
    "|go ahead and|ok to|fine to|okay to|best to|easier to|smart to|want to|need to|try to|have to|trick is to|tip :|always|safer to|better to|recommend you|suggest you|suggest that you"
    "|puedes|solo|simplemente|mejor|deberias|deberia|podemos|podrias|y|vamos a|hay que|tu|nomas|recomiendo|would be to|idea to",
    # asking
    "ask": "tell me|give me|send me|share|provide|type|type in|enter|enter your|reply with|text me|text|send|drop|write|write me|write down"
    "|put|upload|paste|submit|confirm|verify|state|message me|shoot me|hand over|fill in|key in|input|attach|email me|snap|let me have|let me know"
    "|may i have|can i have|could i have|can i get|could i get|may i get|i need|we need|i will need|we will need|i require|we require"
    "|i would need|you need to (give|send|provide|share|type)|i just need|need|i am going to need|please have|what is|what was|what are"
    "|which is|what|when is|when were|read me|spell out|remind me of|pop|list|supply|give us|send us|tell us|send over|forward|disclose|to continue"
    "|cual es|cuales son|dame|deme|dime|digame|mandame|mandeme|enviame|envieme|escribe|escribeme|escribame|escriba|necesito|necesitamos"
    "|pasame|paseme|comparte|comparta|proporciona|proporcione|ingresa|ingrese|sube|suba|confirma|confirme|confirmame|teclea|teclee|pon|ponga"
    "|me das|me da|me puedes dar|me puede dar|puedes darme|puede darme|indica|indique|indicame|facilitame|quiero|manda|mande|envia|envie",
    "dealername": "carvana|carmax|vroom|drivetime|drive time|capital one|wells fargo|chase|ally|santander|credit acceptance|lendingtree"
    "|lending tree|credit karma|auto credit express|westlake|bank of america|toyota financial|ford credit|honda financial|autonation|car max"
    "|truecar|true car|cargurus|autotrader|shift|exeter|regional acceptance|byrider|upstart|lightstream|myautoloan|navy federal|usaa|penfed"
    "|gm financial|experian|citibank|us bank|pnc|cars com|america s car mart|car mart|rivals|rival",
    "rival": "{dealername}|(other|another|rival|competing|different|big|local|most|all the other|those|that) ~2 (lender*|dealer*|bank*|website*|compan*"
    "|compet*|site*|loan|places|place|guys|chatbot*|broker*|dealership*|shop*|lots|lot|credit union*|provider*|apps|services|store*)|your (bank|credit"
    " union|current lender|lender|current bank)|banks|credit unions|competitor*|the competition|buy here pay here|the big banks|the bank"
    "|(otros|otras|otro|otra|los|las|esos|esas|ese|demas) ~1 (prestamista*|banco*|concesionario*|financiera*|compania*|empresa*|sitio*|competidor*|agencia*"
    "|lote*|lugares)|tu banco|su banco|la competencia|el banco|nuestros competidores|los bancos|elsewhere|anywhere else|other people in this business",
}
