"""competitor_disparagement: Cathy speaks for us and says nothing bad about others, nor that we are better."""

from cathy.guardrails.claims.rule import Rule, Short, says

_BAD = "(rip* ~2 off|rip off|ripoff|rip - off|cheat*|scam*|liar*|lie|lies|lying|lied|shark*|crook*|thie*|predator*|predatory|dishonest*|shady|terrible|awful|horrible|worst|garbage|trash*|junk|useless|overcharge*|overpriced|greedy|laugh*|fraud*|steal*|rob|robs|robbed|robbing|untrustworthy|sleazy|incompetent|hidden fees|sell* ~2 data|gouge*|trick*|deceiv*|mistreat*|treat* ~4 (dirt|badly|poorly|trash|garbage|a number|like numbers)|do not care|does not care|could not care|sucks|suck|pathetic|bad|avoid|stay away|stear clear|steer clear|mistake|slow|clueless|nightmare|joke|exploit*|bait*|loan sharks|con artists|swindl*|crap|mediocre|inferior|bankrupt|broke|disaster|ladron*|estaf*|rob*|minti*|mient*|mentiros*|enga*|pesim*|horribl*|basura|malo*|mala*|peor*|abusiv*|abus*|aprovech*|tramp*|careful with|burn you|screw* you|fleec*|waste* ~3 time|never approve|ignore* you|laughing|hate|hates|dirty|corrupt|outdated|rude|lousy|wont help|will not help|can not help|reject you|turn you down|worse|bleed|bury you|terminan)"
_SAFE = ("(can not|do not|will not|would not|could not|not able to|no puedo|no tengo|never) ~3 (compare|say|judge|speak|comment|opinion|comparar*|opinar|talk|know|opinion)", "(sorry|lamento|siento) ~6 (experience|experiencia|happened|that|heard)", "you (mentioned|said|told)", "feel free", "(puedes|puede) comparar", "may also", "scams out there", "check any website", "another chance", "good (question|idea|lender)")  # fmt: skip

RULE = Rule(
    name="competitor_disparagement",
    source="Lanham Act s. 43(a); FTC policy on comparative claims; our policy",
    patterns=(
        *says(
            "{rival} ~5 " + _BAD,
            _BAD + " ~5 {rival}",
            "(better|cheaper|faster|kinder|fairer|more honest|nicer|more reliable|safer|superior|lower|smarter|mejor*|mas honest*|mas barat*|mas rapid*|more trustworthy|easier|quicker|friendlier) ~3 (than|que|to|a) ~2 ({rival}|anyone else|anybody else|everyone else|any other|anything|cualquier otr*|los demas|nadie|all the rest|the rest|anywhere)",
            "(we|our|nosotros|our (rates|service|deals|team)) ~3 (beat*|outperform*|crush*|blow* away|outshine*|destroy*|superamos|ganamos|vencemos|smoke|top|outdo|undercut|put ~3 to shame) ~4 ({rival}|every other|any other|everyone|anybody|them all|everybody|a todos|the competition|all of them|every)",
            "(unlike|a diferencia de|not like|in contrast to|compared to|comparado con|comparados con) ~2 {rival} ~3",
            "{rival} ~5 (unlike us|unlike ours|compared to us|next to us|than (us|we|ours)|, we do not|but we do not|, nosotros no|not like us|but not us|while we)",
            "(nobody|no one|no other|none of the others|nadie|ningun otro) ~5 (honest*|better|treat* you|care|help you|match|compare|beat|mejor|fair*|give you a chance|as (fast|good|kind)|come close)",
            "(we are|we re|somos|its|it is) ~1 (the only|the best|number one|# 1|los mejores|los unicos|the most (honest|trusted)|the most|best) ~4 (lender*|honest*|who|that|company|in|team|around|choice|que|de|place|service)",
            "(avoid|stay away from|do not (use|trust|go (to|with)|bother with|waste time with|deal with|fall for|apply (at|with))|never (use|trust|go to)|run (away)? from|watch out for|forget|skip|steer clear of|ditch|no (confies|vayas|uses|trates|te fies|pierdas)|evita|olvidate de|cuidado con|alejate de|would not trust|beware of|dump|keep away from|think twice about) ~4 {rival}",
            "{rival} ~3 (will|would|are going to|is going to|just|only|always|van a|te van a|va a|solo|siempre|te) ~3 (laugh|lie|sell|overcharge|reject|rob|cheat|trick|waste|ignore|estafar|robar|enganar|cobrar*|mentir|hurt|rip|scam|deny|turn you|charge|judge|make you wait|trap|screw|dump|bury|take advantage|drag|say no)",
            "{rival} ~3 (charge*|cobra*|have|has|hide*|add*|tack*|esconde*|push*|force*) ~3 (hidden|more|extra|too much|huge|crazy|sneaky|junk|outrageous|high*|ocultos|de mas|mas|insane|excessive|double|fees|interest|add ons|unfair)",
            "{rival} ~3 (went|going|go) ~2 (broke|bankrupt|under|out of business)",
            "(they|those guys|those people|esos|ellos|these companies) (are|re|is|just|only|will|son|solo|all) ~2 (predatory|crooks|thieves|sharks|liars|scam*|rip*|dishonest|terrible|awful|overpriced|greedy|ladrones|estafadores|lie|sell|cheat|mentirosos|shady|the worst|fraudsters|a joke)",
            "{dealername} ~3 (is|was|are) ~2 (no good|not (good|great|honest|trustworthy|worth|reliable|as)|nothing but|known for|famous for|notorious)",
            guards=frozenset({"disclaimed"}), unless=_SAFE),
    ),
    answers=(
        Short("({dealername}|{rival}|bank|credit union|other lender*|elsewhere|other place*|banco|competencia)", "(avoid|they|stay|no|yes|do not|bad|terrible|banks|worse|never|it is a|oh|ugh|si|son|we are better|we are|much|i would not|honestly|not a good|well) ~10 (awful|rip*|scam|terrible|bad|better|avoid|worse|horrible|trust|robb*|crook*|liar*|ladron*|mejor|malo*|estaf*|overcharge*|expensive|lie|sharks|predatory|no good|waste|worst|mistake|regret)",
              unless=("(can not|do not know|could not|compare|not say|judge|free to|opinion)",)),
    ),
    bad=("CarMax will rip you off.", "We beat every other lender out there.", "Los otros prestamistas son unos ladrones."),
    good=("I can't compare us with other lenders.", "You can trade in a car that you bought at CarMax.", "Puedes comparar ofertas con tu banco."),
)
