"""What is said about config files, their places and secrets."""

TEXTS: dict[str, str] = {
    # places and who may touch them
    "no_home": "HOME도 TUIDESK_HOME도 폴더를 가리키지 않습니다. `--home FOLDER`로 실행하세요",
    "home_empty": "--home에 폴더가 없습니다",
    "not_a_folder": "{path}: 폴더가 아닙니다",
    "not_a_file": "{path}: 파일이 아닙니다",
    "folder_not_ours": "{path}: 다른 사용자(uid {owner})의 것입니다. TUIDESK_HOME으로 다른 위치를 고르세요",
    "cannot_make": "{path}: 만들 수 없음: {reason}",
    "cannot_write": "{path}: 쓸 수 없음: {reason}",
    "closed": "읽을 수 없음({reason}). 읽기 권한을 주거나 다른 곳으로 옮기세요",
    "exists": "{path}: 이미 있습니다. tuidesk는 덮어쓰지 않습니다",
    "others_write": "{path}: 다른 사용자가 쓸 수 있어 tuidesk로 프로그램을 실행시킬 수 있습니다. "
    "`chmod go-w {path}`를 실행하세요",
    "wrong_owner": "{path}: 다른 사용자(uid {owner})의 것입니다. 내용을 신뢰한다면 `sudo chown {user} "
    "{path}`를 실행하세요",
    "too_large": "{path}: 설정 파일로는 너무 큽니다",
    # what a table says
    "not_utf8": "UTF-8이 아닙니다(바이트 {at})",
    "not_toml": "TOML이 아닙니다: {reason}",
    "unknown": "알 수 없는 키(가능: {known})",
    "unknown_near": "알 수 없는 키입니다. `{near}`을(를) 찾으셨나요?",
    "missing": "값이 없습니다",
    "wrong_type": "{wanted}이어야 하는데 {given}입니다",
    "one_of": "다음 중 하나여야 합니다: {known}",
    "type_text": "문자열",
    "type_integer": "정수",
    "type_number": "숫자",
    "type_bool": "true 또는 false 값",
    "type_list": "목록",
    "type_table": "테이블",
    "type_time": "시각",
    "hold_range": "0부터 {most}까지의 초여야 합니다",
    "view_table": '테이블이어야 합니다: [[views]], name = "…", query = "…"',
    "view_unnamed": "보기에는 이름이 있어야 합니다",
    "view_is_ours": "{name} 보기가 이미 있습니다. 다른 이름을 고르세요",
    "view_twice": "다른 보기의 이름도 {name}입니다",
    "view_key": "숫자 하나여야 합니다: g와 그 숫자로 보기를 엽니다",
    "view_key_twice": "다른 보기도 숫자 {key}을(를) 씁니다",
    "view_query": "{why} (위치: {marked})",
    "view_near": "{hint}; {near}을(를) 찾으셨나요?",
    "view_sorted_twice": "검색식에 이미 순서가 있습니다. 둘 중 하나를 빼세요",
    "lock_range": "`after_min`은 분이어야 합니다. 0은 잠그지 않음",
    "survey_after": "after_min은 0에서 1380분까지입니다",
    "idle_range": "0보다 크고 {most} 이하인 초여야 합니다",
    "quiet": "`quiet`는 두 시각이어야 합니다: `22:00-07:00`",
    "secret_one": '한 곳만 지정해야 합니다: {{ keyring = "name" }}, {{ command = [...] }}, {{ env = '
    '"NAME" }}, {{ file = "path" }}',
    # accounts
    "bad_id": "계정 id는 영문자, 숫자, . _ @ + -로 씁니다(최대 64자, 첫 자는 영문자나 숫자)",
    "same_id": "다른 계정 파일의 id가 같습니다: {other}. 둘 다 시작하지 않습니다",
    "team_secret": "팀 파일에는 비밀을 두지 않습니다. 이 줄을 자신의 accounts/{name} 파일에 쓰세요",
    "team_in_team": "팀 폴더는 사용자나 시스템의 config.toml에서만 지정합니다",
    "no_team": "팀 폴더 {path}: 읽을 수 없음({reason}). config.toml의 `team`을 고치거나 지우세요",
    # secrets
    "no_secret": "{file}: 비밀의 위치가 없습니다. 다음과 같은 줄을 추가하세요: secret = {{ command = "
    '["pass", "show", "{id}"] }}',
    "no_secret_for": "{file}: {use}용 비밀의 위치가 없습니다. `secret` 또는 `secrets.{use}`를 추가하세요",
    "command_missing": "{account}: 프로그램 {program}이(가) 없거나 실행할 수 없음({reason}). {file}의 "
    "`secret`을 보세요",
    "command_failed": "{account}: {program} 종료 코드 {code}. 셸에서 실행해 이유를 확인하세요",
    "command_slow": "{account}: {program}이(가) {seconds}초 안에 비밀을 내주지 않았습니다. 셸에서 "
    "실행해 무엇을 기다리는지 확인하세요",
    "command_long": "{account}: {program}의 첫 줄이 비밀로는 너무 깁니다",
    "secret_empty": "{account}: 비밀이 비어 있습니다: {where}",
    "secret_not_text": "{account}: 비밀이 UTF-8이 아닙니다: {where}",
    "env_missing": "{account}: 환경 변수 {name}이(가) 없습니다. tuidesk를 시작하기 전에 설정하세요",
    "file_missing": "{account}: 비밀 파일 {path}: 읽을 수 없음: {reason}",
    "file_open": "{account}: 비밀 파일 {path}을(를) 다른 사용자가 읽을 수 있습니다. `chmod 600 "
    "{path}`를 실행하세요",
    "file_owner": "{account}: 비밀 파일 {path}이(가) 다른 사용자의 것입니다. `sudo chown {user} "
    "{path}`를 실행하세요",
    "keyring_none": "응답하는 키링 서비스가 없습니다({reason}). 비밀을 둘 다른 곳을 지정하세요: "
    "명령(pass, gpg), 파일, 환경 변수",
    "keyring_no_dbus": "세션 버스 없음",
    "keyring_hangs": "{seconds}초 안에 응답 없음",
    "keyring_no_service": "세션 버스에 비밀을 제공하는 서비스 없음",
    "keyring_package": "필요한 Python 패키지 없음",
    "keyring_locked": "{account}: 키링이 잠겨 있습니다. 잠금을 풀고 tuidesk를 다시 시작하세요",
    "keyring_failed": "{account}: 키링이 비밀을 내주지 않았습니다({reason})",
    "keyring_missing": "{account}: 키링에 {name} 비밀이 없습니다. `keyring set tuidesk {name}` 또는 "
    "`tuidesk setup`을 실행하세요",
    "keyring_not_stored": "키링이 비밀을 저장하지 않았습니다({reason}). 다른 곳을 지정하세요",
    "cannot_store": "tuidesk가 {place}에 비밀을 저장할 수 없습니다. 직접 넣으세요",
    "not_one_line": "{account}: 비밀은 한 줄의 텍스트여야 하는데, 이것은 아닙니다",
    "cannot_rotate": "{account}: 토큰이 쓸 때마다 바뀌어 다시 저장해야 하는데, {place}에는 쓸 수 없습니다: {file}의 "
    "`secret`에 파일이나 키링을 지정하세요",
}
