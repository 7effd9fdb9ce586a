"""What Cathy says in English, by topic. Every sentence passes the claim linter; {company} is filled in."""

from __future__ import annotations

Words = dict[str, tuple[str, ...]]

ANSWERS: Words = {
    "greeting": (
        "Hi, I'm Cathy, an AI assistant of {company}. I can answer questions about your car loan application or help "
        "you finish it.",
        "Hello! I'm Cathy, an AI assistant of {company}. Ask me anything about your application.",
        "Hi there, Cathy here, an AI assistant of {company}. Happy to help with your application.",
    ),
    "ask_process": (
        "It's five short steps: the car, your income, your employer, your contact details and a review. After that a "
        "dealer can go over the options with you.",
        "You fill in five short steps, you can see if you prequalify if you like, and then a dealer talks the options "
        "through with you.",
        "You tell us about the car and your situation in five steps, and a dealer takes it from there with you. You "
        "can stop and return at any point.",
    ),
    "resume": (
        "Your progress is saved, and the form continues on this page.",
        "You can go on right here on this page; what you entered is still there.",
    ),
    "status": ("Let me tell you where things stand.", "Here is where your application stands."),
    "trouble": (
        "I'm sorry the page gave you trouble. What you entered is saved; reloading the page usually brings it back.",
        "Sorry about that. Please reload the page once; your answers are saved, and a person can help if it happens "
        "again.",
    ),
    "how_long": (
        "The rest of the form takes a few minutes. When you hear from a dealer depends on the dealer.",
        "Most people need about five minutes for the form, and you can pause whenever you like.",
    ),
    "documents": (
        "Nothing needs to be sent here. For the visit, a dealer usually looks at a driver's license and proof of "
        "income and address.",
        "For this form you need no papers at all. A dealer will tell you what to bring to the visit.",
    ),
    "cosigner": (
        "A co-signer is possible with many lenders, and it can be anyone you choose who agrees. The dealer adds that "
        "person with you.",
        "Yes, you can ask the dealer to add a co-signer later. You don't need one to finish the form.",
    ),
    "income_kinds": (
        "You can list all income that you would like considered, from any source: a job, your own business, benefits "
        "or retirement.",
        "Every kind of income counts the same on the form: self-employed, part-time, benefits or retirement. Just put "
        "what you really receive.",
    ),
    "no_job": (
        "Please put your situation as it is today, including any other income that you would like considered. A "
        "dealer can talk the options over with you.",
        "You can still fill in the form with what is true today, and a person can talk it through with you.",
    ),
    "choose_car": (
        "You can name a car that you have in mind, or leave it open. The dealer shows you what is available, and the "
        "choice is yours.",
        "The car is your choice. Tell us what you like, and a dealer can show you what they have.",
    ),
    "refinance": (
        "This application is for buying a car. For a lease or a refinance, a person on our team can tell you whether "
        "we can help.",
    ),
    "insurance": (
        "Lenders usually want the car to be insured, and you choose your own insurer. Extras such as a service "
        "contract are always optional.",
    ),
    "fees": (
        "Filling in the form and this chat are free, and nobody asks for money up front.",
        "There's no fee to finish the application or to see if you prequalify.",
    ),
    "hours": (
        "I'm here around the clock because I'm an AI assistant. Our team answers during business hours, and I can "
        "leave them a note.",
        "You can write to me at any time. If you'd like a person, I can ask one to join when the team is in.",
    ),
    "binding": (
        "Nothing here is binding. You can stop at any time, and you decide again with the dealer before you sign "
        "anything.",
        "No, filling this in commits you to nothing, and you can change your mind.",
    ),
    "ask_soft_pull": (
        "Seeing if you prequalify is a soft inquiry, which does not affect your credit score. A lender may run a hard "
        "inquiry later if you apply.",
        "It starts with a soft inquiry, and that does not affect your credit score. Nothing is checked until you "
        "agree on the card; a lender may run a hard inquiry later.",
        "Talking with me doesn't touch your credit. If you choose to prequalify, that is a soft inquiry, which does "
        "not affect your score; a lender may run a hard inquiry later if you apply.",
    ),
    "what_is_soft": (
        "A soft inquiry is a look at your credit that other lenders don't see and that does not affect your score. A "
        "hard inquiry comes when a lender reviews a full application, and it can affect your score.",
        "With a soft inquiry your score stays as it is. A hard inquiry, which a lender may run later if you apply, "
        "can lower a score a little.",
    ),
    "no_credit_check": (
        "I can't leave that part out: a lender will want to check credit before deciding. We begin with a soft "
        "inquiry at most, and only if you agree.",
        "A lender does look at credit before it decides. Here you can go on with the form first, and nothing is "
        "checked until you agree.",
    ),
    "want_check": (
        "Happy to. It's a soft inquiry, which does not affect your credit score.",
        "Happy to show you how. It is a soft inquiry and does not affect your credit score.",
    ),
    "ask_rate": (
        "I can't quote a rate. The lender sets it and shows you the APR before you sign anything.",
        "Rates come from the lender and depend on the car and your situation, so I won't guess. The dealer will go "
        "over the real numbers with you.",
        "That's a fair question, and only a lender can answer it. You will see the rate in writing before you decide.",
    ),
    "ask_payment": (
        "I can't quote a payment; it depends on the car, the lender and what you choose. The dealer works the numbers "
        "out with you before you sign anything.",
        "What you would pay depends on the lender and the car, so I won't guess. You can tell the dealer the budget "
        "that feels right to you.",
        "Only the lender can put a number on that. A dealer will show it to you in writing, and you decide then.",
    ),
    "no_money_down": (
        "Some lenders ask for a down payment and some don't. The dealer can tell you what is possible in your case.",
        "It depends on the lender. You can finish the form without one and ask the dealer about it.",
    ),
    "trade_in": (
        "Yes, a trade-in is welcome. The dealer looks at the car and explains how it works, also if you still owe on "
        "it.",
        "You can bring a trade-in. The dealer values it and goes over any loan that is still on it with you.",
    ),
    "vehicle_interest": (
        "Nice choice to look at. I can't see a dealer's stock from here, but I'll make sure the dealer knows what you "
        "have in mind.",
        "Good to know. You can put that car into the first step, and the dealer will see it.",
        "That helps. A dealer can tell you what is available, and you can still change your mind about the car.",
    ),
    "credit_worry": (
        "Thank you for telling me; many people who come here have been through something like that. Only a lender can "
        "decide, and it looks at the whole picture.",
        "I understand that this is on your mind. People in all kinds of situations fill in this form, and I don't "
        "judge. A lender looks at the whole picture.",
        "That's a common worry, and there's nothing to be ashamed of. I can't say what a lender would decide, but you "
        "can see if you prequalify with a soft inquiry, which does not affect your score.",
    ),
    "bankruptcy": (
        "A past bankruptcy doesn't keep you from filling in the form. How a lender looks at it is up to the lender, "
        "and a person on our team can talk it over with you.",
        "Thanks for saying so. You can apply like anyone else, and the lender looks at the whole picture. For "
        "questions about the bankruptcy itself, an attorney is the right person.",
    ),
    "privacy_worry": (
        "That's a fair question. Your details are encrypted, they are used for your application only, and no dealer "
        "gets them unless you agree.",
        "Your information is kept private and encrypted. I don't see your phone number or your income, and I never "
        "ask for your SSN here.",
    ),
    "why_phone": (
        "A phone number lets a dealer go over the options with you and is needed for the soft inquiry. Sharing it is "
        "your choice, and nobody calls unless you agree.",
        "It's for your application: a dealer can reach you, if you agree to it. You can leave it out for now and "
        "still ask me things.",
    ),
    "sell_data": (
        "Your details go only to the dealers named in the form, and only if you tick the box. You can withdraw that "
        "at any time.",
    ),
    "delete_data": (
        "You can have your data deleted. Here is your privacy card, and I've asked a person on our team to take care "
        "of it.",
        "Of course. The privacy card below shows what is stored, and a person on our team will handle the deletion.",
    ),
    "who_is_this": (
        "I'm Cathy, an AI assistant of {company}. I write because a car loan application was started on our page and "
        "saved.",
        "This is Cathy, an AI assistant of {company}. I help people finish a car loan application that they started.",
    ),
    "scam": (
        "It's wise to check. I'm an AI assistant of {company}; we never ask for your SSN, a card number or money in "
        "this chat.",
        "Good that you ask. This is {company}, nothing here costs money, and you never have to type your SSN or a "
        "card number in this chat.",
    ),
    "found_me": (
        "The contact was saved on our page when an application was started there. If that wasn't you, tell me and "
        "I'll stop the messages.",
    ),
    "where": (
        "I'm an AI assistant, so I have no desk, but {company} has a team. A person can tell you about the "
        "dealers near you.",
    ),
    "your_name": ("I'm Cathy, an AI assistant of {company}.",),
    "ask_if_bot": (
        "Yes, I'm an AI assistant. My name is Cathy, and a person on our team can join whenever you like.",
        "I'm an AI assistant, not a person. If you'd rather talk with someone on our team, just say so.",
        "Yes, you're talking with an AI assistant. I can answer questions about your application or ask a person to "
        "join.",
    ),
    "wants_human": (
        "Of course. I've asked a person on our team to join you here.",
        "Sure, I've asked a colleague to take over. Everything you wrote stays here, so you won't have to repeat it.",
    ),
    "declines_human": (
        "That's fine, we can go on here.",
        "No problem, you can stay with me. Just tell me if you change your mind.",
    ),
    "angry": (
        "I'm sorry about this. I've asked a person on our team to join you and help.",
        "I'm sorry this has been frustrating. A person on our team has been asked to take over from here.",
    ),
    "complaint": (
        "I'm sorry to hear that. I've passed it to a person on our team, who will look into it with you.",
        "Thank you for telling us. A person on our team has been asked to take this up with you.",
    ),
    "crisis": (
        "I'm sorry that you're going through this, and I'm glad you told me. If you are in danger, please call 911; "
        "you can call or text 988 to talk with someone at any hour. I've also asked a person on our team to join.",
    ),
    "minor": (
        "Thanks for being open with me. A loan contract is for adults, so a parent or guardian would be the one to "
        "apply. I've asked a person on our team to help with any questions.",
    ),
    "stop_contact": (
        "Done. You won't get any more messages from us. Take care.",
        "Understood. All messages have been stopped. Take care.",
    ),
    "contact_preference": (
        "Thanks, that's good to know. I'll note how you would like to be reached; you can also set it on the card.",
        "Understood. You decide how and when we reach you, and the card below lets you choose.",
    ),
    "not_interested": (
        "That's fine, and thank you for telling me. If you'd like no more messages, just say stop.",
        "No problem at all. Thanks for letting me know. Your application stays saved unless you want it deleted.",
    ),
    "not_now": (
        "That's fine. Your progress is saved, and you can come back whenever it suits you.",
        "No rush. Everything stays saved, and I'm here when you return.",
    ),
    "wrong_person": (
        "I'm sorry for the mix-up. I've asked a person on our team to correct it. If you'd like no more messages "
        "here, just say stop.",
        "Sorry about that. A person on our team will set it right, and you can say stop to end all messages here.",
    ),
    "confirms_identity": (
        "Thank you. How can I help with your application?",
        "Thanks for confirming. What can I do for you?",
    ),
    "bad_number": (
        "That doesn't look like a complete phone number, so I didn't save it. A US number has ten digits.",
        "I couldn't read a full phone number there, and nothing was saved. Ten digits are needed.",
    ),
    "press_card": (
        "Thank you. The card above waits for you: its button is what counts, and you can read it at your own pace.",
        "Good. Please use the button on the card above; only your press there does anything.",
    ),
    "saved_contact": (
        "Thank you, I've saved that.",
        "Got it, that's saved. Thank you.",
    ),
    "consent_no": (
        "That's perfectly fine; nothing happens. I'm glad to answer anything else.",
        "Understood, we leave it. Is there anything you'd like to know?",
    ),
    "consent_ambiguous": (
        "Take your time. Nothing happens unless you say a clear yes, and I'm happy to explain it first.",
        "No rush. I'll leave it until you're sure; ask me whatever you'd like to know about it.",
    ),
    "consent_yes": ("Great.", "Good.", "Happy to."),
    "asks_english": ("Of course, we can go on in English.",),
    "asks_spanish": ("Of course, we can go on in Spanish.",),
    "off_topic": (
        "That's outside what I know. I can help with your car loan application.",
        "I'd better stay with what I know: your car loan application.",
    ),
    "thanks_bye": (
        "You're welcome. Your progress is saved whenever you want to return.",
        "Glad to help. Take care.",
        "You're welcome, and thanks for stopping by.",
    ),
    "unclear": (
        "I'm not sure I understood that. Could you say it in other words?",
        "Sorry, I didn't catch your meaning. Could you put it another way?",
    ),
    "hand_off_unclear": ("I don't seem to get your meaning, so I've asked a person on our team to join you.",),
}

FOLLOW_UPS: Words = {
    "resume": (
        "Would you like to continue with the next step?",
        "Shall we pick up where you left off?",
        "Would you like to go on with the form?",
    ),
    "check": (
        "Would you like to see if you prequalify?",
        "If you like, I can show you the card for the soft check. Shall I?",
    ),
    "contact": (
        "Would you like to leave a way to reach you? I can show a short contact form.",
        "If you'd like to hear from a dealer, I can show a short contact form. Shall I?",
    ),
    "anything": (
        "What else would you like to know?",
        "Is there anything else I can help with?",
    ),
}

CARDS: Words = {
    "contact_form": (
        "You can fill in the short form below; the box about calls from dealers is yours to tick or leave.",
        "Here is a short contact form. What you leave empty stays empty.",
    ),
    "contact_first": (
        "A phone number is needed for that first, so here is a short contact form. The card for the soft check "
        "follows it.",
    ),
    "consent": (
        "Please read the card below and press the button if you agree. Nothing is checked before that.",
        "The card below has the details. Only your press on its button starts the check.",
    ),
    "running": ("The check is under way, and its outcome will show up here in the chat.",),
    "step": (
        "You had reached step {step} of 5, and it continues on this page.",
        "It's saved at step {step} of 5. You can go on right here.",
    ),
    "no_application": ("I don't see a saved application yet. You can start it on this page.",),
    "finished": ("Your application is complete. The next step is with a dealer.",),
    "already_checked": ("The soft check is done, and a person or a dealer takes the next step with you.",),
    "tool_failed": ("That didn't work just now, I'm sorry. I can ask a person on our team to help.",),
}
