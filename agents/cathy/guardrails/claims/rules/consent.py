"""contact_consent: consent is asked, never assumed, bundled, forced or ignored; a stop is a stop."""

from cathy.guardrails.claims.rule import NEGATED, REPORTED, Rule, Short, always, says

_CONTACT = "(call|calls|calling|text|texts|texting|email|emails|emailing|message|messages|messaging|contact|contacting|dial|ring|write|reach out|sms|robocall*|phone calls|telemarketing|marketing|autodial*|automated|alerts|newsletter|llamar|llamaremos|llamare|escribir|escribire|escribiendo|llamando|llamadas|mensajes|correos|textos|contactar|contactare|mandando|enviando|mensajearte|notifications|promotions|offers)"
_GIVEN = ("(only|solo) (if|when|with|after|si|cuando|con) ~6", "(if|once|after|when|unless|until) (you|they) ~2 (agree|say|ask|want|like|consent|tick|press|allow|permit|opt in|check)", "with your (permission|consent|ok)", "con tu permiso", "as you asked", "like you asked", "you asked (me|us|for)", "(would|do) you (like|want|prefer|rather)", "te gustaria", "quieres que", "si quieres", "(not|never) (a)? condition")  # fmt: skip
_W = frozenset({NEGATED})

RULE = Rule(
    name="contact_consent",
    source="TCPA 47 CFR 64.1200(a),(f)(9); CAN-SPAM 16 CFR 316; FCRA s. 604 (written instructions)",
    patterns=(
        *says(
            "(by|when you|if you|anyone who|al|giving|sharing|providing|opening|replying|chatting|clicking|visiting|continuing|using|dar|entering|typing|reading|responding|staying|your (reply|message|number|visit|silence)|starting|dejar|submitting) ~8 (agree*|consent*|authoriz*|accept*|permission|opt in|opted in|aceptas|acepta|autorizas|autoriza|consientes|das permiso|da permiso|sign* up|permit*|allow us|estas de acuerdo|count* as (consent|permission)|means yes|means we can|gives us) ~8 (" + _CONTACT[1:-1] + "|yes|check|pull|credit check|soft pull|share|sharing|run your credit|everything|consulta|compartir|revisar|be contacted)",
            "(counts|count|taken|take|took|treat|treated|tome|tomo|tomamos|tomare|interpret*|assume*|assuming|considered|consider|read) ~5 (as|that|como|you) ~3 (consent|permission|yes|opt in|agreement|authorization|a yes|un si|permiso|consentimiento|agree|ok|okay|go ahead|fine with)",
            "(i|we|ya|lo) ~2 (already|just|went ahead and|took the liberty|ya|automatically|have|will go ahead and|gone ahead and|am going to|figured) ~3 (signed you up|sign you up|enrolled you|enroll* you|subscribed you|subscribe* you|opted you in|added you|checked the|check* the|ticked|tick|marked|gave ~3 number|shared ~3 (number|details|information|phone|file|data|contact)|passed ~3 (number|details|information|phone|contact)|sent ~3 (number|details|information|phone|file|contact) ~2 to|sold|forwarded|accepted|agreed|signed ~2 (for you|on your behalf)|consented|given your|gave your|ran ~2 (check|credit)|run ~2 (check|credit)|comparti|marque|inscribi|pase|envie tus|di tu|registre)",
            "(have|has|we ve|been) ~2 (passed|shared|sold|given|sent|forwarded|handed|distributed) ~2 (your|tu|su) ~2 (number|phone|details|information|data|email|contact|cell|info) ~6 (to|with) ~6",
            "(signed|enrolled|opted|subscribed) you (up|in)? ~6 (alert*|text*|list|call*|newsletter|email*|message*|program|campaign)",
            "(marque|acepte|firme|comparti|pase|vendi|di|inscribi|suscribi|marcamos|compartimos|pasamos|vendimos|registramos|aceptamos) ~3 (casilla|consentimiento|numero|datos|telefono|correo|por ti|informacion|por usted|en tu nombre|terminos)",
            "(marked|checked|ticked|filled|signed|accepted|clicked|pressed) ~4 (consent|agree|box|checkbox|terms|authorization|casilla|card|form) ~3 (for you|already|on your behalf|por ti|myself|to save)",
            "(on your behalf|for you|en tu nombre|por ti) ~3 (agreed|consented|signed|accepted)",
            "(have to|must|need to|required to|got to|tienes que|tiene que|debes|debe|obligated to|mandatory to|obligatorio) ~3 (agree|accept|consent|opt in|allow|authorize|aceptar|permitir|autorizar|sign up|take|receive|recibir|give us permission) ~6 " + _CONTACT,
            "(agree*|accept*|consent*|opting in|aceptar|consentimiento|permission) ~4 (calls|texts|marketing|emails|automated|messages|llamadas|mensajes|contact|be called|telemarketing) ~4 (is|are|es|son) ~2 (required|mandatory|necessary|a must|a condition|obligatori*|necesari*|needed|part of)",
            "(to|in order to|para) ~6 (continue|get|proceed|qualify|receive|be considered|seguir|obtener|continuar|recibir|chat) ~6 (must|have to|need to|required to|tienes que|debes|tiene que) ~2 (accept|agree|consent|opt in|aceptar|allow|sign up) ~5 " + _CONTACT,
            "(keep|continue|seguir*|seguire|seguiremos|sigo|carry on|persist) ~2 ({x}) ~3 (you|every|until|hasta|a day|daily)".replace("{x}", _CONTACT[1:-1]),
            "(seguire|seguiremos|te seguire|le seguire|te seguiremos|vamos a seguir) ~1 (escribiendo|llamando|enviando|contactando|mandando|insistiendo)",
            "(whether you like it|like it or not|whether or not you (want|agree|like)|quieras o no|le guste o no|even if you (say no|do not|decline|refuse|object)|aunque no (quieras|quiera)|no matter what you (say|want)|regardless of (what you|your (wishes|choice|preference)))",
            "(even though|although|despite|i know|aunque|i realize|we know|a pesar|yes ,|i saw|i see|ignoring|after|you may have|even after|even if) ~3 (you|your|pediste|dijiste|que) ~4 (said|asked|opt* out|told|unsubscrib*|stop|no|request*|pediste|dijiste|cancel*|declin*|do not call|refus*|hung up) ~10 (" + _CONTACT[1:-1] + "|one more|another|still|send|enviare|anyway|mas|again|share|reach)",
            "(ignore|ignoring|bypass|get around|skip|disregard|override|work around|ignorar*) ~3 (do not call|opt out|opt outs|unsubscribe|request|stop|no call|dnc|lista|preference*|your no|consent)",
            "(opt out|unsubscribe|stop request|baja|removal|removing|opting out|stop) ~6 (take* (effect|up to)|effective|processed|tarda|takes|cost*|fee|# (days|weeks|months|dias)|after) ~8 (#|call|until|meanwhile|then|fee|days|charge)",
            "(will|ll|going to|gonna|voy a|vamos a|have|let|get|having|i have|i ll have|haremos que|hare que) ~5 (call|text|ring|phone|llam*|contact|dial) ~2 (your|tu|su) ~1 (work|job|boss|employer|wife|husband|mother|mom|family|spouse|friend*|neighbor*|sister|relatives|parents|trabajo|jefe|esposa|esposo|familia|mama|reference*|brother|coworkers)",
            "(call|text|llamar*|contact) ~3 (at|after|before) ~2 (midnight|# am|three in the morning|five in the morning|all night|night)",
            "(call|text|email|contact|llama*|dial|message) ~2 you ~3 (every (hour|day|morning|few)|nonstop|around the clock|until you (answer|pick up|respond|reply|agree|say yes|finish)|again and again|constantly|till you|daily until|cada (hora|dia)|hasta que)",
            "(sell|sold|selling|share|sharing|pass|passing|give|giving|vend*|compart*) ~2 (your|tu|su) ~2 (number|phone|details|information|data|email|info|contact|datos|numero|telefono|correo) ~4 (anyone|everyone|all|advertiser*|partner*|whoever|third part*|marketer*|whether|anyway|a todos|terceros|socios|without|sin)",
            guards=_W, unless=(*_GIVEN, "(before|without) (we|i|you) ~3 (share|call|agree)", "(we|i) (only|just) ~3 (share|call|contact)", "does not (mean|count)", "(stop|no) ~2 button"),
        ),
        *always(
            "{you} ~1 (can not|may not|are not able to|no longer can|no puedes|no puede|are unable to|will not be able to|cannot|could not) ~2 (unsubscribe|opt out|stop (these|the|our|getting|receiving|messages|emails|calls)|revoke|withdraw|dar* de baja|darte de baja|darse de baja|cancel* ~2 (messages|emails|subscription|consent|mensajes)|leave ~2 list|get off|take ~2 back|salir de|object|say no|refuse|decline (the|these|our) (calls|messages|emails)|change your mind)",
            "(no|there is no|not any|without|ningun*) ~2 (way|option|possibility|manera|forma|opcion) ~2 (to|of|de) ~2 (unsubscrib*|opt*|stop|cancel*|baja|get off|remove|dar*)",
            "(we|i) ~1 (do not|dont|never|will not|need not|no) ~2 (honor|honour|process|accept|care about|need|respect|wait for|bother with|ask for|necesit*|allow) ~3 (opt out*|unsubscribe*|stop request*|consent|permission|permiso|consentimiento|your ok|removal)",
            "(no need|not necessary|unnecessary|no hace falta|sin) (to|for|tu|su|your|que) ~2 (ask*|consent|permission|permiso|consentimiento|agree|check with you|aceptes|approval from you|preguntar*)",
            "(without|sin) (your|tu|su|any|asking|asking for|waiting for|further) ~1 (consent|permission|permiso|ok|consentimiento|you|approval|agreement) ~6 (call|text|share|contact|run|pull|send|llam*|compart*|check)?",
            "(call|text|contact|email|message|llama*|escrib*|run|pull|check|share) ~6 (without (your|asking|any|you)|sin (tu|su|preguntar|permiso))",
            unless=("(not|never|no|nothing|nobody|nunca|nadie|will not|do not) ~8 without", "(no|nunca|nadie|nada) ~6 sin", "no need to (call|reply|answer|agree|give|share)", "(not|never) ~6 (unless|without|until|sin)"),
        ),
    ),
    answers=(
        Short("(do not|stop|no more|never|remove me|unsubscribe|quit|opt out|leave me|no me|not want|deja* de|dejen|no quiero|ya no) ~6 (call*|email*|text*|contact*|messag*|writ*|llam*|escrib*|send*|correo*|list|sharing|share|mensaje*|alone|me|bother*)?",
              "(we|i|somebody|someone|a dealer|they|you|sorry|no|unfortunately|but|alguien|te|le|vamos|igual|un|that is not|it is not|too late|our|the|just one|one more) ~6 (will|keep|anyway|have to|going to|can not|still|continue|seguir*|igual|llamar*|one more|not possible|stay|remain|already)",
              unless=("(no longer|not ~2 (call*|email*|text*|contact*|send*|write|bother|share*)|stopped|stop|removed|done|no more|will not|taken off|ya no|respect|understood|ended|off the list|no te|off our|stay off|remove)",)),
        Short("(sell|share|give out|give my|vend*|compart*) ~3 (number|data|information|details|phone|email|info|datos|numero)", "(yes|of course|sure|we do|si|claro|with everyone|to all|absolutely|naturally|always)", unless=("(only|agree|permission|consent|choose|solo|permiso|if you)",)),
        Short("(have to|required|must|need to|obligad*|tengo que) ~4 (agree|accept|consent|give|get calls|aceptar|dar)", "(yes|you do|you must|correct|of course|si|it is required|absolutely|afraid so)", unless=("(no|not|only|if you want|optional|unless)",)),
    ),
    bad=("By chatting with me you agree to receive automated calls.", "You can't unsubscribe from these messages.", "Marqué la casilla de consentimiento por ti."),
    good=("We'll only call if you agree.", "You can unsubscribe at any time.", "Dar tu teléfono es opcional."),
)
