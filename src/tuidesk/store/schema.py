"""The tables, as numbered migrations on `user_version`. A migration that has landed is never edited.

House rules: STRICT, AUTOINCREMENT (a number is never used again), NOT NULL with a DEFAULT unless "unknown" means
something, columns named in every INSERT, a column's meaning never changes. Times are instants (ms, UTC).
"""

MIGRATIONS: tuple[str, ...] = (
    # 1: the desk stands
    """
    CREATE TABLE account (
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL DEFAULT '',
        label TEXT NOT NULL DEFAULT '',
        cursor TEXT NOT NULL DEFAULT '',
        state BLOB NOT NULL DEFAULT x'',
        caps TEXT NOT NULL DEFAULT '{}',
        identity TEXT NOT NULL DEFAULT '{}',
        agents TEXT NOT NULL DEFAULT '[]',
        health TEXT NOT NULL DEFAULT 'new',
        detail TEXT NOT NULL DEFAULT '',
        heard_at INTEGER,                           -- the last sign of life; NULL: never
        caught_up INTEGER NOT NULL DEFAULT 0,       -- the first sync has been through once
        done INTEGER NOT NULL DEFAULT 0,
        total INTEGER NOT NULL DEFAULT 0
    ) STRICT;

    CREATE TABLE contact (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        root INTEGER NOT NULL DEFAULT 0,            -- the contact it is shown as: itself, or its eldest link
        name TEXT NOT NULL DEFAULT '',
        fields TEXT NOT NULL DEFAULT '{}',
        since INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX contact_root ON contact(root);

    CREATE TABLE contact_link (                     -- taken away, the two are two again
        a INTEGER NOT NULL REFERENCES contact(id),
        b INTEGER NOT NULL REFERENCES contact(id),
        why TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (a, b)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE identity (
        namespace TEXT NOT NULL,                    -- 'mail', 'tel', or ACCOUNT/MEDIUM
        handle TEXT NOT NULL,                       -- folded
        contact INTEGER NOT NULL REFERENCES contact(id),
        shown TEXT NOT NULL DEFAULT '',             -- as the channel writes it
        medium TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (namespace, handle)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX identity_contact ON identity(contact);

    CREATE TABLE conversation (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        account TEXT NOT NULL,
        remote TEXT,
        medium TEXT NOT NULL DEFAULT '',
        contact INTEGER NOT NULL DEFAULT 0,
        handle TEXT NOT NULL DEFAULT '',            -- of the customer in this conversation, as the channel writes it
        subject TEXT NOT NULL DEFAULT '',
        thread_subject TEXT NOT NULL DEFAULT '',    -- folded, for joining mail from people by subject
        status TEXT NOT NULL DEFAULT 'open',
        status_basis INTEGER NOT NULL DEFAULT 0,    -- stamp of the customer's newest when the status was set
        settled INTEGER NOT NULL DEFAULT 0,         -- 0: the first sync's rules still hold
        pending_for TEXT,
        snoozed_until INTEGER,
        snooze_firm INTEGER NOT NULL DEFAULT 0,
        woke INTEGER NOT NULL DEFAULT 0,
        assignee TEXT,                              -- a person as JSON
        priority TEXT NOT NULL DEFAULT 'normal',
        visibility TEXT NOT NULL DEFAULT 'direct',
        waiting_since INTEGER,
        rank INTEGER NOT NULL DEFAULT 0,            -- queue's order: the wait's start, else after all waits
        first_at INTEGER NOT NULL DEFAULT 0,
        last_at INTEGER NOT NULL DEFAULT 0,
        last_in INTEGER NOT NULL DEFAULT 0,         -- newest customer message
        last_message INTEGER NOT NULL DEFAULT 0,
        seen INTEGER NOT NULL DEFAULT 0,            -- newest message this desk's agent has looked at
        unread INTEGER NOT NULL DEFAULT 0,
        in_inbox INTEGER NOT NULL DEFAULT 1,
        snippet TEXT NOT NULL DEFAULT '',
        trouble TEXT NOT NULL DEFAULT '',           -- 'unknown' or 'failed' while a reply is
        parent INTEGER                              -- the conversation it was forwarded from
    ) STRICT;
    CREATE UNIQUE INDEX conversation_remote ON conversation(account, remote) WHERE remote IS NOT NULL;
    CREATE INDEX conversation_queue ON conversation(status, rank, id);
    CREATE INDEX conversation_last ON conversation(last_at, id);
    CREATE INDEX conversation_parent ON conversation(parent) WHERE parent IS NOT NULL;
    CREATE INDEX conversation_contact ON conversation(contact, last_at);
    CREATE INDEX conversation_subject ON conversation(account, thread_subject, handle) WHERE thread_subject <> '';
    CREATE INDEX conversation_snooze ON conversation(snoozed_until) WHERE snoozed_until IS NOT NULL;
    CREATE INDEX conversation_trouble ON conversation(trouble) WHERE trouble <> '';

    CREATE TABLE message (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation INTEGER NOT NULL REFERENCES conversation(id),
        remote TEXT,                                -- the channel's own id; all its ids are in remote_id
        direction TEXT NOT NULL DEFAULT 'in',       -- in, out, note
        kind TEXT NOT NULL DEFAULT 'person',
        at INTEGER NOT NULL DEFAULT 0,
        name TEXT NOT NULL DEFAULT '',
        handle TEXT NOT NULL DEFAULT '',
        mine INTEGER NOT NULL DEFAULT 0,
        text TEXT NOT NULL DEFAULT '',
        html TEXT,
        subject TEXT NOT NULL DEFAULT '',
        people TEXT NOT NULL DEFAULT '{}',          -- to, cc, bcc, reply_address as JSON
        reply_to TEXT,
        visibility TEXT NOT NULL DEFAULT 'direct',
        body_size INTEGER,
        body_ref TEXT,
        source TEXT,                                -- file with the raw bytes, below the store's folder
        remote_images INTEGER NOT NULL DEFAULT 0,
        edited_at INTEGER,
        deleted_at INTEGER,
        prior TEXT,                                 -- the text before it was edited
        state TEXT NOT NULL DEFAULT '',
        reason TEXT,
        key TEXT,
        about INTEGER,                              -- the message a bounce is about
        basis INTEGER,                              -- ours: stamp of the newest customer message when it was queued
        extra TEXT NOT NULL DEFAULT '{}'
    ) STRICT;
    CREATE INDEX message_thread ON message(conversation, at, id);
    CREATE UNIQUE INDEX message_key ON message(key) WHERE key IS NOT NULL;

    CREATE TABLE remote_id (
        account TEXT NOT NULL,
        id TEXT NOT NULL,
        message INTEGER NOT NULL REFERENCES message(id),
        PRIMARY KEY (account, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX remote_id_message ON remote_id(message);

    CREATE TABLE awaited (                          -- ids that messages refer to and that have not been seen
        account TEXT NOT NULL,
        id TEXT NOT NULL,
        conversation INTEGER NOT NULL REFERENCES conversation(id),
        PRIMARY KEY (account, id, conversation)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX awaited_conversation ON awaited(conversation);

    CREATE TABLE remote_event (                     -- events that are no messages; a repeat is harmless
        account TEXT NOT NULL,
        id TEXT NOT NULL,
        PRIMARY KEY (account, id)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE parked (                           -- events that name what is not known yet, echoes
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        account TEXT NOT NULL,
        waits_for TEXT NOT NULL,
        event TEXT NOT NULL
    ) STRICT;
    CREATE INDEX parked_for ON parked(account, waits_for);

    CREATE TABLE attachment (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        message INTEGER NOT NULL REFERENCES message(id),
        name TEXT NOT NULL DEFAULT '',
        size INTEGER NOT NULL DEFAULT 0,
        type TEXT NOT NULL DEFAULT '',
        ref TEXT NOT NULL DEFAULT ''
    ) STRICT;
    CREATE INDEX attachment_message ON attachment(message);

    CREATE TABLE entry (                            -- what happened besides messages
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation INTEGER NOT NULL REFERENCES conversation(id),
        at INTEGER NOT NULL DEFAULT 0,
        what TEXT NOT NULL,
        by TEXT,                                    -- a person as JSON
        data TEXT NOT NULL DEFAULT '{}',
        undone_by INTEGER                           -- the entry that annulled it
    ) STRICT;
    CREATE INDEX entry_thread ON entry(conversation, at, id);

    CREATE TABLE tag (
        conversation INTEGER NOT NULL REFERENCES conversation(id),
        tag TEXT NOT NULL,
        PRIMARY KEY (conversation, tag)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE draft (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation INTEGER NOT NULL DEFAULT 0,    -- 0: a conversation that does not exist yet
        mode TEXT NOT NULL,
        text TEXT NOT NULL DEFAULT '',
        recipients TEXT NOT NULL DEFAULT '{}',
        at INTEGER NOT NULL DEFAULT 0,
        archived_at INTEGER
    ) STRICT;
    CREATE UNIQUE INDEX draft_open ON draft(conversation, mode) WHERE archived_at IS NULL;

    CREATE TABLE outbox (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        key TEXT NOT NULL UNIQUE,
        account TEXT NOT NULL,
        conversation INTEGER NOT NULL DEFAULT 0,
        message INTEGER,
        type TEXT NOT NULL,
        out TEXT NOT NULL,                          -- the Outgoing as JSON
        state TEXT NOT NULL DEFAULT 'queued',       -- queued sending unknown | sent failed dropped (settled)
        attempt INTEGER NOT NULL DEFAULT 0,
        owner TEXT NOT NULL DEFAULT '',
        not_before INTEGER NOT NULL DEFAULT 0,
        reason TEXT NOT NULL DEFAULT '',
        waits_for TEXT,                             -- key of the row it goes with: failed, so does this one
        step INTEGER,                               -- the journal's step it belongs to
        asked INTEGER NOT NULL DEFAULT 0,           -- unknown: 1 when `find` could not tell and the agent must
        last_seen INTEGER,                          -- newest message the agent had seen
        at INTEGER NOT NULL DEFAULT 0,
        tried_at INTEGER,
        maybe_left INTEGER NOT NULL DEFAULT 0       -- 1: an earlier try may have left, so it is not called back
    ) STRICT;
    CREATE INDEX outbox_open ON outbox(account, conversation, id) WHERE state IN ('queued', 'sending', 'unknown');
    CREATE INDEX outbox_conversation ON outbox(conversation, id);

    CREATE TABLE step (                             -- the undo journal
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL DEFAULT 0,
        door TEXT NOT NULL,
        words TEXT NOT NULL DEFAULT '',
        prior TEXT NOT NULL DEFAULT '[]',
        undone_at INTEGER
    ) STRICT;
    CREATE INDEX step_door ON step(door, id) WHERE undone_at IS NULL;

    CREATE TABLE change (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        id TEXT NOT NULL
    ) STRICT;

    CREATE TABLE indexed (message INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;
    CREATE VIRTUAL TABLE search USING fts5(
        text, content='indexed', content_rowid='message', tokenize="unicode61 remove_diacritics 2"
    );
    """,
    # 2: what a channel says of one field may come in any order
    """
    CREATE TABLE told (                             -- stamp of the channel's newest word
        conversation INTEGER NOT NULL REFERENCES conversation(id),
        field TEXT NOT NULL,                        -- status, assignee, priority, tags (the list), tag:WORD
        at INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (conversation, field)
    ) STRICT, WITHOUT ROWID;
    """,
    # 3: the whole keyboard
    """
    ALTER TABLE conversation ADD COLUMN starred INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE conversation ADD COLUMN muted INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE conversation ADD COLUMN spam INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE conversation ADD COLUMN merged_into INTEGER;    -- a link: the conversation it is shown in; NULL: itself
    ALTER TABLE conversation ADD COLUMN owner TEXT NOT NULL GENERATED ALWAYS AS (
        CASE WHEN assignee IS NULL THEN '' WHEN json_extract(assignee, '$.me') THEN 'me' ELSE 'other' END
    ) VIRTUAL;
    CREATE INDEX conversation_owner ON conversation(owner, status, rank, id);
    CREATE INDEX conversation_starred ON conversation(starred) WHERE starred <> 0;
    CREATE INDEX conversation_spam ON conversation(spam) WHERE spam <> 0;
    CREATE INDEX conversation_merged ON conversation(merged_into) WHERE merged_into IS NOT NULL;
    CREATE INDEX tag_tag ON tag(tag, conversation);
    CREATE INDEX entry_at ON entry(at);
    CREATE INDEX message_mine ON message(at) WHERE mine <> 0;

    ALTER TABLE draft ADD COLUMN began INTEGER NOT NULL DEFAULT 0;  -- newest message of the conversation when it began

    CREATE TABLE canned_use (                       -- a canned reply that went into a reply, or a macro that was run
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        canned TEXT NOT NULL,                       -- its name
        conversation INTEGER NOT NULL REFERENCES conversation(id),
        message INTEGER,                            -- the reply it went into; NULL: there was none
        at INTEGER NOT NULL DEFAULT 0,
        changed INTEGER NOT NULL DEFAULT 0          -- 1: the agent changed the text before it left
    ) STRICT;
    CREATE INDEX canned_use_canned ON canned_use(canned);
    CREATE INDEX canned_use_conversation ON canned_use(conversation);
    CREATE INDEX canned_use_message ON canned_use(message) WHERE message IS NOT NULL;

    ALTER TABLE contact_link ADD COLUMN apart INTEGER NOT NULL DEFAULT 0;   -- 1: two people, the agent says
    CREATE INDEX contact_link_b ON contact_link(b);

    CREATE TABLE contact_note (                     -- what the team knows of a customer
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        contact INTEGER NOT NULL REFERENCES contact(id),
        at INTEGER NOT NULL DEFAULT 0,
        by TEXT,                                    -- a person as JSON
        text TEXT NOT NULL DEFAULT '',
        archived_at INTEGER
    ) STRICT;
    CREATE INDEX contact_note_contact ON contact_note(contact);

    CREATE TABLE lookup (                           -- what the agent's own program last said of a customer
        contact INTEGER PRIMARY KEY REFERENCES contact(id),
        at INTEGER NOT NULL DEFAULT 0,
        fields TEXT NOT NULL DEFAULT '{}'
    ) STRICT;

    CREATE TABLE away (                             -- breaks of this desk's agent
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        began INTEGER NOT NULL DEFAULT 0,
        ended INTEGER,
        reason TEXT NOT NULL DEFAULT ''
    ) STRICT;
    """,
    # 4: timers
    """
    ALTER TABLE conversation ADD COLUMN timed TEXT NOT NULL DEFAULT 'never';   -- rules of its samples; '': make them
    ALTER TABLE conversation ADD COLUMN due INTEGER;            -- NULL: nothing is, or its clock stands still
    ALTER TABLE conversation ADD COLUMN due_soon INTEGER;
    ALTER TABLE conversation ADD COLUMN due_for TEXT NOT NULL DEFAULT '';  -- first_response, reply, resolution
    CREATE INDEX conversation_timed ON conversation(timed) WHERE timed = '';
    CREATE INDEX conversation_due ON conversation(due) WHERE due IS NOT NULL;
    CREATE INDEX conversation_soon ON conversation(due_soon) WHERE due_soon IS NOT NULL;

    CREATE TABLE sample (                           -- what has ended; what runs is worked out when it is asked for
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation INTEGER NOT NULL REFERENCES conversation(id),
        metric TEXT NOT NULL,
        start INTEGER NOT NULL DEFAULT 0,
        stop INTEGER NOT NULL DEFAULT 0,
        calendar INTEGER NOT NULL DEFAULT 0,        -- ms
        business INTEGER,                           -- ms; NULL: it does not count as working time
        mine INTEGER NOT NULL DEFAULT 0,
        by TEXT NOT NULL DEFAULT '',
        messages TEXT NOT NULL DEFAULT '[]',
        cut TEXT NOT NULL DEFAULT '[]',             -- [start, end, status]
        spans TEXT NOT NULL DEFAULT '[]'            -- [start, end]
    ) STRICT;
    CREATE INDEX sample_conversation ON sample(conversation);
    CREATE INDEX sample_metric ON sample(metric, stop);
    """,
    # 5: alarms, handling time, ratings, reports
    """
    ALTER TABLE conversation ADD COLUMN told_soon INTEGER NOT NULL DEFAULT 0;    -- the due time it was told of
    ALTER TABLE conversation ADD COLUMN told_late INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE conversation ADD COLUMN told_window INTEGER NOT NULL DEFAULT 0;  -- end of the reply window, likewise
    ALTER TABLE conversation ADD COLUMN sentiment TEXT NOT NULL DEFAULT '';      -- negative, neutral, positive, ''
    ALTER TABLE conversation ADD COLUMN sentiment_of INTEGER NOT NULL DEFAULT 0; -- the message it was read from
    CREATE INDEX conversation_sentiment ON conversation(sentiment) WHERE sentiment <> '';

    ALTER TABLE message ADD COLUMN holding INTEGER NOT NULL DEFAULT 0;   -- 1: ours, and says only that we are on it
    CREATE INDEX message_received ON message(at, conversation) WHERE direction = 'in' AND kind = 'person';
    CREATE INDEX message_sent ON message(at, conversation, mine, name, handle, state)
        WHERE direction = 'out' AND kind = 'person';
    CREATE INDEX entry_what ON entry(what, at);

    CREATE TABLE handling (                         -- this agent's time at a conversation; nobody else's
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation INTEGER NOT NULL REFERENCES conversation(id),
        start INTEGER NOT NULL DEFAULT 0,
        stop INTEGER NOT NULL DEFAULT 0,            -- of what runs: as of its last saving
        ms INTEGER NOT NULL DEFAULT 0,              -- stop - start; of a correction what it adds, or takes away
        reason TEXT NOT NULL DEFAULT ''             -- of a correction by hand; '': it was measured
    ) STRICT;
    CREATE INDEX handling_conversation ON handling(conversation);
    CREATE INDEX handling_start ON handling(start, stop, ms, conversation);

    ALTER TABLE sample ADD COLUMN answer INTEGER;               -- the message of ours that ended it
    ALTER TABLE sample ADD COLUMN holding INTEGER NOT NULL DEFAULT 0;    -- 1: that was a holding reply
    ALTER TABLE sample ADD COLUMN target INTEGER;               -- ms; NULL: there was none
    DROP INDEX sample_metric;
    CREATE INDEX sample_metric ON sample(
        metric, stop, start, calendar, business, mine, by, conversation, target, holding
    );
    CREATE INDEX conversation_rules ON conversation(timed, account);
    CREATE INDEX sample_answer ON sample(answer) WHERE answer IS NOT NULL;

    CREATE TABLE run (                              -- customer messages until somebody answered
        conversation INTEGER NOT NULL REFERENCES conversation(id),
        at INTEGER NOT NULL,
        replied INTEGER NOT NULL DEFAULT 0,         -- 1: a person did
        acted INTEGER NOT NULL DEFAULT 0,           -- 1: a person did anything
        bot INTEGER NOT NULL DEFAULT 0              -- 1: a bot did
    ) STRICT;
    CREATE INDEX run_conversation ON run(conversation);
    CREATE INDEX run_at ON run(at, replied, acted, bot, conversation);

    CREATE TABLE cycle (                            -- from the first word, or a reopening, to a completion
        conversation INTEGER NOT NULL REFERENCES conversation(id),
        began INTEGER NOT NULL,
        ended INTEGER,                              -- NULL: it is not complete
        reopened INTEGER,                           -- NULL: it was not, after that
        runs INTEGER NOT NULL DEFAULT 0,
        replies INTEGER NOT NULL DEFAULT 0,         -- public ones, by people
        mine INTEGER NOT NULL DEFAULT 0,            -- 1: this agent completed it
        by TEXT NOT NULL DEFAULT ''                 -- who did, as a report names them
    ) STRICT;
    CREATE INDEX cycle_conversation ON cycle(conversation);
    CREATE INDEX cycle_began ON cycle(began, ended, conversation);
    CREATE INDEX cycle_ended ON cycle(ended, began, reopened, runs, replies, mine, by, conversation)
        WHERE ended IS NOT NULL;
    """,
    # 6: what a channel says of one conversation, of a picture, and what it keeps for its agents
    """
    ALTER TABLE conversation ADD COLUMN refuses TEXT NOT NULL DEFAULT '';    -- why no reply can be sent
    ALTER TABLE conversation ADD COLUMN window_told INTEGER;    -- in the channel's own word; NULL: as the caps have it
    ALTER TABLE conversation ADD COLUMN window_ends INTEGER;    -- when replies are taken no more; NULL: never
    CREATE INDEX conversation_window ON conversation(window_ends) WHERE window_ends IS NOT NULL;
    ALTER TABLE conversation ADD COLUMN fields TEXT NOT NULL DEFAULT '{}';       -- name to value
    ALTER TABLE attachment ADD COLUMN alt TEXT NOT NULL DEFAULT '';
    ALTER TABLE account ADD COLUMN canned TEXT NOT NULL DEFAULT '[]';            -- what the channel offers
    """,
)
