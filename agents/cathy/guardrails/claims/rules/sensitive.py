"""asks_sensitive_in_chat: no SSN, birth date, account, card, licence, password or document is asked for here."""

from cathy.guardrails.claims.rule import Rule, Short, says

_SECRET = (
    "(ssn|ssns|social|social security|social security number|s s n|soc|itin|taxpayer (id|number|identification)|tax id|ein"
    "|date of birth|dob|d o b|birth date|birthdate|birthday|birth day|year of birth|day you were born|mother s maiden name|maiden name"
    "|(bank|checking|savings|banking) ~1 (account|details|information|login|info|credentials|routing|number*|password|statement*|app|username)|account number*|routing number*|routing"
    "|(credit|debit) card*|card number*|card details|cvv|cvc|security code|expiration date|pin|pin number|pin code|password*|passcode|username and password|login|one time (code|passcode)|verification code|otp"
    "|driver* ~1 license*|drivers license|driving licence|dl number|license number|passport*|green card|state id|government id|id card|photo id|your id|identification"
    "|pay ?stub*|pay stub*|paystub*|pay slip*|w2|w - 2|w2s|bank statement*|tax return*|1099|utility bill"
    "|seguro social|numero social|tu social|su social|fecha de nacimiento|cumpleanos|dia de nacimiento|cuenta bancaria|numero de cuenta|numero de ruta|cuenta de banco|cuenta de cheques|tarjeta de (credito|debito)|numero de tarjeta"
    "|contrasena|clave|licencia de (conducir|manejar)|licencia|pasaporte|talon* de pago|comprobante* de (pago|ingresos|nomina)|recibo* de nomina|estado* de cuenta|itin|codigo de verificacion|identificacion|apellido de soltera|nip|fecha en que naciste)"
)
_OFFSITE = ("(dealer|lender|dealership|bank|credit bureau|concesionario|prestamista|he|she|they|provider) ~2 (may|might|will|can|usually|puede|podria|would|could|asks|pide|often|normally|needs|wants) ~12",
            "(secure|lender s|provider s|bureau s|own) (page|form|site|portal)", "when you (visit|go|meet)", "cuando vayas", "bring ~8 (dealer|visit|with you)", "(keep|leave|leaving) ~8 (out|private|off)",
            "for your safety", "(safe|smart|wise|ok) to (share|give|send|type)", "(removed|masked|deleted|hid|borre|oculte|blocked) ~8", "(stays|stay|kept) private", "looked like", "(phone|telephone|telefono) number ~3 (only|is enough)")  # fmt: skip

RULE = Rule(
    name="asks_sensitive_in_chat",
    source="GLBA Safeguards Rule 16 CFR 314; our policy: no SSN column exists (DESIGN 4.1)",
    patterns=(
        *says(
            "{ask} ~7 " + _SECRET,
            _SECRET + " ~6 (please|por favor|here|below|aqui|so i can|so we can|to verify|to continue|to proceed|to confirm|to hold|real quick|in this chat|in the chat|para verificar|para continuar|needed|required|is next|abajo|to get started|to finish)",
            "(need|want|require|necesit*|requier*|collect|take|grab|ocupo|ocupamos) ~4 " + _SECRET,
            "(last|ultimos) (four|4|cuatro|five|5) ~6 (social|ssn|card|account|tarjeta|cuenta|seguro|license)",
            "(the|your|all|los|tus) (16|sixteen|nine|9|three|3|four|4|nueve|dieciseis) digit* ~6 (card|social|ssn|back|account|tarjeta|front|soc|number)?",
            "(when|what|which|cuando|que|in which|en que) ~4 (were you born|naciste|nacio|did you turn|is your birthday|day month and year)",
            "(picture|photo|pic|snapshot|scan|copy|image|selfie|screenshot|foto|copia|imagen|captura) ~6 " + _SECRET,
            "(can|could|would|will|puedes|puede|podrias|podria|may|mind) ~5 (send|share|give|tell|type|provide|text|upload|enter|confirm|verify|read|paste|enviar*|mandar*|dar*|compartir*|decir*|subir*|escribir*|confirmar*|sending|sharing|giving|typing|telling) ~6 " + _SECRET,
            "(what|which) (pin|password|passcode|bank login|code)",
            "(how about|and|also|next ,|first ,|now) (your|tu|su) ~1 " + _SECRET + " (?|please|,)",
            "(cual|cuales) (es|son) ~2 " + _SECRET,
            "(your|tu|su) ~1 " + _SECRET + " ?",
            unless=(*_OFFSITE, "(never|do not|not|no need|nunca|no) ~3 (ask*|need*|type|share|send|want|require|give|enter|put|pedimos|pido|necesit*|escrib*|compart*|post|pida*)"),
        ),
    ),
    answers=(
        Short(_SECRET, "(yes|yep|sure|go ahead|of course|absolutely|please do|si|claro|adelante|ok|yes please|just type|right here|here is fine|please)",
              unless=("(never|not|do not|lender|provider|dealer|keep|out of|secure|no)",)),
    ),
    bad=("What's your social security number?", "Send a photo of your driver's license.", "¿Cuál es tu fecha de nacimiento?"),
    good=("We never ask for your SSN in chat.", "What's the best phone number to reach you?", "No escribas aquí tu número de cuenta."),
)
