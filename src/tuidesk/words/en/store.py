"""What the store says when it cannot serve."""

TEXTS = {
    "full": "disk full: nothing was recorded, the text is kept where it is. Free some space and try again",
    "read_only": "the store is read-only: reading goes on, nothing can be recorded or sent",
    "busy": "another program holds the store's write lock; the text is kept, try again",
    "broken": "the store is damaged ({reason})",
    "failed": "the store failed: {reason}",
    "none_yet": "no store yet: `tuidesk setup` adds an account, `tuidesk demo` shows a sample desk",
    "newer": "this store was written by a newer tuidesk (version {found}, this one knows {known}): upgrade tuidesk; "
    "nothing was touched",
    "backup_exists": "{path} exists already; a backup never overwrites",
    "backup_failed": "cannot write {path}: {reason}",
    "cannot_make": "cannot write {path}: {reason}",
    "owner": "{path} belongs to another user (uid {uid}): tuidesk keeps customers' words only where you alone can "
    "read them. Choose another place with TUIDESK_HOME",
    "writable": "{path} can be written by others: run `chmod go-w {path}`",
    "network": "{path} is on a network file system ({kind}), where the store can be corrupted: name a local folder "
    "with `[store] local_dir` in config.toml",
    "salvaged": "the store was damaged: it is kept as {moved}. {drafts} drafts and {replies} unsent replies were "
    "saved from it (as drafts: nothing is sent by itself); mail comes again from the accounts",
}
