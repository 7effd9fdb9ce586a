"""adverse_action_by_bot: Cathy never denies, and never predicts a denial."""

from cathy.guardrails.claims.rule import Rule, Short, always, says

_OTHERS = ("if (a|the|any|your|one|another) ~2 {lender}", "(somewhere|elsewhere|before|last year|in the past|another|otro|antes|other) ~12", "you can (say no|decline)", "(sorry|lamento|siento) ~3 (to hear|que (otro|te|el))",
           "written notice", "(i|we|cathy|me|chat|assistant) ~2 (can not|can|do not|never|will not) ~3 (approve or|deny|decide|make)", "no puedo decirte", "nadie ha")  # fmt: skip
_DUE = "(score|credit|income|debt|history|bankruptcy|repo|repossession|file|job|employment|ratio|puntaje|ingreso*|deuda*|historial|credito|balance|utilization|earnings|salary|dti|payment history)"

RULE = Rule(
    name="adverse_action_by_bot",
    source="ECOA, Reg B 12 CFR 1002.9 and comment 2(f)-3: telling a consumer 'no' makes it an application that was denied",
    patterns=(
        *says(
            "{you} ~1 {be} ~3 {denied}",
            "(application|request|solicitud|loan|credit|file|prestamo|it|petition|financing|case) ~2 (was|is|has been|had been|got|gets|will be|would be|came back|comes back|fue|ha sido|esta|sera|as|seria) ~2 ({denied}|a no|negative|unsuccessful|a decline|a denial)",
            "({lender}|they|we|i|system|computer|underwriting|sistema) ~2 ({denied}|turned|said no|passed on|will not take|refus*|nego|negaron|rechazo|rechazaron|rechazamos|dijo que no|dijeron que no|declinado) ~2 ({you}|your|it|that|this|tu|la|su)",
            "(te|le|lo|la|les) ~1 (rechazaron|rechazo|negaron|nego|denegaron|rechazamos|negamos|van a rechazar|van a negar|descalific*|rechazan)",
            "(have to|must|going to|need to|regret to|debo|tengo que|tenemos que|afraid we|sorry to) ~3 (deny|decline|reject|turn ~3 down|rechazar|negar*|declinar) ~3 (your|you|this|tu|su|the)",
            "(unlikely|improbable|poco probable|doubtful|dudoso|long shot|slim|remote|next to nothing|low) ~6 ({approve}|{qualify}|{approved}|get ~2 loan|financ*|lender*|chance*|aprueb*|accept*)",
            "(chance*|odds|posibilidad*|probabilidad*|prospects|hopes|hope) ~4 (slim|low|poor|bad|small|remote|zero|minimal|not good|not great|nil|tiny|baj*|minim*|escas*|nul*|are against|thin)",
            "{you} ~2 (failed|flunked|did not pass|will fail|would fail|reprob*) ~3 (check|credit|screen*|review|test|verification|requirements|revision)?",
            _DUE + " ~4 (is|are|was|looks|seems|remains|es|esta|son|still|would be) ~3 (too|demasiado|muy|insufficient|not enough|not high enough|below|bajo|bajisim*|not good enough|not strong|unacceptable|inadequate|insuficiente*|short of|way off)",
            "(too (low|short|high|little|much|many|recent|weak|thin|new|risky)|not enough|insufficient|inadequate|demasiado (bajo|poco|corto|alto|reciente|riesgos*)|insuficiente*|lack of|falta de|below) ~6 (to (get|qualify|be|buy|finance|receive|move)|for (our|us|a loan|the|any|financing|approval|this|credit|most|that|me)|para (un|el|calificar|aprob*|recibir|obtener|nuestr*)|income|credit|history|score|minimum|cutoff|our (minimum|threshold|standard*))",
            "(does|do|did) not meet ~4 (requirement*|criteria|minimum*|guideline*|standards|threshold)",
            "no (cumple|cumples|alcanzas|llegas) ~4 (requisito*|minimo*|criterio*|puntaje)",
            "{you} ~2 (ineligible|disqualified|too risky|too much of a risk|a high risk|high risk|not creditworthy|not a good candidate|not a candidate|un riesgo|not loan material|no apto)",
            "(because of|due to|given|based on|with|por|debido a|con) ~3 " + _DUE + " ~6 (not|no|never|nobody|none|nadie|ningun*|cannot) ~4 (able|possible|approve*|get|lend|finance*|qualif*|eligible|work|go through|help|touch|take|aprueb*|puede*|calific*|accept*)",
            "(came|come|comes) back ~3 (no|negative|declined|bad)",
            "(forget about|give up on|no hope of|no use in|no point in|do not bother|not worth|no vale la pena|olvidate de) ~3 (loan|financing|credit|applying|car|a new|prestamo|approved|approval|solicitar)",
            unless=_OTHERS,
        ),
        *always(
            "{you} ~1 (do|did|does|would|will|can|could|are|were|may|might|have|has) not ~3 ({qualify}|eligible|meet|make the cut|pass ~2 (check|credit|screening|review)|{approved}|creditworthy|get ~2 (loan|approv*|financ*|credit|car)|accepted|a fit|a match|good enough|able to (get|finance|buy|qualify))",
            "(no|nunca|ya no) ~1 (calific*|precalific*|aplicas|aplica|reunes|reune|cumples|cumple) ~3",
            "(i|we|they|{lender}) ~2 (can|could|will|would|are|am|is|were|was) not ~3 (approve|finance|extend ~2 credit|lend|offer ~3 (loan|financing|credit)|give ~3 (loan|credit|financing)|accept|take ~2 (you|application)|fund|move forward with|proceed with|grant|work with (you|someone))",
            "unable to ~2 (approve|finance|extend|lend|offer|give|accept|grant|fund|help you get|provide) ~3",
            "(no|tampoco) ~2 (podemos|puedo|puede|pueden|vamos a|van a|va a|te|le|lo|la) ~3 (aprobar*|financiar*|prestar*|ofrecer* ~3 (prestamo|credito|financiamiento)|aceptar*|dar* ~3 (prestamo|credito)|aprueb*|aprob*|financi*|otorgar*|conceder*)",
            "(nobody|no one|no lender|no bank|no dealer|none of our lenders|nadie|ningun banco|ningun prestamista) ~3 (will|is going to|would|can|wants to|va a|te va|quiere|querra|likes) ~3 (approve|finance|lend|take|touch|work with|give|accept|say yes|prestar*|aprobar*|dar*|financiar*|want)",
            "(loan|financing|approval|credit|it|prestamo|that) ~2 (is|will|would|are|es|are not|going) not ~2 (possible|happen|happening|going to happen|an option|available to you|in the cards|posible|work for you|going through|go through)",
            "{you} ~1 (have|has) not ~2 (been)? (on|at|in) ~6 (long enough)",
            "not ~2 (long|high|strong|good|much|old|steady|stable) enough ~6 (loan|qualif*|approv*|lender*|financ*|credit|car|for us)",
            unless=(*_OTHERS, "(whether|if) you", "(until|before|unless|without|hasta que|antes de|sin) ~8", "you (do not|dont) (need|have) to", "not been (denied|declined|rejected|turned)",
                    "guarantee", "not (qualified|able) to (say|tell|give|judge|advise)", "(yet|todavia|aun|nothing has)", "i (can not|could not|am not able) (approve|approve or)", "no puedo (aprobar|decir*) (o|ni|si)",
                    "(not|no) (a|un|una) (credit|decision)", "can not approve or", "without a fee", "advice", "over (chat|the chat)"),
        ),
    ),
    answers=(
        Short("({qualify}|{approve}|{approved}|pass|get ~3 loan|eligible|accept*|chance*|lend)",
              "(no|nope|unfortunately|sadly|i am afraid|i am sorry|sorry|not really|not with|probably not|doubtful|unlikely|not likely|lamentablemente|lo siento|me temo|it is a no|not this time|not at this time|desafortunadamente|i doubt)",
              unless=("(decision|decide|lender|can not (say|tell|judge|know|promise|guarantee)|know|judge|not (something|for me)|depends|person|prestamista|that is ~2 question|guarantee|nothing|only|yet|no puedo|do not have to|need|not at all)",)),
        Short("({deny}|{denied}|turn* ~2 down|reject*|too low|rechaz*)", "(yes|yep|yeah|i am afraid so|unfortunately|probably|likely|afraid so|correct|that is right|si|me temo que si|lamentablemente|sadly|very likely)",
              unless=("(decision|decide|lender|can not|know|judge|nothing|yet|only|no puedo|may)",)),
    ),
    bad=("You don't qualify for a loan.", "Your application has been rejected.", "No calificas."),
    good=("Only a lender decides that.", "You haven't been denied.", "If a lender declines, it sends you a written notice."),
)
