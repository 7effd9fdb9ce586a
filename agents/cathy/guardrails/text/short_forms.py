"""Contractions and SMS short forms, English and Spanish, written out."""

from __future__ import annotations

CONTRACTIONS: dict[str, str] = {
    "can't": "can not", "won't": "will not", "shan't": "shall not", "ain't": "is not", "let's": "let us",
    "it's": "it is", "that's": "that is", "there's": "there is", "here's": "here is", "what's": "what is",
    "who's": "who is", "he's": "he is", "she's": "she is", "where's": "where is", "how's": "how is",
    "everything's": "everything is", "y'all": "you all", "ma'am": "maam", "o'clock": "oclock", "i'm": "i am",
    "everyone's": "everyone is", "nobody's": "nobody is", "why's": "why is", "when's": "when is",
    "d'you": "do you",
}  # fmt: skip

SHORT_FORMS: dict[str, str] = {
    "cannot": "can not", "cant": "can not", "wont": "will not", "dont": "do not", "doesnt": "does not",
    "didnt": "did not", "isnt": "is not", "arent": "are not", "wasnt": "was not", "werent": "were not",
    "shouldnt": "should not", "wouldnt": "would not", "couldnt": "could not", "havent": "have not",
    "hasnt": "has not", "hadnt": "had not", "aint": "is not", "youre": "you are", "youve": "you have",
    "youll": "you will", "theyre": "they are", "ive": "i have", "im": "i am", "thats": "that is",
    "whats": "what is", "whos": "who is", "theres": "there is", "hows": "how is", "wheres": "where is",
    "dnt": "do not", "gonna": "going to", "gotta": "got to", "wanna": "want to", "gimme": "give me",
    "lemme": "let me", "u": "you", "ur": "your", "r": "are", "y'all": "you all", "yall": "you all",
    "pls": "please", "plz": "please", "plss": "please", "thx": "thanks", "ty": "thanks", "tnx": "thanks",
    "b4": "before", "2day": "today", "2nite": "tonight", "2moro": "tomorrow", "tmrw": "tomorrow",
    "tmr": "tomorrow", "4u": "for you", "gr8": "great", "l8r": "later", "k": "ok", "okay": "ok", "kk": "ok",
    "ppl": "people", "abt": "about", "bc": "because", "cuz": "because", "coz": "because", "w": "with",
    "wo": "without", "hv": "have", "wut": "what", "wat": "what", "wht": "what", "mo": "month", "mos": "months",
    "xq": "porque", "pq": "porque", "q": "que", "tmb": "tambien", "msg": "message", "msgs": "messages",
    "txt": "text", "txts": "texts", "cud": "could", "shud": "should", "wud": "would", "idk": "i do not know",
    "nvm": "never mind", "rn": "right now", "asap": "as soon as possible", "rly": "really", "srsly": "seriously",
    "bout": "about", "e-mail": "email", "emails": "emails", "e-mails": "emails", "thru": "through",
    "sum1": "someone", "some1": "someone", "every1": "everyone", "any1": "anyone", "no1": "no one",
    "info": "information", "em": "them",
}  # fmt: skip
