"""Sentences around the made-up values: what customers write in a chat, in forms, in tickets. `{x}` is the value.

"¦" parts sentences, "⏎" is a new line within one.
"""


def sentences(text: str) -> list[str]:
    """The sentences of a block."""
    return [part.strip().replace("⏎", "\n") for part in text.split("¦") if part.strip()]


PHONE = sentences("""
{x} ¦ call me at {x} ¦ my number is {x} ¦ You can reach me on {x} after 5 ¦ text {x} please ¦ Sure, it's {x} ¦
{x} is my cell ¦ cell: {x} ¦ Tel. {x} ¦ my phone number {x} and I work nights ¦ hey cathy its {x} ¦ ok {x} ¦
{x} thanks! ¦ best number: {x} (mobile) ¦ Mi número es {x} ¦ llámame al {x} por favor ¦ mi celular es {x} ¦
I changed my number. New one is {x}. ¦ Please call {x} or email me ¦ husband's cell is {x} ¦ Fax it to {x} ¦
yes you may contact me at {x} ¦ whatsapp {x} ¦ The truck looks nice. {x}. Call before noon ¦
Name: Jane Doe⏎Phone: {x}⏎State: TX ¦ {"phone": "{x}"} ¦ phone={x} ¦ I'm at work, so {x} is better ¦
don't call my old number, call {x} ¦ if we get cut off: {x}
""")

SPOKEN_PHONE = sentences("""
call me at {x} ¦ my number is {x} ¦ it's {x} ¦ {x} ¦ you can reach me at {x} after work ¦ mi número es {x} ¦
sure, {x} ¦ my cell phone number is {x} thanks ¦ the number is {x}, ask for Joe ¦ phone {x} ¦ area code {x}
""")

SSN = sentences("""
{x} ¦ my ssn is {x} ¦ here is my social {x} ¦ Social Security Number: {x} ¦ SSN {x} ¦ ssn#{x} ¦
It's {x}, do you need anything else? ¦ my social is {x} and my dob is coming ¦ you can use {x} for the credit check ¦
Mi seguro social es {x} ¦ I was told to give {x} ¦ soc sec no. {x} ¦ the last one was wrong, it is {x} ¦
Name: Joe⏎SSN: {x}⏎City: Austin ¦ run my credit: {x} ¦ {"ssn":"{x}"} ¦ ssn={x}&state=TX
""")

SSN_CONTEXT = sentences("""
my ssn is {x} ¦ social security number is {x} ¦ here's my social: {x} ¦ SSN: {x} ¦ my social {x} ¦ my soc is {x} ¦
Social Security # {x} ¦ ok my social security is {x} ¦ {x} is my social ¦ {x} is my ssn, go ahead ¦
mi seguro social es {x} ¦ mi número de seguro social: {x} ¦ número de social {x} ¦ ss# {x} ¦ tax id {x} ¦
my ITIN is {x} ¦ you asked for my social security number, it's {x} ¦ social sec number {x} and I live in Ohio ¦
the ssn you need is {x} ¦ Social: {x} ¦ my wife's social is {x}
""")

LAST4 = sentences("""
last four of my social is {x} ¦ the last 4 of my ssn are {x} ¦ last four {x} ssn ¦ my social ends in {x} ¦
ssn ending in {x} ¦ last 4 digits of my social security number: {x} ¦ {x} are the last four of my social ¦
{x} is the last 4 of my ssn ¦ last 4 of social {x} ¦ los últimos cuatro de mi seguro social son {x} ¦
últimos 4 dígitos del seguro social: {x} ¦ mi social termina en {x} ¦ SSN last four: {x} ¦ ssn (last 4): {x} ¦
social last4 {x} ¦ Last 4 SSN {x} ¦ the last four digits of my social are {x}, thanks ¦ my last four is {x} ¦
Last four digits: {x} ¦ social: xxx-xx-{x} ¦ the last four numbers of my social would be {x} ¦
it's {x}, the last four of my social
""")

CARD = sentences("""
{x} ¦ my card is {x} ¦ card number {x} exp 12/27 cvv 123 ¦ charge {x} ¦ Visa {x} ¦
I can pay the down payment with {x} ¦ credit card: {x} ¦ use my debit card {x} ¦ mi tarjeta es {x} ¦
put it on {x} please ¦ {x} is the card ¦ Amex {x}, expires 04/28 ¦ cc# {x} ¦ {"card":"{x}"} ¦ Here you go {x} thanks
""")

CARD_CONTEXT = sentences("""
my card number is {x} ¦ credit card {x} ¦ debit card: {x} exp 11/26 ¦ visa {x} ¦ mastercard {x} ¦
{x} is my card number ¦ cc {x} exp 01/27 ¦ card no. {x} ¦ número de tarjeta {x} ¦ mi tarjeta de crédito es {x} ¦
Amex: {x} ¦ the card is {x}, cvv 321 ¦ use card {x} ¦ Credit Card Number: {x} ¦ discover card {x} ¦
I want to pay with my card, it is {x}
""")

ACCOUNT = sentences("""
my account number is {x} ¦ checking account {x} ¦ acct # {x} ¦ Account: {x} ¦ bank account number {x} at Chase ¦
acct no. {x} ¦ savings account number: {x} ¦ mi número de cuenta es {x} ¦ cuenta bancaria {x} ¦
{x} is my account number ¦ deposit it to account {x} ¦ the account is {x} ¦ Acct: {x} ¦ my bank acct is {x} ¦
checking # {x} ¦ direct deposit account {x} ¦ account no {x} please ¦ A/C {x} ¦
my checking account number is {x} and it's at Wells Fargo ¦ account number: {x}
""")

ROUTING = sentences("""
routing number {x} ¦ my routing is {x} ¦ ABA {x} ¦ routing # {x} ¦ Routing: {x} ¦ the bank's routing number is {x} ¦
RTN {x} ¦ aba routing number: {x} ¦ número de ruta {x} ¦ {x} is the routing number ¦ routing no. {x} ¦
use routing {x} for the transfer
""")

IBAN = sentences("""
{x} ¦ my iban is {x} ¦ IBAN: {x} ¦ send it to {x} please ¦ iban {x} thanks ¦ mi IBAN es {x} ¦ account {x} ¦
wire to {x}
""")

DOB = sentences("""
my date of birth is {x} ¦ DOB: {x} ¦ dob {x} ¦ I was born on {x} ¦ born {x} ¦ birthday is {x} ¦ my birthday: {x} ¦
D.O.B. {x} ¦ nací el {x} ¦ fecha de nacimiento: {x} ¦ {x} is my birthday ¦ birth date {x} ¦
date of birth {x}, single ¦ my bday is {x} ¦ Date of Birth - {x} ¦ I'm Jane, born in Dallas on {x} ¦
mi cumpleaños es el {x} ¦ DOB={x} ¦ Name: Joe Doe⏎Date of birth: {x}⏎Phone: none ¦ my dob, as on my license, is {x} ¦
nacido el {x} ¦ birthdate: {x}
""")

LICENCE = sentences("""
driver's license {x} ¦ my drivers license number is {x} ¦ DL# {x} ¦ DL: {x} ¦ license number {x} ¦
driver license no. {x} ¦ my license # is {x} ¦ TX DL {x} ¦ licencia de conducir {x} ¦ mi licencia de manejo es {x} ¦
Driver's License Number: {x} ¦ my DL number is {x} ¦ driver's license: {x} (Florida) ¦
{x} is my driver's license number ¦ driving licence {x} ¦ Drivers Lic {x}
""")

STREET = sentences("""
I live at {x} ¦ my address is {x} ¦ {x}, Austin, TX ¦ {x} ¦ Address: {x} ¦ mail it to {x} ¦ we just moved to {x} ¦
The dealer is at {x}, right? ¦ deliver it to {x} please ¦ Ship to: {x}⏎Dallas TX ¦ I'm staying at {x} for now ¦
vivo en {x} ¦ mi dirección es {x} ¦ home address {x} ¦ send documents to {x}, Tampa, FL ¦ it's {x} in Houston ¦
current residence: {x}
""")

ZIP = sentences("""
my zip is {x} ¦ zip code {x} ¦ ZIP: {x} ¦ Austin, TX {x} ¦ I live in Tampa, FL {x} ¦ zipcode is {x} ¦
código postal {x} ¦ mi código postal es {x} ¦ Brooklyn NY {x} ¦ postal code {x} ¦ {x} is my zip ¦
Phoenix, Arizona {x} ¦ the zip code there is {x} ¦ zip {x} ¦ I'm in {x} ¦ we live in {x}
""")

EMAIL = sentences("""
{x} ¦ my email is {x} ¦ email me at {x} ¦ send it to {x} please ¦ E-mail: {x} ¦ {x} is best ¦ contact {x}. ¦
it's {x}, thanks ¦ mi correo es {x} ¦ (email {x}) ¦ write to {x}! ¦ reply to {x}, ok? ¦ Jane Doe <{x}> ¦
{"email":"{x}"} ¦ email={x} ¦ You have {x} on file ¦ mailto:{x}
""")

OBFUSCATED_EMAIL = sentences("""
my email is {x} ¦ email me at {x} ¦ {x} ¦ it's {x} thanks ¦ send to {x} ¦ mi correo es {x} ¦ e-mail: {x} ¦
reach me via {x} ¦ You can write {x} anytime
""")

IP = sentences("""
{x} ¦ my ip is {x} ¦ client {x} connected ¦ from {x} port 443 ¦ logged in from {x}. ¦ IP address: {x} ¦
ping {x} fails ¦ remote_addr={x} ¦ [{x}] GET /index
""")
