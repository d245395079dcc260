"""English."""

from local.demo.texts.phrases import Phrases

PHRASES = Phrases(
    subjects=(
        "Your offer for {product}",
        "Question about {product}",
        "Delivery date of {product}",
        "Meeting on {day}",
        "Invoice for {product}",
        "Next steps after our call",
        "Changes to the order",
        "Thank you for the visit",
    ),
    greeting="Hello {reader},",
    openings=(
        "thank you for the quick answer.",
        "I have spoken with my colleagues about {product}.",
        "it was good to talk to you on {past}.",
        "we have now read your offer with care.",
        "I am writing about the order we placed last month.",
    ),
    details=(
        "The quantity is right, but we would like the second delivery a week earlier.",
        "Could you send us the data sheet and the price for a contract of three years?",
        "Our purchasing department needs a signed copy before {day}.",
        "Two of the parts arrived with scratches; pictures will follow.",
        "The budget is approved, so from our side nothing stands in the way.",
        "Please tell me who will be on site and which tools they need.",
        "We compared three suppliers and yours is the clearest proposal.",
    ),
    closings=(
        "Please let me know whether {day} suits you.",
        "I look forward to your answer.",
        "Call me if anything is unclear.",
        "There is no hurry; next week is fine.",
    ),
    farewell="Kind regards,\n{writer}\n{company}",
    wrote="On {day}, {writer} wrote:",
    reply_prefix="Re: ",
    products=("the harbour lamps", "the cold store", "the sensor kit", "the service contract"),
    news_subjects=("News from {company}: what is new this month", "{company}: three things worth reading"),
    news_title="What is new at {company}",
    news_lines=(
        "Our workshop now also repairs older models.",
        "Visit our stand on {day} and see {product} at work.",
        "A customer tells how a small change saved two days a month.",
    ),
    unsubscribe="Unsubscribe",
    list_subjects=("Agenda for the next users' meeting", "Which cable for long distances?"),
    spam_subjects=("You have won {product}!!!", "Last chance: 90 % off everything"),
    spam_line="Click here today and never pay again. This is not a joke, dear winner.",
)
