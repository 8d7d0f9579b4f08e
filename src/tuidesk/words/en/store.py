"""What the store says when it cannot serve."""

TEXTS = {
    "full": "disk full: nothing was recorded, the text is kept where it is. Free some space and try again",
    "read_only": "the store is read-only: reading goes on, nothing can be recorded or sent",
    "not_written": "the disk did not take it ({reason}: full, over quota or failing): nothing was recorded, the text "
    "is kept where it is. Free some space and try again",
    "busy_pid": "process {pid} holds the store's write lock; the text is kept, try again",
    "opening": "another tuidesk is still preparing the store; try again in a moment",
    "busy": "another program holds the store's write lock; the text is kept, try again",
    "broken": "the store is damaged ({reason}). When tuidesk next opens it for writing, it is kept aside and what can "
    "be saved is saved",
    "is_empty": "the file is empty",
    "log_is_damaged": "its log is not readable",
    "log_moved": "the store's log was damaged: it is kept as {moved}. What was recorded just before may be missing",
    "in_use": "{reason}. Another tuidesk still has it open (process {pids}): end that one first, then start again",
    "failed": "the store failed: {reason}",
    "none_yet": "no store yet: `tuidesk setup` adds an account, `tuidesk demo` shows a sample desk",
    "not_synced": "nothing has been fetched yet: `tuidesk sync --once` fetches it, `tuidesk` opens the desk",
    "newer": "this store was written by a newer tuidesk (version {found}, this one knows {known}): upgrade tuidesk; "
    "nothing was touched",
    "older": "{path} was written by an older tuidesk (version {found}, this one knows {known}) and has to be brought "
    "up to date, but it is read-only",
    "foreign": "{path} is a database of another program: nothing was touched. Choose another place with "
    "TUIDESK_HOME or `[store] local_dir`",
    "closed": "cannot open {path}: {reason}",
    "no_folder": "{path} is not a folder: move it away, or choose another place with TUIDESK_HOME",
    "no_file": "{path} is not a file: move it away, or choose another place with TUIDESK_HOME",
    "link": "{path} is a link to {target}: move the store back here, or name its folder with `[store] local_dir` in "
    "config.toml",
    "dangling": "{path} is a link to {target}, which is not there: bring that back, or remove the link",
    "backup_exists": "{path} exists already; a backup never overwrites",
    "backup_failed": "cannot write {path}: {reason}",
    "cannot_make": "cannot write {path}: {reason}",
    "owner": "{path} belongs to another user (uid {uid}): tuidesk keeps customers' words only where you alone can "
    "read them. Choose another place with TUIDESK_HOME",
    "writable": "{path} can be written by others: run `chmod go-w {path}`",
    "network": "{path} is on a network file system ({kind}), where the store can be corrupted: name a local folder "
    "with `[store] local_dir` in config.toml",
    "salvaged_account": "saved from a damaged store",
    "salvaged": "the store was damaged: it is kept as {moved}. {drafts} drafts and {replies} unsent replies were "
    "saved from it (as drafts: nothing is sent by itself); mail comes again from the accounts",
}
