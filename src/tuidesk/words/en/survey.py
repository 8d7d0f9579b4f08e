"""What is said about surveys: why one may not go to a customer."""

TEXTS = {
    "not_complete": "a survey goes to a conversation that is complete",
    "spam": "this customer's messages were spam: nobody asks them",
    "asked": "they were asked {days} days ago, and nobody is asked again within {every} days",
    "asked_day": "they were asked a day ago, and nobody is asked again within {every} days",
    "asked_today": "they were asked less than a day ago, and nobody is asked again within {every} days",
}
