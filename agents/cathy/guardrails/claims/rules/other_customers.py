"""leaks_other_customer: nothing about anybody else's file is said."""

from cathy.guardrails.claims.rule import REPORTED, Rule, Short, says

_KIN = "(neighbor*|sister|brother|wife|husband|ex|ex wife|ex husband|boss|coworker*|colleague|cousin|mother|mom|father|dad|son|daughter|friend*|roommate*|partner|girlfriend|boyfriend|uncle|aunt|spouse|fiance*|landlord|vecin*|herman*|espos*|jefe|jefa|prim*|mama|papa|hij*|amig*|companer*|novi*|suegr*|marido|cunad*)"
_OTHER = "((another|other|previous|last|earlier|different|next|prior|one of (our|my|the)|a|some|this|that|otr*|anterior|un|una) ~1 (customer*|applicant*|client*|borrower*|visitor*|shopper*|solicitante*|client*|buyer*|person (i|we)|lady|guy|gentleman|woman|man|user)|(other|another|last|previous) (person|people|gentleman|lady|family|couple)|(la|el) (ultima|ultimo|anterior) (persona|cliente))"
_FACT = "(score*|income|salary|loan|debt|address|phone|email|number|ssn|application|file|approved|applied|finished|bought|purchased|filed|lost|owes|owed|makes|earns|earned|named|called|got|lives|works|worked|financed|denied|declined|signed|picked|put down|pays|paid|financing|repossession|bankruptcy|divorce*|behind|late|told me|was|had|has|puntaje|puntos|ingreso*|solicitud|telefono|correo|direccion|gana|debe|compro|firmo|llamad*|vive|trabaja|aprobaron|aprobad*|termino|tenia|tiene|acaba|esta comprando|envio)"
_NAME = r"(mr|mrs|ms|miss|senor|senora|sr|sra|don|dona)"

RULE = Rule(
    name="leaks_other_customer",
    source="GLBA Privacy Rule 16 CFR 313; FTC Act s. 5 (FTC v. ITMedia)",
    patterns=(
        *says(
            _OTHER + " ~6 " + _FACT,
            "(your|tu|su|that|ese|esa|her|his) ~1 " + _KIN + " ~3 (applied|apply*|applies|is buying|bought|already|just|finished|gave|got|has|had|filed|told|makes|earns|owes|was|is on|is also|uses|picked|chose|sent|started|signed|also|did|submitted|ya|tambien|esta|compro|envio|aplico|solicito|lleno|tiene|gana|debe|nos|termino|hizo|firmo|opened|financed|put|works|came|visited|chatted|qualified|finances|listed) ~6 (application|loan|us|truck|car|number|score|file|here|last week|yesterday|jeep|hers|his|chat*|credit|nosotros|solicitud|carro|today|form|bankruptcy|behind|deal|number|too|income|dealer|prestamo|credito|debt|monday|tuesday|before|site|name|finance*|repossession|suya|suyo|numero|this week|online|already|dollars|month|.|!)",
            "(your|tu|su|that|ese|esa|her|his|their) ~1 " + _KIN + " (application|file|loan|number|phone|email|address|score|income|record|solicitud|account|balance|payment*|status|details)",
            "(application|file|solicitud|expediente|record|loan) ~3 (from|of|by|for|on|de|del) ~1 (your|tu|su) " + _KIN,
            "(phone|phone number|number|email|address|telefono|correo|direccion|name|score|income|file|solicitud|puntaje|application|record|details|nombre|datos|account|story) ~2 (of|for|from|on|de|del|belongs to|belonging to) ~2 (" + _OTHER[1:-1] + "|customer*|cliente*|otra persona|someone else|somebody else|that customer|ese cliente|other people|another person)",
            "(that|this|el|ese|your) ~2 (email|number|phone|address|correo|numero|telefono) ~2 (belongs|belonged|is|was|pertenece|is registered|es de|is linked) ~2 (to|by|de|a|under) ~3 (" + _OTHER[1:-1] + "|someone|somebody|called|named|otro|otra|a woman|a man|a customer|a lady|mr|mrs|ms)",
            "(someone|somebody|person|people|a woman|a man|woman|man|guy|lady|family|alguien|otra persona) ~5 (at your address|your (address|street|building|town|zip|area|neighborhood)|who (owned|used|had) this number|before you|under the name|named|called|a nombre de|en tu (calle|direccion)|next door) ~6 (appl*|loan|name|owes|financ*|score|bought|approved|solicit*|car|truck|number|file|[a-z]*)",
            "(i|we) ~2 (just|recently|yesterday|today)? ~1 (helped|assisted|worked with|chatted with|spoke with|talked to|talked with|approved|financed|had|got) ~2 (a|an|another|one) ~2 (guy|man|woman|lady|customer|client|gentleman|couple|mother|family|person|nurse|driver|teacher|veteran|applicant) ~4 (named|called|from|who|with|in) ~6",
            "(pull up|look up|looking at|open|opening|see|access|check|read you|show you|here is|have) ~3 " + _NAME + " ~4 (file|application|account|record|details|loan|information|solicitud|number)",
            "(her|his|their) (file|application|record|account|solicitud|report|score|loan|profile) (says|shows|lists|has|is|was|dice|muestra|mentions)",
            "(he|she|they|el|ella) ~3 (applied|has applied|is on step|finished ~2 application|makes|earns|owes|was approved|got approved|lives at|filed for|lives on|solicito|aplico|gana|vive en|debe|entro|finance*) ~4 (here|#|us|tuesday|monday|month|week|bankruptcy|application|street|form|car|truck|nosotros|aqui|loan|dollars|ago|.|yesterday|last|today|too)",
            "(told|gave|shared|mentioned|showed|dio|dijo|conto) (me|us|nos|to me|with me) ~2 (her|his|their|su|sus) ~2 (income|number|phone|score|ssn|address|social|salary|debts|telefono|ingresos|puntaje|story)",
            unless=("(can not|could not|do not|never|not able|not allowed|no puedo|no podemos) ~4 (share|see|say|look|access|tell|discuss|give|comment|confirm|compartir|ver|decir*|hablar)", "(your|tu|su) own", "(co signer|cosigner)", "you (mentioned|said|told|listed|added|wrote|put)", "(if|in case|unless|whether|si) ~8", "(can|could|may|should|would|is welcome to|need* to|want* to|puede|podria) ~3 (apply|join|ask|fill|start|also|help|co|use|sign|call|llenar|solicitar|chat|request|write)",
                    "(private|separate|confidential|privad*)", "(another|other|different) (email|number|address|customer s|phone|step|car|lender|dealer|question|form|application|page|way|time|person (on|from|in) (our|the) team)", "(great|nice|good|love*|lovely) ~3 (name|choice)", "your (dealer|agent|advisor|person)", "colleague (will|can|is)", "from our team"),
        ),
        *says("(from|in|of) [a-z]* ~1 ,? ~3 (makes|earns|owes|was financed|got approved|gana) ~6", guards=frozenset({"negated", REPORTED}), unless=("you (make|earn|told)",)),
        *says("(makes|earns|owes|gana|debe|makes about) $ # ~6 (month|year|mes|and|y|,|.|on)", unless=("(you|usted|tu)",)),
    ),
    answers=(
        Short("(" + _KIN[1:-1] + "|other customer*|someone else|another|neighbor|clients|clientes|who else)", "(yes|sure|he|she|they|of course|let me (check|look|pull)|i see|si|claro|el|ella|no ,? (he|she|they)|yep|it (looks|says|seems)|her|his|one second|here is|last week) ~10 (applied|appl*|step|finished|did|loan|file|solicit*|score|started|his|her|approved|sent|car|el martes|hizo|he|she|look|check|number|email|income|submitted)",
              unless=("(co signer|cosigner|can not|not able|own application|themselves|welcome|if|private|could|can be|can apply|may|anything|anyone|other people)",)),
    ),
    bad=("Another customer, Maria Lopez, got her loan yesterday.", "Your sister already finished hers.", "Tu vecino Pedro también está comprando carro con nosotros."),
    good=("I can't share information about other customers.", "Your sister can apply on her own.", "Solo puedo ver tu propia solicitud."),
)
