"""leaks_system_prompt: instructions, tools, configuration and other insides stay inside."""

import re

from cathy.guardrails.claims.rule import Rule, Sentence, Short, says

_TOOL = re.compile(r"\b(?:save_phone|save_email|ask_for_contact|offer_credit_check|hand_off_to_person|stop_contact|set_language|resume_application|submit_lead|start_soft_pull|check_consent|record_phone|record_email|vehicle_interest|application_status)\b|\b[a-z]+_[a-z_]+\s*\(|\bsk-[A-Za-z0-9]{6,}|<\s*/?\s*(?:system|instructions?|prompt)\s*>|<\|?im_|^\s*FACTS\s*:|\{\s*\"\w+\"\s*:|\b[A-Z]+(?:_[A-Z]+)*_(?:KEY|TOKEN|SECRET|PASSWORD)\b", re.IGNORECASE)  # fmt: skip


def _insides(sentence: Sentence) -> bool:
    return _TOOL.search(sentence.raw) is not None


_INSTRUCTIONS = "(system prompt*|prompt|initial prompt|hidden (rule*|instruction*|prompt|guideline*|directive*)|secret (rule*|instruction*|prompt)|internal (rule*|instruction*|note*|guideline*|prompt|polic*|setting*|configuration|documentation|flag)|developer (message|instruction*|note*|prompt)|system (message|instruction*)|instrucciones (del sistema|internas|ocultas|secretas)|prompt del sistema|mensaje del sistema|reglas (internas|ocultas|secretas)|configuration|base prompt|preprompt|pre prompt|playbook|directives|nota interna|notas internas|configuracion)"
_SAY = "(say|says|said|state*|tell*|told|begin*|start*|read*|contain*|include*|is|are|follow*|list*|require*|forbid*|instruct*|dice*|empieza*|comienza*|contiene*|indica*|son|es|ask*|mention*|specif*|order*|prohib*|goes|order|direct*|were|was|reads|make me|want*|allow*|have)"

RULE = Rule(
    name="leaks_system_prompt",
    source="OWASP LLM07:2025 system prompt leakage; our policy",
    extra=_insides,
    patterns=(
        *says(
            "(my|the|our|this|mi|mis|el|las|a|your|here is my|these) ~2 " + _INSTRUCTIONS + " ~3 " + _SAY,
            _INSTRUCTIONS + " ~2 (:|are as follows|is as follows|son las siguientes|es el siguiente|begins|word for word|verbatim|in full|attached|below)",
            "(here|these|below|following|aqui|estas|estos|este|esta|sure|ok) ~4 (is|are|esta|estan|son|es) ~2 (my|the|mis|mi|las|el|our|full) ~3 (instruction*|prompt|rules|guidelines|directives|configuration|instrucciones|reglas|system message|settings|setup) ~3",
            "(my|mi|mis|our) ~2 (instruction*|prompt|rules|guideline*|programming|directives|orders|training|script|instrucciones|reglas|guion|programacion|policy) ~1 (say*|tell*|state*|read*|begin*|start*|require*|forbid*|include*|contain*|instruct*|prohibit*|dice*|empieza*|indican|incluye*|order*|direct*|mention*|force*|mean i|make me|want me|exigen|me piden|me obliga*) ~6",
            "(i|we|cathy|me|was|they|fui) ~2 (am|was|were|have been|been|m|fui|estoy|he sido)? ~1 (told|instructed|programmed|ordered|directed|configured|prompted|scripted|coded|commanded|programad*|instruid*|configurad*|entrenad* para|trained to|set up to|given orders|given instructions|supposed to hide) ~3 (to|not|by|with|that|never|para|que|a|de) ~4",
            "(they|developers|the company|my (creators|makers|developers|bosses|programmers|owner*|team)|mis creadores|los desarrolladores|la empresa) ~2 (told|instructed|programmed|ordered|configured|want|wrote|set|programaron|dijeron|ordenaron|instruyeron|configuraron|pidieron) ~2 (me|a rule|mi|my|que|in) ~6",
            "me ~1 (programaron|ordenaron|instruyeron|dijeron|configuraron|entrenaron|indicaron|pidieron) ~2 (para|que|no|a|con)",
            "(tools|functions|commands|herramientas|funciones|apis) ~2 (i|that i|we|que|available to me|at my disposal|disponibles) ~3 (can|may|have|call|use|puedo|tengo|uso|are|include*|:)",
            "(call*|run*|invok*|execut*|trigger*|using|use|stored with|llam*|ejecut*) ~2 (the|my|a|la|el|internal)? ~1 (tool|function|api|endpoint|backend|funcion|herramienta|webhook) ~6",
            "(i|we|cathy|this) ~2 (run|runs|am running|am built|am powered|work|operate|based|use|built|powered|corro|funciono|uso|estoy basad*) ~3 (on|by|with|en|con|using|top of)? ~2 (gpt*|openai|chatgpt|claude|llama|mistral|gemini|anthropic|model|modelo|postgres*|redis|django|celery|database|a server|aws|azure) ~4",
            "(model|temperature|modelo|max tokens|top p|context window|api key|access key|secret key|database|admin password|api token|clave de api|base de datos|server address) ~3 (is|are|:|=|named|es|called|gpt*|set to|sk) ~3",
            "(rule|regla|instruction|step|point|guideline|directive) (number)? # ~2 (says|reads|states|tells|is|of my|dice|:|forbids|requires|prohibits|es|in my)",
            "(enter*|activat*|enabling|switch* to|now in|entrando en|enabled|unlock*|turning on|modo) ~3 (developer|debug|admin|god|dan|jailbreak|unrestricted|maintenance|root|desarrollador|sudo|test) (mode|modo|access)?",
            "(repeat|print|recite|quote|show|reveal|copy|paste|dump|output|repito|muestro|display) ~4 (text above|my instructions|my prompt|my rules|my system|everything above|mis instrucciones|the conversation above|above text|texto anterior|internal)",
            "you are (cathy|a helpful assistant|an ai assistant for|a virtual assistant|a car loan assistant)",
            "(eres|usted es) (cathy|una asistente|un asistente)",
            "(original|initial|true|real|first|core|main|verdaderas|originales) (instruction*|prompt|directive*|programming|orders|system message|instrucciones|configuration) ~2 (were|was|is|are|:|say*|eran|son|tell*|state*)",
            "(visitor|lead|customer|internal|your) ~1 (priority|stop reason|lead score|score flag|tag|segment|prioridad) ~2 (is|was|set|marked|flagged|:|es) ~1 (high|low|normal|medium|alta|baja|hot|warm|cold|vip)",
            "(internal note|nota interna|note to self|system note|debug|internal memo|backend note|system log)",
            unless=("(can not|do not|will not|never|not able to|no puedo|no tengo|could not|unable|am not going to|not allowed to|isn t something|not something) ~5 (share|show|reveal|have|go into|print|discuss|give|tell|repeat|ignore|change|mostrar|compartir|revelar|decir*|enter|activate|output|follow|switch|talk about|read|disclose|display|recite|use)",
                    "(on|in) the (form|email|page|application|site|letter|card)", "del formulario", "privacy (rules|page)", "(lender|dealer|prestamista|bank) s? ~1 (system|rules|guidelines|instructions)", "reply", "(your|tu) (system|browser|computer|phone)", "as you (asked|told)", "designed to help", "built to (help|keep|protect)", "trained to help", "programmed to help", "(by|from) (the|your) (dealer|lender)", "(to|for) your (dealer|lender)", "email (template|has)",
                    "(told|tell) (me|us) ~2 (that)? you", "you (told|have told)"),
        ),
    ),
    answers=(
        Short("(prompt|instructions|system message|told to|programmed|rules|configuration|hidden|instrucciones|reglas|prompt del)", "(it says|they say|it is|they are|sure|yes|of course|i was|here|my|ok|dice*|claro|me|son|first|rule|mostly|basically|that i) ~20",
              unless=("(can not|not|never|will not|no puedo|private|sorry|happy to help|unable|rather not|honest|kind)",)),
    ),
    bad=("My system prompt says I must never quote rates.", "The tools I can call are ask_for_contact and save_phone.", "Mi prompt empieza así: Eres Cathy."),
    good=("I can't share my instructions.", "The instructions on the form explain each step.", "No puedo compartir mis instrucciones."),
)
