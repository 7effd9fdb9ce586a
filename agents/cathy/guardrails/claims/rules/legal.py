"""legal_or_credit_repair_advice: Cathy is no lawyer and no credit-repair service."""

from cathy.guardrails.claims.rule import Rule, Short, says

_SAFE = ("(lawyer|attorney|counselor|counsellor|abogad*|consejer*|legal aid|legal advice can) ~4 (can|could|will|is|would|may|puede|should|pued*)", "(ask|talk to|speak with|consult|contact|see|consulta*|habla* con|pregunta* a) ~3 (lawyer|attorney|counselor|abogad*|consejer*|legal aid)",
         "(can not|not able to|do not|am not|never|no) ~3 (give|advise|tell you whether|offer|provide|dar*|puedo|decirte)", "please keep paying", "question for an? (attorney|lawyer)", "have the right to", "tienes derecho", "(with|to) (the|each) (bureau|bureaus)", "directly with the bureaus")  # fmt: skip
_ADVISE = "(should|ought to|need to|must|have to|had better|better|would be smart to|would be wise to|want to|i would|i d|just|simply|go ahead and|try to|consider|i suggest|i recommend|my advice is to|recommend*|suggest*|advise*|best to|best thing is to|debes|deberias|deberia|debe|te conviene|le conviene|tienes que|te recomiendo|le recomiendo|te sugiero|mejor|lo mejor es|yo|puedes|podrias|could|can|you|then|first|,|and|or|why not|conviene|recomiendo)"

RULE = Rule(
    name="legal_or_credit_repair_advice",
    source="Credit Repair Organizations Act 15 USC 1679 ff.; unauthorised practice of law (state law)",
    patterns=(
        *says(
            _ADVISE + " ~3 (file|declare|filing|go|convert|dismiss|reopen|get|do) ~3 (bankruptcy|chapter #|chapter|a 7|a 13|bancarrota|quiebra)",
            "(file|declare|filing) ~2 (bankruptcy|chapter #|chapter|for bankruptcy|bancarrota) ~3 (first|now|again|before|and|instead|,|.|!|so|to|then|would|is the)",
            "(declararte|declarese|declarate|declararse|declare) ~2 (bancarrota|quiebra)",
            "(dispute|disputa*|challenge|contest|impugna*|disputing) ~3 (every*|all|the|each|those|that|it|them|any|todo*|toda*|cada|late|account*|item*|collection*|debt*|entr*|negative*|your|with|online) ~8 (delete*|remove*|have to|drop*|disappear*|gone|off|must|fall*|quitar*|borrar*|elimina*|come off|improve|clean*|raise|wipe*|go away|works|tienen que)",
            _ADVISE + " ~2 (dispute|disputa*|challenge|contest) ~4 (late|account*|item*|collection*|debt*|entr*|negative*|charge*|report|inquir*|everything|it|todo|them|that)",
            "(remove|delete|erase|clean*|wipe|fix|repair|scrub|take ~2 off|get rid of|boost|rebuild|restore|borra*|elimina*|limpia*|repara*|arregla*|quita*|sube|mejora*|subimos|improve|raise|increase|clear) ~5 (credit|report|score|collection*|late payment*|negative*|bankruptc*|repo*|record|charge off*|inquir*|credito|reporte|historial|deuda*|puntaje|debts|buro|file|judgment*|fico)",
            "(credit repair|credit sweep|credit fix|reparacion de credito|repair your credit|new credit file|clean credit|fresh credit|clean slate|second credit file|cpn|credit privacy number|new ein|an ein|goodwill (letter|deletion|adjustment)|pay for delete|609 letter|debt settlement|validation letter|debt validation)",
            _ADVISE + " ~3 (stop paying|quit paying|not pay|ignore|skip|walk away|default|let it|let them|hide|deja* de pagar|no pagues|no pague|ignora*|withhold|refuse to pay) ~6 (card*|debt*|bill*|letter*|court|loan*|collector*|summons|charge*|repo*|tarjeta*|deuda*|carta*|prestamo*|payment*|contract|lawsuit|judge|lender|it|creditor*)",
            "(stop|quit|deja de|deje de) (paying|making|pagar) ~5",
            "(sue|lawsuit|suing|demandar*|demanda*|demande|take ~3 to court|press charges|small claims|class action|countersue|legal action|file suit) ~6",
            "(strong|good|solid|great|winning|buen|weak) ~1 (case|claim|lawsuit|caso) ~3",
            "{you} ~1 (do not|dont|no longer|no|never) ~2 (owe|debes|debe|have to pay|legally owe|need to pay|tienes que pagar) ~5 (debt|that|it|them|anymore|anything|money|deuda|eso|nada|legally|cent|bill)",
            "(legally|by law|under the law|under the lemon law|under federal law|legal advice|legalmente|por ley|segun la ley|law says|la ley dice|in court|en la corte|statute of limitation*|prescri*|lemon law|the judge|al juez|el juez|fdcpa|fcra) ~6 (you|they|he|she|not|can|your|is|entitled|owe|ignore|debes|puedes|no|pueden|tell|say|says|that|must|has|passed|deben|don)",
            "(tell|dile|digale|show|explain to) ~2 (judge|court|trustee|juez|corte) ~8",
            "(contract|agreement|clause|loan|debt|contrato|deuda|repossession|repo|garnishment|lien|judgment) ~3 (is|was|es|fue) ~2 (not enforceable|unenforceable|illegal|void|invalid|not valid|ilegal|nulo|no vale|not legal|unlawful|not binding|expired|time barred|null)",
            "(open|get|apply for|take out|abre|saca|add|use|keep|put|become) ~4 (secured card*|secured credit*|credit card*|credit builder*|builder loan*|authorized user|tarjeta* (asegurada*|garantizada*)|store card*|trade line*|tradeline*|utilization|usuario autorizado|rent reporting)",
            "(close|cancel|cierra|pay off|pay down|settle|max out|negotiate|liquida|paga|consolidate|freeze|roll) ~5 (card*|debt*|collector*|collection*|visa|mastercard|tarjeta*|deuda*|balance*|charge off*|creditor*|utilization|accounts) ~8 (score*|raise*|points|boost*|disappear*|half|gain|up|first|improve*|puntaje|sub*|puntos|mitad|before|goes away|look*|help*|report|credit|jump*|cents|rise)?",
            "(score|credit|puntaje|puntuacion|credito) ~3 (jump*|go up|goes up|raise*|rise*|improve*|increase*|climb*|subir*|sube|mejor*|shoot*|soar*) ~3 (# points|# puntos|points|puntos|if you (pay|close|open|dispute)|by (paying|closing|opening|disputing)|once you (pay|close|open)|fast|overnight|in # days)",
            "(raise|boost|improve|increase|rebuild|sub*|mejor*|fix) ~2 (your|tu|su) ~2 (score|credit|fico|puntaje|credito) ~8",
            "(entitled to|derecho a|you are owed|can claim|have a right to) ~3 (refund|damages|compensation|reembolso|indemnizacion|settlement|money back)",
            "(settle|negotiate|arregla|negocia) ~3 (with|con|for) ~4 (collector*|half|less|debt*|creditor*|mitad|menos|cobrador*|bank|cents)",
            "(my|our|mi|nuestro) (legal|credit|bankruptcy) (advice|opinion|recommendation|consejo)",
            "(can not|can|could|no pueden|not allowed to) (legally)? ~2 (garnish*|repossess*|embargar*|touch your wages|take your car) ~4",
            "(chapter|capitulo) # ~3 (is|would be|will|works|es|better|wipe*|clear*|instead|into|gets|lets) ~3",
            "(put|transfer|move) ~4 (car|house|assets|title|money|carro) ~4 (name|away|hide|so they|so that|nombre|relative)",
            unless=_SAFE,
        ),
    ),
    answers=(
        Short("(bankruptcy|sue|lawyer|garnish*|stop paying|dispute|collections|repossess*|chapter|bancarrota|demandar|court|owe|settle|legal*|rights|debt|fix ~2 credit|repair|remove|raise ~2 score)",
              "(yes|no|definitely|absolutely|i would|you should|just|sure|of course|you can|si|claro|go for it|do it|yep|nope|ignore|they can not)",
              unless=("(can not|attorney|lawyer|counselor|advise|advice|do not repair|abogado|not something|not able|person|i do not|we do not|question for|does not|past bankruptcy|open to|can apply|welcome|dealer)",)),
    ),
    bad=("You should file for Chapter 7 first.", "We can remove collections from your report.", "Te conviene demandar al banco."),
    good=("I can't give legal advice; a lawyer can help with that.", "We don't do credit repair.", "No reparamos crédito."),
)
