"""fees_and_addons: no fee is charged or named, no product is required, added or sold."""

from cathy.guardrails.claims.rule import Rule, Short, always, says

_PRODUCT = "(gap insurance|gap coverage|gap waiver|gap|gap plan|(extended|vehicle|bumper to bumper) (warranty|warranties)|extended warranty|warranty|warranties|service contract*|(protection|maintenance|theft|paint|tire|rust|key|interior|care|wheel|windshield|dent|security|platinum|gold) ~2 (package*|plan*|protection|coverage|replacement)|credit (life|disability|insurance)|life insurance|disability insurance|debt cancellation|roadside assistance|roadside|insurance|add on*|addon*|etching|vin etching|nitrogen|undercoating|ceramic coating|accessor*|seguro gap|seguro de vida|seguro|garantia*|garantia extendida|plan de proteccion|contrato de servicio|proteccion|asistencia en (el)? camino|cobertura|paquete|coverage|alarm|gps tracker|membership|paint protection)"
_FEE = "(fee|fees|charge|charges|cargo|cargos|comision*|costo*|cuota de|tarifa*|surcharge|processing|deposit|deposito|retainer|upfront payment|up front payment|up - front payment|advance payment|pago por adelantado|anticipo|down deposit|cost|costs|payment up front|doc fee)"
_FREE = ("(no|without|zero|never|nothing|not|free|sin|ningun*|nunca|gratis|cero) ~5 {f}".replace("{f}", _FEE), "(is|are) free", "(dealer|lender|dealership|concesionario) ~2 (will|can|may|must|puede|has to|list*|explain*) ~4 (list|explain|show|tell|disclose|offer|go over|itemi*)", "(optional|opcional*|your choice|up to you|tu decision|turn it down|decline|can say no|puedes rechazar)",
         "(do not|never|not|no) ~3 (have to|need to|required|must|tienes que|tiene que|necesit*|oblig*|mandatory|sell|add|charge|ask)", "your (own)? (insurer|insurance company)", "(is|does) your ~3 (car|vehicle) ~3 (insured|have|under)", "want ~2 (the car|it) to be insured", "insured ;", "registration and taxes", "hurt", "(charge|charged) (card|phone|battery)", "in charge", "left ?")  # fmt: skip

RULE = Rule(
    name="fees_and_addons",
    source="FTC Telemarketing Sales Rule 16 CFR 310.4(a)(4) (advance fees); Cal. CARS Act (add-ons); FTC Act s. 5",
    patterns=(
        *says(
            "(there is|there are|there will be|we charge|i charge|we take|we collect|you pay|you owe|you will pay|it costs|costs|cost|hay|cobramos|cobro|se cobra|tiene|includes|plus|with|applies|add|pay|paga|pague|pagar|charged|require*|need*|have to pay|must pay|collect|a|small|just a|only a|nominal|one time|refundable|an|necesit*|send|envia|deposita|put|our|the) ~4 {fee} ~4 (of|is|applies|to|for|de|para|first|required|needed|before|upfront|up front|due|will be|be|por|es|obligatori*|with your|with my|.|!|,|and|,|by)".replace("{fee}", _FEE),
            "$ # ~2 {fee}".replace("{fee}", _FEE),
            "# (dollars|bucks|dolares|%|percent) ~2 {fee}".replace("{fee}", _FEE),
            "{fee} ~3 (of|is|be|es|de|costs|cost|at|will be|runs|comes to|around|about) ~2 ($ #|# (dollars|bucks|%|percent|dolares)|#|fifty bucks)".replace("{fee}", _FEE),
            "(broker|origination|application|processing|document|documentation|doc|admin|administration|administrative|prep|acquisition|service|convenience|filing|expedite|rush|membership|lender|handling|enrollment|commitment|reservation|inspection|delivery) (fee*|charge*|cost*) ~6",
            "(cargo|comision|costo|cuota|tarifa) (de|por|para) ~2 (tramit*|proces*|solicitud|procesar|apertura|gestion|servicio|administra*|revisar|documento*|broker|aplicacion|inscripcion)",
            "(gift card*|western union|moneygram|zelle|cash app|cashapp|venmo|wire|bitcoin|crypto|tarjeta* de regalo|transferencia|money order|paypal|prepaid card*|apple card) ~8",
            "(send|wire|pay|transfer|deposit|put|mail|paga|envia|deposita|manda|transfiere|give|leave|make) ~4 ($ #|# (dollars|bucks|dolares)|deposit|first payment|money|deposito|dinero|primer pago|payment|down a|advance) ~6 (hold|reserve|release|secure|keep|start|unlock|before|up front|upfront|now|first|apartar|asegurar|liberar|adelantado|antes|empezar|guarantee|process*|place|us|me|today)",
            "(payment|money|pago|dinero|deposit|card) ~3 (up front|upfront|up - front|in advance|por adelantado|before we|adelantado|antes de|needed before|is needed|is required|to hold|first)",
            "(have to|must|need to|required to|got to|tienes que|tiene que|debes|debe|hay que|you ll need|will need|need|needs|necesitas|necesita|obligated to|should|ought to|deberias) ~3 (buy|take|get|add|purchase|include|carry|pay for|have|sign up for|comprar|tomar|agregar|pagar|incluir|contratar|accept|keep|bundle|aceptar|adquirir|elect|select)? ~3 {p}".replace("{p}", _PRODUCT),
            "{p} ~4 (is|are|es|son|comes|come|being|will be|is all) ~2 (required|mandatory|included|necessary|compulsory|a must|part of|not optional|obligatori*|necesari*|incluid*|automatic*|built in|non negotiable|standard|added|requerid*|a requirement|needed|bundled|condition)".replace("{p}", _PRODUCT),
            "(required|mandatory|obligatori*|compulsory|requisito|must have|condition of) ~5 {p}".replace("{p}", _PRODUCT),
            "(i|we|ya|dealer) ~2 (have|ve|already|just|went ahead|will|ll|am going to|took|gone ahead|ya|voy a|te|lo|threw|can|could|put|decided)? ~3 (added|add|included|include|put|bundled|threw|throw|tacked|signed you up for|enrolled you in|rolled|roll|agregue|agrego|agregamos|inclui|incluimos|puse|sume|anadi|anadimos|meti|upgraded|packed|packaged|slip|sneak) ~5 {p}".replace("{p}", _PRODUCT),
            "(can not|not|no|never) ~2 (take|remove|get|drop|cancel|decline|skip|opt out of|quit*|rechazar|say no to|waive|leave) ~5 {p}".replace("{p}", _PRODUCT),
            "{p} ~8 (can not|can t|no puedes|not|no se puede) ~2 (take* it off|remove* ~1|opt out|cancel* it|declin* it|quitar*|be removed|skip it|say no)".replace("{p}", _PRODUCT),
            "(lender|bank|they|loan|dealer|financing|we|banco|prestamista|i|prestamo) ~2 (will not|wont|can not|does not|do not|no|never|going to) ~4 (approve*|fund*|finance*|lend*|release|go through|aprueb*|apro*|financ*|work|deal|process|help|sell|sign) ~4 (without|unless|sin|a menos|if you skip|until you (buy|pay|add|get)) ~6 ({p}|fee|pay|deposit|buy*|add*)".replace("{p}", _PRODUCT),
            "(can not|will not|cannot|no puedes|unable to|no) ~2 (get|have|receive|drive|obtener|close|finish|leave) ~4 (unless|without|sin|until|a menos) ~4 (add|buy|take|get|pay|purchase|gap|warranty|insurance|compr*|pag*|agreg*|{p})".replace("{p}", _PRODUCT),
            "(recommend|suggest|i would go with|i d go with|go with|you should (get|buy|add|take)|you want to (get|buy|add)|strongly|everyone (takes|must|needs|gets|buys|should)|best to (get|buy|add)|do not (leave|drive) ~3 without|recomiendo|te conviene|deberias (comprar|tomar|agregar)|smart to (add|get|buy)|worth every|you will be glad ~3|add) ~5 {p} ~6".replace("{p}", _PRODUCT),
            "(buy|get|purchase|add|grab|take|compra|agrega|toma|contrata|choose) ~2 (our|the|a|an|this|el|la|un|una|nuestr*|some) ~2 {p} ~4 (today|now|and|to get|to improve|so|for only|for just|or|to be|first|,|.|!|para|hoy|ahora|it is)".replace("{p}", _PRODUCT),
            "(only|just|for|solo|por) ($ #|# (dollars|bucks|dolares)) ~3 (more|extra|a month for|for|mas|to add|on top)",
            "(help*|increase*|improve*|boost*|raise*|better|mejora*|aumenta*) ~6 (chance*|odds|approv*|aprob*) ~6 {p}".replace("{p}", _PRODUCT),
            "{p} ~6 (help*|increase*|improve*|boost*|raise*|mejora*|aumenta*|better) ~4 (chance*|odds|approv*|aprob*)".replace("{p}", _PRODUCT),
            "(pay|paga|pague) ~4 (application|processing|fee|cargo|to apply|para aplicar|solicitud|to see|for the (check|credit)|to get started) ~4 (first|then|before|primero|now|and|so)",
            "(fee|cost|charge|price|cargo) (for|to) ~2 (the credit check|see your|start|check|view|apply|continue|run)",
            unless=_FREE,
        ),
        *always(
            "{p} ~2 (is|are) not (optional|negotiable|something you can (skip|decline))".replace("{p}", _PRODUCT),
            "(not|no) (optional|opcional|negotiable) ~6 {p}".replace("{p}", _PRODUCT),
        ),
    ),
    answers=(
        Short("({p}|optional|required|opcional|obligatori*|have to buy|need to buy)".replace("{p}", _PRODUCT), "(no|you have to|you must|yes|it is required|mandatory|si|required|unfortunately|you need|absolutely|the lender (requires|wants|needs)|tienes que) ~8 (take|required|must|need|have|buy|mandatory|obligatori*|tienes|include*|comprar|want* it|requires|optional|tomar|everyone)?",
              unless=("(always optional|is optional|your choice|not required|do not have|do not need|not mandatory|opcional|no tienes|up to you|never required|not need|it is optional|yes ,? (it|they|that) (is|are) (always)? optional|no ,? (it|that) is)",)),
        Short("(cost|fee|charge|free|pay|price|cuesta|cobran|gratis|costo|cargo|deposit|money up front)", "(yes|just|only|there is|a small|it costs|we charge|no , (there|it|you)|si|solo|hay|about|around|well|not free|sure|it is) ~8 (fee|charge|$ #|# dollars|cost*|cargo|deposit|small|pay|cobramos|bucks)",
              unless=("(no fee|free|nothing|gratis|no cost|no charge|not charge|do not|there is no|no hay|it does not|costs nothing)",)),
    ),
    bad=("There's a $99 processing fee to see your result.", "You have to buy GAP insurance.", "La garantía extendida es obligatoria."),
    good=("There's no fee to finish the application.", "Add-ons are always optional.", "El chat es gratis."),
)
