"""Everyday words that look like slips of words that matter and are not: "shop" is no "stop"."""

from __future__ import annotations

_WORDS = """
    able about above across actually after again agency ahead almost alone along also always among another answer
    anyway apart around arrive back badly barely based basic beat been before began behind being believe below
    better between beyond bill bird board boat body book born both bottom bought brain branch bread break breath
    bring brother brought brown build built button cake called came camp cannot cards care careful carry case cash
    caught cause center chain chair chance change chart cheap chest child choose church city class clean clear
    climb clock close clothes cloud coast coat cold color come corner cost could count country couple course cover
    crazy cross cup custom cute daily dark date dead deal dear death deep degree desk died different dinner dirty
    does dollar dollars done door double down draw dream dress drink drive drop during each early earn earth easy
    eight either else email empty enough enter entire even evening event ever every exact example except extra
    face fact fair fall family far farm fast fear feel feet fell felt field fight figure fill final find fine
    finger fire first fish five floor flower follow food foot force forget form forms forward four free fresh
    friend front full funny game garden gave girl give given glad glass goes gone good grand grass great green
    grew ground group grow guess half hand hands happen happy hard hate have head hear heard heart heat heavy held
    help here high hill himself hold home hope horse hospital hotel hour house human hundred hungry hurry ideal
    idea income inside instead into iron island issue item itself jump just keep kept kick kids kind king kitchen
    knew know known lady land large last late later laugh lead learn least leave left legs lend less letter level
    life lift light like line list listen little live lives living local lock long look loose lose loss lost loud
    love lower luck lunch made mail main make making many mark market matter maybe mean meant meat meet meeting
    member middle might mile miles milk mind mine minute miss moment money month more morning most mother mouth
    move movie much music must myself name names near neck need never news next nice night nine none noon nose
    note nothing notice now ocean offer office often once ones only open order other ours outside over owner page
    paid pain paper parent park part party pass past path pays peace pick picture piece pink place plan plane
    plant play please plus point poor post pound power press pretty price print proud pull push puts quick quiet
    quite race rain raise ready really reason rest rich ride right ring rise river road rock roll roof room round
    rule rules run sad safe said sale salt same sand save saving says school score seat second seem seen sell send
    sense sent serious serve set seven shape share sheet ship shirt shoe shop shopping short should shoulder shout
    show shut sick side sign silly since sing sister site sits size skin sleep slow small smell smile smoke smooth
    snow soft soil sold some soon sorry sort sound soup south space spare speed spell spend spoke spot spring
    stage stair stamp stand star stare start state stay steal steel steep step stick still stock stone stood store
    storm story strange street strong student study such sudden sugar suit summer sunny supper sure sweet swim
    table tail take taken takes tall taste teach team tell tend terms test than thank that their them then there
    these they thick thin thing think third this those though three threw till time times tiny tired today told
    tomorrow tonight took tool top total touch tough town tree tried trip trouble true trust truth turn twice type
    uncle under unit until upon used uses usual very visit voice wait waiting walk wall want wants warm wash waste
    watch water wave ways weak wear week weeks weight well went were west what wheel when where which while white
    whole whom whose wide wife wild will wind window wine wing winter wish with within without woman wonder wood
    word words work worker works world worry worse worst worth would write wrong wrote yard year years yellow
    yesterday young your yours agree agreed alive alert allow apply area award aware behave beach blame blank
    blind block blood brand brave brief broad burn busy cable candy cargo chase check cheese chief civil claim
    coach cook cool copy crack craft crash cream crime crowd crown crush cycle abajo adios ahora algo alto antes
    aqui arriba ayer bajo banco barato bien buen bueno busca cada calle cambio casa casi cerca cielo cinco claro
    cobra como compra con cosa cosas crees cual cuando cuanto cuenta cuatro cuesta debo decir dejo desde despues
    dice dime dinero donde dos ella ellos entre eres esa ese eso esta este esto estos falta favor fecha fuera
    gente gracias grande gusta gusto habla hacer hacia hago hasta hermano hice hijo hola hora horas hoy iba igual
    juego junto largo lejos leer libre libro listo llama llega llevo lugar luego luna madre mano manana mejor
    menos mesa mismo mitad modo mucho mujer mundo nada nadie noche nombre nuevo nunca otra otro padre pago pague
    parte pasa paso pedir pero poco poder pone porque precio puedo pues quien quiero rato razon sabe saber salir
    segun seis semana sera siempre siete sigo sobre solo somos suerte tabla tambien tanto tarde tener tengo tiempo
    tiene toda todo tome trabajo trae tres unas unos usar usted vale vamos veces venir verde vida viejo viene
    vista vive vuelta
"""

EVERYDAY = frozenset(_WORDS.split())
