"""What the store says when it cannot serve."""

TEXTS: dict[str, str] = {
    "full": "디스크가 가득 참: 기록하지 못했고 글은 그대로 있습니다. 공간을 확보하고 다시 하세요",
    "read_only": "저장소가 읽기 전용입니다. 읽을 수는 있지만 기록하거나 보낼 수 없습니다",
    "not_written": "디스크에 쓰지 못함({reason}: 가득 참, 할당량 초과 또는 고장). 기록하지 못했고 글은 "
    "그대로 있습니다. 공간을 확보하고 다시 하세요",
    "busy_pid": "프로세스 {pid}이(가) 저장소 쓰기 잠금을 쥐고 있습니다. 글은 보관됩니다. 다시 하세요",
    "opening": "다른 tuidesk가 저장소를 준비하는 중입니다. 잠시 뒤 다시 하세요",
    "busy": "다른 프로그램이 저장소 쓰기 잠금을 쥐고 있습니다. 글은 보관됩니다. 다시 하세요",
    "broken": "저장소가 손상되었습니다({reason}). tuidesk가 다음에 쓰기로 열 때 따로 보관하고 살릴 수 "
    "있는 것을 살립니다",
    "is_empty": "파일이 비어 있음",
    "log_is_damaged": "로그를 읽을 수 없음",
    "log_moved": "저장소의 로그가 손상되어 {moved}(으)로 보관했습니다. 바로 전에 기록한 것은 빠졌을 수 "
    "있습니다",
    "in_use": "{reason}. 다른 tuidesk가 아직 열고 있습니다(프로세스 {pids}). 먼저 끝내고 다시 시작하세요",
    "failed": "저장소 오류: {reason}",
    "none_yet": "아직 저장소가 없습니다. `tuidesk setup`으로 계정을 추가하고 `tuidesk demo`로 예시를 봅니다",
    "not_synced": "아직 받아온 것이 없습니다. `tuidesk sync --once`로 받아오고 `tuidesk`로 화면을 엽니다",
    "newer": "더 새로운 tuidesk가 쓴 저장소입니다(버전 {found}, 이 프로그램은 {known}까지). tuidesk를 "
    "업그레이드하세요. 아무것도 건드리지 않았습니다",
    "older": "{path}: 이전 tuidesk가 쓴 저장소라(버전 {found}, 이 프로그램은 {known}) 갱신해야 하지만 "
    "읽기 전용입니다",
    "foreign": "{path}: 다른 프로그램의 데이터베이스입니다. 아무것도 건드리지 않았습니다. "
    "TUIDESK_HOME이나 `[store] local_dir`로 다른 위치를 고르세요",
    "closed": "{path}: 열 수 없음: {reason}",
    "no_folder": "{path}: 폴더가 아닙니다. 옮기거나 TUIDESK_HOME으로 다른 위치를 고르세요",
    "no_file": "{path}: 파일이 아닙니다. 옮기거나 TUIDESK_HOME으로 다른 위치를 고르세요",
    "link": "{path}: {target}(으)로의 링크입니다. 저장소를 이곳으로 옮기거나 config.toml의 `[store] "
    "local_dir`에 그 폴더를 쓰세요",
    "dangling": "{path}: 없는 {target}(으)로의 링크입니다. 대상을 되돌리거나 링크를 지우세요",
    "backup_exists": "{path}: 이미 있습니다. 백업은 덮어쓰지 않습니다",
    "backup_failed": "{path}: 쓸 수 없음: {reason}",
    "cannot_make": "{path}: 쓸 수 없음: {reason}",
    "owner": "{path}: 다른 사용자(uid {uid})의 것입니다. 고객의 글은 본인만 읽을 수 있는 곳에 둡니다. "
    "TUIDESK_HOME으로 다른 위치를 고르세요",
    "writable": "{path}: 다른 사용자가 쓸 수 있습니다. `chmod go-w {path}`를 실행하세요",
    "network": "{path}: 네트워크 파일 시스템({kind})에 있어 저장소가 손상될 수 있습니다. config.toml의 "
    "`[store] local_dir`에 로컬 폴더를 쓰세요",
    "salvaged_account": "손상된 저장소에서 살림",
    "salvaged": "저장소가 손상되어 {moved}(으)로 보관했습니다. 초안 {drafts}건과 보내지 못한 답장 "
    "{replies}건을 살렸습니다(초안으로: 저절로 보내지 않습니다). 메일은 계정에서 다시 옵니다",
}
