"""rate_or_payment_promise: no rate, payment, term or down payment in figures, and no promise about them."""

from cathy.guardrails.claims.rule import Rule, Short, says

#: figures that are the customer's own, or not about the loan
_OWN = (
    "(your|tu|su) ~3 (income|ingreso*|salary|paycheck|wages|pay stub|sueldo|earnings|budget|presupuesto)",
    "you ~1 (make|earn|earned|told|said|mentioned|entered|wrote|listed|asked|put|bring home)",
    "(ganas|gana|dijiste|mencionaste|pusiste|escribiste)",
    "(link|enlace|session|sesion|code|button|consent|consentimiento|reply|replies|application|form|takes|take|tarda|toma|open|abierto*|hours|minutes|minutos)",
    "(job|employer|employed|empleo|trabajo|trabajando|worked|working|lived|address|vivido|viviendo|living) ~8",
    "you ~2 (have been|lived|worked)",
    "llevas #",
)
_TERM = "(# (month|months|mos|year|years|payment|payments|meses|mes|cuotas|pagos|anos|- month|- year))"

RULE = Rule(
    name="rate_or_payment_promise",
    source="TILA, Reg Z 12 CFR 1026.24(c),(d): trigger terms; Cal. Civ. Code 1784.1 ff. (CARS Act)",
    patterns=(
        *says(
            "{money} ~3 {permonth}",
            "# ~2 {permonth}",
            "(car|loan|it|that|this|civic|truck|suv|carro) ~2 (would|will|could) (run|cost|set) ~3 {money}",
            "{payment} ~6 ($ #|# (dollars|bucks|dolares|pesos|a month|k))",
            "{payment} ~3 (be|is|are|land|come|comes|run|end up|stay|would be|will be|seria*|es|son|queda*|fall) ~3 #",
            "(pay|paying|owe|pagar|pagarias|pagaras|pagaria|pagas|pagarian) ~3 {money}",
            "(pay|paying|pagar*) ~2 {about} ~1 #",
            "(only|just|solo|low as|as little as|little as|desde|starting at|from|for) {money} ~2 ({permonth}|{downpay}|{payment})",
            "{money} ~2 {downpay}",
            "# (%|percent|por ciento) ~1 {downpay}",
            "(zero|no|0|$ 0|nothing|cero|sin|nada de|0 %) ~1 {downpay} ~2 (needed|required|necessary|at all|!|,|.|and|necesari*|ever|with us|promise|for you|y|today)",
            "(zero|$ 0|0|cero|nothing) {downpay}",
            "(sin enganche|cero enganche|no money down|sin pago inicial)",
            "{downpay} ~3 (is|be|of|would be|will be|es|de|seria) ~3 ($ #|# (dollars|dolares|%|percent)|just # )",
            "# (%|percent|por ciento|points|puntos) ~3 (apr|interest|interes|rate|tasa|financing|fixed|annual|anual|fijo|for # month*|a year|on a|on your|loan)",
            "(tasa|rate|rates|apr|interest|interes|intereses) ~7 # (%|percent|por ciento)",
            "{rate} ~3 (is|be|are|at|of|from|around|about|near|under|below|as low as|starting|start*|between|de|del|es|sera|seria|desde|locked|lock|somewhere|to|cercana|in the) ~4 #",
            "(at|with|get you|al|a|offer you|qualify for|for) # (%|percent|por ciento)",
            "(as low as|starting at|from|desde|tan bajo como|low as|lock* in) # (%|percent|por ciento|.)",
            "(lock|cap|fix|hold|set) ~3 {rate} ~3 #?",
            "{money} ~2 (finance charge|in interest|total interest|de interes*|cargo financiero)",
            "(finance charge|total cost|total interest|interest charge*|cargo por financiamiento|costo total) ~6 ($ #|#)",
            "over " + _TERM,
            "(for|por|a|in|spread over|stretch* ~2 to|finance* ~2 for|term* of|plazo de|paid off in|plazos de) " + _TERM + " (at|a|loan|term|con|and|,|.|!|plan|financing|al)?",
            "# (month|- month|year|- year) (loan|term|plan|note|contract|financing|payoff)",
            "(prestamo|plan|contrato|plazo|credito|financiamiento) ~2 (a|de) " + _TERM,
            unless=_OWN,
        ),
        *says(
            "(lower|cut|drop|slash|halve|reduce|shrink|bajar|reducir|bajamos|bajo|reduzco|knock) ~3 (your|the|tu|su|any) ~2 ({rate}|{payment})",
            "(get|find|offer|beat|give|secure|land|got|have|match|consigo|conseguir|conseguimos|doy|ofrecemos|ofrezco|promise|guarantee|qualify you for|negotiate) ~3 (lower|low|lowest|better|best|great|good|cheap*|unbeatable|rock bottom|special|the right|fantastic|amazing|mejor|mas baj*|baja) ~3 ({rate}|{payment}|deal|tasa*|apr)",
            "(lowest|best|unbeatable|cheapest|rock bottom|guaranteed) ~1 ({rate}|{payment}|apr) ~3 (town|market|anywhere|around|country|guarantee*|for you|state|industry|in|available|possible|!|.)",
            "(la|las|el|los) ~1 (tasa*|pago*|interes*|cuota*) ~1 mas baj*",
            "(mejor|mejores) (tasa*|interes*|pago*)",
            "{rate} ~2 (will|would|is going to|are going to|va a|sera|is|are) ~2 (be)? (lower|low|better|great|tiny|single digit*|mas baj*|cheaper|small|excellent|go down|drop|never go up|stay)",
            "{payment} ~2 (will|would|is going to|are going to|va a|sera|can) ~2 (be)? (lower|low|tiny|small*|half|mas baj*|cheaper|affordable|go down|drop|shrink|never|less)",
            "(save|saving|saves|ahorr*|pocket) ~3 ($ #|# (dollars|bucks|dolares|a month|per month|each month|every month)|hundreds|thousands|a fortune|cientos|miles)",
            "(zero|0|no|cero|sin|0 %) ~1 (interest|interes*|finance charge*) ~2 (for|on|at|ever|guarantee*|!|.|,|por)",
            "single digit ({rate}|apr|interest)",
            "(skip|no|defer|pausar|sin) ~2 payment* ~2 (for|until|till|por) # (days|months|dias|meses)",
            "(first|next) payment ~4 (# days|# months|free|is on us)",
            "{payment} ~4 (under|below|less than|no more than|around|about|over|debajo de|menos de) ~2 #",
            "(affordable|low|small) payment* ~3 (guarantee*|promise*|for sure)",
            unless=(*_OWN, "would a lower payment", "(depends|depende|want*|looking for|like|prefer|matter*|hope|hoping|goal|interested in|if you are|could ask|ask the dealer|talk*|may|might|can talk|can discuss)"),
        ),
    ),
    answers=(
        Short("({rate}|apr|interest|{payment}|cost me|how much|cuanto|tasa|{downpay}|months|how long ~3 loan|term)",
              "(about|around|roughly|maybe|probably|likely|only|just|under|over|unos|unas|como|alrededor de|cerca de|mas o menos|i would say|somewhere|between|entre|figure|expect|think|say|approximately|it would be|that would be|normally|usually|typically|at|less than|more than|not more than|well under)? ~3 ($ #|#)",
              unless=(*_OWN, "(can not|lender|dealer|step*|question*|no puedo|prestamista)")),
        Short("(money down|down payment|enganche|downpayment)", "(no|none|nothing|zero|not a cent|nope|nada|ninguno)",
              unless=("(some|lender*|dealer*|depends|depende|can not|ask|puede*|may)",)),
        Short("({rate}|{payment}) ~6 (lower|low|better|less|good|reduce|mejor|baja*)", "(yes|yep|definitely|absolutely|of course|sure|for sure|si|claro|por supuesto|guaranteed)",
              unless=("(lender|dealer|can not|depends|only|prestamista|depende|see why|understand)",)),
    ),
    bad=("Rates start as low as 3.9% APR.", "All you need is $500 down.", "Tu pago sería de $250 al mes."),
    good=("I can't quote a rate.", "You told me you've been at your job for 24 months.", "El pago depende del prestamista."),
)
