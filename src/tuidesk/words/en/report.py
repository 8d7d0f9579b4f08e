"""The figures of a report: what they are called, and from what to what each one counts."""

TEXTS = {
    # what a figure is called, in 24 cells at most, and what it is
    "metric_first_response": "First response",
    "define_first_response": "From the customer's first message, or the moment a bot hands over, to a "
    "person's first public reply. Once in a conversation; none if our side opened it, or if it was "
    "completed without a reply.",
    "metric_first_answer": "First answer",
    "define_first_answer": "As the first response, but to the first reply that says more than “we are on "
    "it”: holding replies are left out.",
    "metric_reply": "Reply time",
    "define_reply": "From the first message that nobody has answered to a person's public reply. One for "
    "each time the customer had to wait; later messages, notes, reactions and automatic answers move "
    "nothing, and a reply counts from when it has left.",
    "metric_handoff_wait": "Hand-off wait",
    "define_handoff_wait": "From the moment a bot hands over, if nobody waits yet, to a person's public "
    "reply.",
    "metric_reaction": "Reaction",
    "define_reaction": "From the first message that nobody has answered to the first thing a person "
    "does: reply, note, tag, assign, snooze or complete.",
    "metric_resolution_first": "Resolution, first",
    "define_resolution_first": "From the customer's first message, or the opening, to the first completion.",
    "metric_resolution_last": "Resolution, last",
    "define_resolution_last": "From the customer's first message, or the opening, to the last completion.",
    "metric_resolution_active": "Resolution, active",
    "define_resolution_active": "As the last resolution, less the time that the conversation was pending "
    "or snoozed.",
    "metric_requester_wait": "Requester wait",
    "define_requester_wait": "All the time that a conversation was open, up to its completion. What was "
    "pending or snoozed is left out.",
    "metric_handling": "Handling time",
    "define_handling": "How long a conversation was on your screen while you worked, on this machine "
    "alone: it stops without a key, on suspend and when the line breaks. One for each conversation, "
    "corrections by hand included; it is nobody's but yours.",
    "metric_on_target_first_response": "First response in target",
    "define_on_target_first_response": "First responses that kept their target ÷ first responses that "
    "had one. Working time counts, where hours are set.",
    "metric_first_response_within_a_day": "First response in a day",
    "define_first_response_within_a_day": "First responses within 24 hours, as most customers expect "
    "them, ÷ first responses. Until you set targets.",
    "metric_on_target_reply": "Replies in target",
    "define_on_target_reply": "Reply times that kept their target ÷ reply times that had one. Working "
    "time counts, where hours are set.",
    "metric_on_target_resolution": "Resolutions in target",
    "define_on_target_resolution": "Last resolutions that kept their target ÷ last resolutions that had "
    "one. Working time counts, where hours are set.",
    "metric_resolution_rate": "Resolution rate",
    "define_resolution_rate": "Completions ÷ conversations received, both in this time. It is more than "
    "100 % where old ones were cleared away.",
    "metric_reply_rate": "Reply rate",
    "define_reply_rate": "Times that customers wrote and a person replied ÷ times that they wrote. "
    "Messages without an answer in between are one time; what a bot alone answered is left out.",
    "metric_action_rate": "Action rate",
    "define_action_rate": "Times that customers wrote and a person did anything about it ÷ times that "
    "they wrote. What rules do is no act; what a bot alone answered is left out.",
    "metric_reopen_rate": "Reopen rate",
    "define_reopen_rate": "Completions after which the conversation was open again within 7 days ÷ "
    "completions.",
    "metric_one_touch": "One-touch",
    "define_one_touch": "Completions after exactly one public reply, and not reopened within 7 days, ÷ "
    "completions.",
    "metric_contacts_per_resolution": "Contacts per resolution",
    "define_contacts_per_resolution": "How many times the customer wrote until a completion, on average. "
    "Messages without an answer in between are one time.",
    "metric_at_once": "Handled at once",
    "define_at_once": "How many conversations one person answered within the same quarter of an hour, on "
    "average over the quarters in which they answered any (n).",
    "metric_messages_received": "Messages received",
    "define_messages_received": "Messages that customers wrote. Reactions, bounces and automatic mail "
    "are left out.",
    "metric_replies_sent": "Replies sent",
    "define_replies_sent": "Public messages that people on our side sent. Notes, bots and automatic "
    "answers are left out.",
    "metric_conversations": "Conversations received",
    "define_conversations": "Conversations that began, or were opened again after completion.",
    "metric_completed": "Completed",
    "define_completed": "Completions. What was taken back was none; a conversation that was reopened and "
    "completed again counts twice.",
    "metric_backlog": "Backlog",
    "define_backlog": "Conversations that were not complete at the end of this time: open, pending and "
    "snoozed ones.",
    "metric_customers": "Customers",
    "define_customers": "Different customers who wrote. Those that were merged are one.",
    "metric_csat": "Satisfaction (CSAT)",
    "define_csat": "Ratings of at least four fifths of their scale (4 or 5 of 5, 8 to 10 of 10) ÷ "
    "ratings. The last answer to a survey counts.",
    "metric_nps": "Recommendation (NPS)",
    "define_nps": "The share of those who gave 9 or 10 less the share of those who gave 0 to 6, in "
    "points from -100 to 100.",
    "metric_effort": "Ease (CES)",
    "define_effort": "The mean of what customers gave for how easy it was, as a part of the best that "
    "there is: 4 of 5 is 80 %.",
    "metric_survey_response": "Survey response",
    "define_survey_response": "Surveys of this time that were answered, whenever the answer came, ÷ "
    "surveys sent.",
    # what it is by
    "by_account": "account",
    "by_medium": "medium",
    "by_tag": "tag",
    "by_priority": "priority",
    "by_hour": "hour",
    "by_weekday": "weekday",
    "by_day": "day",
    "by_week": "week",
    "by_canned": "canned reply",
    "by_person": "person",
    # columns
    "figure": "figure",
    "n": "n",
    "mean": "mean",
    "median": "median",
    "p90": "p90",
    "value": "value",
    "change": "change",
    "business": "business",
    # values
    "percent": "{value} %",
    "points": "{value} points",
    "better": "better",
    "worse": "worse",
    "same": "as before",
    # groups
    "whole": "all",
    "weekdays": "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday",
    # titles
    "title": "Report",
    "title_mine": "Report: yours",
    "times": "Times",
    "rates": "Rates and counts",
    "by": "{figure}, by {by}",
    "in_business": "{title}, in business hours",
    # about the report as a whole
    "period": "From {since} to {until}, {zone}.",
    "here": "by the clock of this machine",
    "against": "Change: against {since} to {until}; of times the median's.",
    "first_at": "The first message of all is of {at}.",
    "behind": "Conversations that are still measured by older hours, targets or rules: {count:,}. An "
    "open desk measures them anew; so does `tuidesk doctor --recompute`.",
    "provisional": "What was completed in the last seven days may still be reopened: the reopen rate and "
    "one-touch are not final.",
    "columns": "Median: the middle one. p90: nine in ten are not longer. Business: within the hours that "
    "are set; all else by the calendar.",
    "rule": "Rules, version {rule}.",
    "you": "you",
    "belongs": "A time counts where it ended. Conversations marked as spam are left out.",
    "since": "from",
    "received": "received",
    "completed": "completed",
    "backlog": "backlog",
    "volume": "Volume and backlog",
    "days": "Mon|Tue|Wed|Thu|Fri|Sat|Sun",
    "heat_received": "Messages received, by hour and weekday",
    "heat_reply": "Median reply to what came in then",
    "replies": "How reply times are spread",
    "replies_target": "{title}; most have a target of {target}",
    "by_reply": "reply time",
    "share": "share",
    "longer": "{span} and more",
    "shorter": "under {span}",
    "team": "Team",
    "replies_sent": "replies",
    "topics": "Topics most received",
    "topic": "topic",
    "conversations": "conversations",
    "canned": "Canned replies most used",
    "uses": "uses",
    "comments": "What customers said",
    "conversation": "no.",
    "moment": "when",
    "rating": "rating",
    "customer": "customer",
    "comment": "comment",
    "score": "{kind}: {score} of {scale}",
    "nothing": "Nothing was measured in this time.",
    "team_nobody": "On no account has more than one person answered in this time.",
    "definitions": "What the figures are",
}
