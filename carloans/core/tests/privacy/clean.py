"""Hard negatives: texts of this trade full of numbers that are nobody's data.

`{n}` is 1-9, `{y}` a model year, `{k}` thousands with a comma, `{d2}` to `{d17}` so many random digits, `{vin}` a VIN,
`{t}` a clock time, `{m}` a date without a birthday around it.
"""

from carloans.core.tests.privacy.sentences import sentences

CLEAN = sentences("""
I have a {y} Honda Civic with {k} miles on it ¦ Looking for a {y} Ford F-150 XLT under ${k} ¦ My loan amount is ${k} ¦
I make ${k} a year before taxes ¦ I can put {d4} down ¦ I can put {k} dollars down today ¦
monthly payment of {d3} for {d2} months ¦ 60 months at {n}.{d2}% ¦ credit score around {d3} ¦
score went from 580 to 642 in 6 months ¦ VIN is {vin} ¦ vin: {vin} {y} Tahoe ¦ stock number {d6} ¦ Stock # P{d5} ¦
order number {d8} ¦ order #{d10} has not arrived ¦ my order is {d10} ¦ tracking number {d12} ¦
tracking 1Z999AA1{d10} ¦ invoice {d7} from {m} ¦ confirmation code {d6} ¦ case number {d8} ¦ claim {d9} was denied ¦
policy number {d9} ¦ reference {d10} ¦ ticket {d7} ¦ part number {d5}-{d4} ¦ Part # {d10} ¦ model {d4} ¦
transaction id {d12} ¦ Loan application number {d8} ¦ my application number is {d9} ¦ odometer says {d6} ¦
mileage {d6} ¦ it has {d6} miles ¦ about {d5} miles a year ¦ {d5} mi ¦ 0-60 in {n}.{n} seconds, {d3} hp ¦
the 2.0 liter makes {d3} hp and {d3} lb-ft ¦ 28 mpg city 35 highway 30 combined ¦ 28/35 mpg ¦
price dropped from ${k} to ${k} ¦ between {k} and {k} ¦ payoff is {k}.{d2} ¦ I owe {d5} on it ¦ balance of {d5}.{d2} ¦
my balance is {d5} ¦ I earn {d4} every two weeks ¦ gross income {d5} ¦ income: {d5} ¦ my rent is {d4} ¦
I need {d5} for the car ¦ Can I get {d5} with {d4} down? ¦ {y} Toyota Camry SE, {d5} miles, ${d5} ¦
{y} Buick Park Avenue ¦ {y} Ford Focus ST ¦ 2013 ford focus st ¦ {y} Jeep Grand Cherokee Summit ¦
{y} Chevy Silverado 1500 4x4 ¦ F-250 Super Duty {y} ¦ BMW 328i or 335i ¦ Mazda CX-5 {y} vs CX-9 ¦
Mercedes C300 4MATIC {y} ¦ Audi A4 2.0T {y} ¦ open 9 to 5 Monday to Friday ¦ tomorrow at {t} ¦
appointment {m} at {t} ¦ call me tomorrow at {t} ¦ I bought it on {m} ¦ my last payment was {m} ¦ expires {m} ¦
since {m} ¦ hired {m} ¦ I started on {m} ¦ My license expires {m} ¦ I have been at my job since {y} ¦
worked there 3 years 6 months ¦ moved here in {y} ¦ the accident was in {m} ¦ chapter 13 discharged {m} ¦
bankruptcy in {y}, discharged {y} ¦ I was born in Texas ¦ born and raised in {n} towns ¦ turning 30 next year ¦
I am 34 years old ¦ my birthday is coming up ¦ it's my birthday next week ¦ I live {n} miles from the dealer ¦
it's a {d2} minute drive ¦ a {n} minute drive down the road ¦ {n} blocks from Main Street ¦ took a {d2} mile drive ¦
{d2} day test drive ¦ 4 wheel drive ¦ all wheel drive 4 door ¦ 2 door coupe ¦ 4 dr sedan ¦ a 2 way street ¦
{n} people in the car ¦ I have {n} kids and 2 jobs ¦ 5 star safety rating ¦ 3 row SUV with 7 seats ¦
8 speed automatic ¦ I looked at cars at carmax.com ¦ saw it at autotrader.com ¦ look at carvana dot com ¦
the deal at cars.com is {k} ¦ meet me at the dealer ¦ I work at Amazon ¦ I am at work ¦ at 5 dot com prices ¦
check www.example.com/cars/{d8} ¦ https://www.example.com/listing/{d10}?utm=abc ¦ http://shop.example/item/{d9} ¦
follow @dealership on instagram ¦ @cathy can you help ¦ ping @support ¦ version 10.0.{n}.{d2} ¦ firmware v1.2.3.4 ¦
section 4.1.2.3 of the contract ¦ 15 U.S.C. 1681 ¦ 12 CFR 1026.18 ¦ Regulation B, section 202.9 ¦ Form 1040 line 37 ¦
I filed a 1099 ¦ W-2 and 2 pay stubs ¦ 401k with {k} ¦ Can you ship to 48 states? ¦ the rate was {n}.{d2} apr for 72 ¦
72 month loan ¦ 84 months is too long ¦ 100% ¦ 50/50 ¦ 1/2 down ¦ 3/4 ton truck ¦ 245/65R17 tires ¦ P265/70R16 ¦
17 inch wheels ¦ my account is past due ¦ my account balance is {d4} ¦ account closed in {y} ¦
I have an account with you ¦ open an account ¦ the account has {d5} in it ¦ bank said no ¦ my bank account is empty ¦
routing my call to someone ¦ which route should I take ¦ card declined ¦ I lost my card ¦
my credit card debt is {d4} ¦ credit card limit {d5} ¦ card ending in {d4} ¦ my visa ending {d4} ¦
the last four payments were late ¦ last 4 years ¦ the last four 2019 models ¦ last four digits of my card are {d4} ¦
the last 4 of the vin are {d4} ¦ last four of my account {d4} ¦ ends in {n} days ¦ social media is how I found you ¦
I saw you on social ¦ I get {d4} from social security ¦ social security income of {d4} a month ¦
my social security is {d4} a month ¦ on SSI and social security ¦ seguro de auto {d4} ¦ mi seguro cuesta {d3} al mes ¦
gano {d4} dólares al mes ¦ quiero un carro de {d5} dólares ¦ tengo {d4} para el enganche ¦
un Honda {y} con {d6} millas ¦ vivo a {n} millas ¦ nací en México ¦ mi licencia está vencida ¦ no tengo licencia ¦
do I need a driver's license? ¦ my license is suspended since {y} ¦ license plate ABC{d4} ¦ license plate {d3} XYZ ¦
plate number 7ABC{d3} ¦ got my license {n} years ago ¦ temporary permit for 30 days ¦ I was in zip lining ¦ zip ties ¦
zip up ¦ 5 mile zip ¦ {d5} miles ¦ only {d5} on the clock ¦ price {d5} ¦ for {d5} obo ¦ asking {d5} ¦
asking 12500 or best offer ¦ sold for 18900 last week ¦ around 20000 total ¦ under 20000 ¦ budget 15000-20000 ¦
15000 to 20000 ¦ between 250 and 300 a month ¦ 200-300 a month ¦ 350-400 ¦ $350-$400/mo ¦
12,000 miles per year lease ¦ 36/12000 lease ¦ 48 mo / 12k ¦ 1.9% for 60 ¦ 0% for 72 months ¦ 2019-2021 models ¦
a 2018, 2019 or 2020 ¦ 2015 150000 miles ¦ 2012 98000 mi 6500 ¦ 1500 2500 3500 trucks ¦ between 8:00 and 17:30 ¦
9:30-10:15 ¦ 10/12 ¦ 24/7 ¦ 7-11 on the corner ¦ route 66 ¦ exit 45 on I-95 ¦ I-35 ¦ US 290 traffic ¦
highway 71 was closed ¦ on 5th street ¦ near 3rd avenue ¦ room 204 ¦ Error 404 ¦ error code 0x80070057 ¦
id 550e8400-e29b-41d4-a716-446655440000 ¦ commit 9fceb02d0ae598e95dc970b74767f19372d61af8 ¦ batch 20240115 ¦
build 20240115.3 ¦ ISBN 978-3-16-148410-0 ¦ IMEI 490154203237518 ¦ UPC 036000291452 ¦ item 0{d9} ¦ SKU {d8} ¦
customer id {d8} ¦ member number {d9} ¦ employee number {d6} ¦ dealer id {d6} ¦ lot 12 ¦ flight 1234 ¦ gate B12 ¦
1 2 3 testing ¦ 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 ¦ one two three ¦ one or two cars ¦ two or three days ¦
five to seven business days ¦ I have two kids, three dogs and one car ¦ twenty twenty was hard ¦
nineteen eighty four ¦ one of the two ¦ for one to three years ¦ one hundred and fifty a week ¦
two hundred down and three hundred a month ¦ twenty five thousand ¦ six or seven hundred credit score ¦
five hundred fifty credit score ¦ three to five ¦ my 2 cents ¦ number one choice ¦ first come first served ¦
you guys are number 1 ¦ 24 hour fitness ¦ 99 problems ¦ the number of payments is 60 ¦ what number do I call? ¦
what's your phone number? ¦ can I call you? ¦ do not call me ¦ my phone is an iPhone 14 Pro ¦ Galaxy S23 Ultra 256 ¦
phone bill is {d3} ¦ call me between 5 and 7 ¦ text me around {t} ¦ call after {n} ¦ I'll call at 12:30 ¦
what's your email? ¦ email me the details ¦ I never got the email ¦ no email yet at all ¦ sent you an email at noon ¦
at the end of the day ¦ look at the dot in the corner ¦ my address changed ¦ what address do I use? ¦
same address as before ¦ I live at home with my parents ¦ I live in Texas ¦ I live on base ¦ stay at hotel 6 ¦
address of the dealer? ¦ where are you located? ¦ is it on Main Street? ¦ the lot on Burnet Road ¦
corner of 5th and Main ¦ my rent at the apartment is 1200 ¦ 100 north of here ¦ Section 8 housing ¦
a 3 bedroom house ¦ 2 car garage on the street ¦ 1 owner, clean title ¦ 1st time buyer ¦ 2nd chance financing ¦
3rd payment ¦ 4th of July sale ¦ sale ends July 4 ¦ since March 2020 ¦ May 15 is when it's due ¦
next payment due on 03/15/2025 ¦ promo valid until 12/31/2024 ¦ title issued 2021-06-30 ¦
insurance effective 01/01/2025 ¦ sold on 5/6/23 ¦ quote from 6/1/2024: {k} ¦ 10-K report ¦ Q3 2024 ¦
FY2023 revenue 4.2 million ¦ XX/XX/2019 I called the bank ¦ On XX/XX/XXXX, I paid {$500.00} ¦
account XXXX was closed ¦ my SSN was never asked for ¦ do you need my social security number? ¦ I won't give my ssn ¦
is my SSN safe? ¦ why do you need my date of birth? ¦ what is a routing number? ¦ where do I find my account number? ¦
Is a co-signer's credit card needed? ¦ do you take credit cards ¦ do I need a bank account? ¦ can I use PayPal ¦
gap insurance 895 ¦ doc fee 150 ¦ sales tax 8.25% ¦ the fee is $150.00 and tax 8.25 percent ¦ total 23,456.78 ¦
subtotal: 1234.56 ¦ 23456.78 out the door ¦ OTD 23456 ¦ I offered 23000, they said 24500 ¦ traded for 5500 ¦
trade in value 5,500 ¦ KBB says 7,200-8,400 ¦ $12.5k ¦ 12.5k ¦ I'd go to 25k ¦ 25 grand ¦ 2 grand down ¦
10 thousand miles over ¦ OK 15000 is fine ¦ or 20000 ¦ in 30000 miles ¦ me 15000, her 20000 ¦ IN 2019 ¦
CA 2019 models ¦ TX plates ¦ hi 10000 question ¦ Honda de 2015 ¦ thanks! ¦ ok ¦ yes ¦ no thank you ¦ hello ¦
Hi Cathy ¦ who is this? ¦ are you a bot? ¦ stop ¦ I want to talk to a human ¦ how long does it take? ¦
Does this hurt my credit? ¦ What is a soft pull? ¦ I'm not interested ¦ hola, ¿hablas español? ¦ sí, por favor ¦
no, gracias ¦ ¿cuánto tarda? ¦ quiero hablar con una persona ¦ necesito un carro ¦ 😀👍 ¦ 🚗💨 let's go ¦ ASAP!!! ¦ k ¦
1 ¦ 2 ¦ 42 ¦ 2019 ¦ 10 ¦ 100 ¦ 500 ¦ 12500 ¦ 3 or 4 ¦
The 2016 Chevrolet Malibu LT has 1.5L turbo, 160 hp, 27/37 mpg, 106.3 cu ft ¦ Torque 184 @ 2500 rpm ¦ 0.9L @ 90 psi ¦
wheelbase 111.4 in; length 193.8 ¦ curb weight 3,086 lbs ¦ tires 225/55R17 ¦ oil 5W-30, 5.3 qts ¦
firing order 1-8-7-2-6-5-4-3 ¦ torque spec 100-120-140 ¦ bolt pattern 5x114.3 ¦ code P0420 and P0171 ¦
DTC P0300 P0301 P0302 ¦ gear ratio 3.73 ¦ fuse 15 20 30 amp ¦ serial 4C8-2291-77 ¦ radio code 1234 ¦ paint code UX ¦
I paid 199 599 and 899 for repairs ¦ lap times 1:32.5 1:33.1 ¦ scores 98 87 76 ¦ phone model 3310 ¦ windows 10 22h2 ¦
room 12 floor 3 ¦ page 123 of 456 ¦ 5 3/4 inches ¦ 8.5 x 11 ¦ 1920x1080 ¦ 4096 tokens ¦ 2 + 2 = 4 ¦ 3.14159 ¦
call volume was 1200 in 2023 ¦ we called 300 people ¦ Text size 12 ¦ cell A12 in the sheet ¦ cell 4 of the battery ¦
line 12 of the contract ¦ number 4 on the list ¦ number 2023-117 is a docket ¦ tel aviv 2024 ¦ contact form 3 ¦
He scored 35 points ¦ a 1967 Mustang 289 ¦ 1969 Camaro SS 396 ¦ Impala SS 2015 ¦ the SS 454 ¦ C10 1972 350 ¦
Challenger R/T 392 ¦ Scat pack 485 hp ¦ GT500 760 horsepower ¦ z71 2500hd ¦ AMG 63 S 4matic+ 603hp ¦
Model 3 2021 long range 358
""")

CLEAN_LONG = sentences("""
I've been with my lender since {m} and paid {d3} a month for 48 months, {k} total, but the balance still shows
{d5}.{d2}. I called on {m} at {t} and was told the rate is {n}.{d2}%. ¦
The {y} Explorer had {d6} miles, they wanted ${k} plus {d3} doc fee; I offered {k} and 2,000 down. Stock #{d6}, VIN
{vin}. Let me know by 5 pm. ¦
We drove {d3} miles to the dealer on Burnet Road, waited 45 minutes, and the salesman said the 2.9% was only for
scores above 740. Mine is {d3}. ¦
Order {d8} was placed {m}, invoice {d7}; tracking {d12} shows delivered at {t}. Item SKU {d8}, qty 2, total $
{d3}.{d2}. ¦
Tengo un Nissan {y} con {d6} millas, debo {d4} dólares y pago {d3} al mes. Quiero bajar el pago a menos de {d3}. ¿Se
puede? ¦
According to 15 U.S.C. 1681s-2(b) and 12 CFR 1022.43 the bureau has 30 days. They opened case {d9} on {m} and closed
it in {y}. I want the {n} late payments removed. ¦
Engine: 3.5L V6, {d3} hp @ 6600 rpm, {d3} lb-ft @ 3700; 0-60 {n}.{n} s; tank 18.6 gal; tow 3500/5000 lbs; tires
245/60R18 105H. ¦
Income {d4} biweekly, rent {d4}, car {d3}, insurance {d3}, phone {d2}. That leaves {d3}. I've been at the same job 4
years 2 months and lived here since {y}.
""")
