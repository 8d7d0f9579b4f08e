"""What `setup` asks and says, and what a login ended in."""

TEXTS: dict[str, str] = {
    "kind": "어떤 종류의 계정인가요?",
    "kind_mail": "IMAP과 SMTP 편지함",
    "kind_maildir": "이 컴퓨터의 Maildir 또는 mbox",
    "kind_mastodon": "Mastodon 계정: 멘션과 다이렉트 메시지",
    "kind_bluesky": "Bluesky 계정: 멘션, 답글, 다이렉트 메시지",
    "kind_matrix": "Matrix 계정: 방과 일대일 대화",
    "kind_telegram": "Telegram 봇",
    "kind_twilio": "Twilio: SMS, WhatsApp, 전화",
    "kind_chatwoot": "Chatwoot 팀: 모든 받은편지함",
    "kind_rt": "Request Tracker: 팀의 대기열",
    "kind_pipe": "JSON 줄을 주고받는 자신의 프로그램",
    "kind_demo": "둘러보기용 예시 데스크",
    "kind_other": "{kind}: 따로 설치한 패키지의 채널",
    "address": "메일 주소",
    "not_an_address": "메일 주소가 아닙니다(name@domain)",
    "name": "계정 이름(파일 이름이기도 함)",
    "taken": "{id} 계정이 이미 있습니다. 다른 이름을 고르거나 그 파일을 고치거나 지우세요",
    "or_none": " (빈칸 하나: 없음)",
    "nothing": "비워 둘 수 없습니다",
    "quotes": "따옴표가 닫히지 않았습니다",
    "not_a_number": "숫자가 아닙니다",
    "auth": "어떻게 로그인합니까?",
    "auth_password": "비밀번호(또는 앱 비밀번호)로",
    "auth_google": "Google에 로그인하여",
    "auth_microsoft": "Microsoft 365에 로그인하여",
    "auth_other": "다른 곳에 로그인하여(OAuth 2)",
    "app_google": (
        "팀 전용 앱이 필요합니다: console.cloud.google.com → API 및 서비스 → 사용자 인증 정보 → OAuth "
        "클라이언트 ID 만들기, 유형은 데스크톱 앱. Gmail API를 켜고 동의 화면에 범위 "
        "https://mail.google.com/ 을 넣으세요(대상이 내부이면 심사가 필요 없습니다)."
    ),
    "app_microsoft": (
        "팀 전용 앱이 필요합니다: entra.microsoft.com → 앱 등록 → 새 등록. 인증에서 모바일 및 데스크톱 "
        "플랫폼에 http://localhost 를 추가하고 공용 클라이언트 흐름을 허용하세요. API 권한에 "
        "IMAP.AccessAsUser.All, SMTP.Send, offline_access를 추가하세요."
    ),
    "app_other": (
        "팀 전용 앱이 필요합니다: 제공자에 http://127.0.0.1 의 임의 포트로 돌아오는 네이티브 앱으로 "
        "등록하세요."
    ),
    "client_id": "그 앱의 ID(client_id)",
    "has_client_secret": "그 앱에 자체 비밀(client_secret)이 있습니까?",
    "client_secret": "그 앱의 비밀(표시되지 않음)",
    "tenant": "조직의 ID나 도메인(common: 아무 조직이나)",
    "authorize_url": "브라우저가 로그인하는 주소(비움: 없음)",
    "token_url": "토큰을 받는 주소",
    "device_url": "다른 기기용 코드를 받는 주소(비움: 없음)",
    "scopes": "요청할 범위, 빈칸으로 구분",
    "rotates": (
        "로그인으로 받은 것은 거듭 갱신되므로 tuidesk가 쓸 수 있는 곳이 필요합니다: 프로그램이나 변수는 "
        "안 됩니다."
    ),
    "no_keyring": "여기에는 키링 서비스가 없습니다.",
    "sign_in": "어떻게 로그인하시겠습니까?",
    "sign_in_device": "아무 기기에서나 입력하는 코드로",
    "sign_in_browser": "브라우저에서",
    "device": "아무 기기에서 {address} 을(를) 열고 이 코드를 입력하세요: {code}",
    "waiting": "그곳의 응답을 기다리는 중 …",
    "browser": (
        "이 주소를 브라우저에서 여세요. 브라우저가 다른 기기에 있으면 열리지 않는 페이지에서 끝납니다: "
        "그 페이지의 주소를 복사해 여기에 붙여 넣으세요."
    ),
    "pasted": "그 주소(브라우저가 스스로 돌아오면 비워 두세요)",
    "no_account": "{name}이라는 계정이 없습니다",
    "no_sign_in": "{name} 계정은 브라우저로 로그인하지 않습니다: 비밀의 위치는 {file}에 있습니다",
    "yes": "예",
    "no": "아니요",
    # how a Maildir's replies leave
    "out": "답장은 어떻게 보내나요?",
    "out_program": "sendmail처럼 이 컴퓨터의 프로그램으로",
    "out_smtp": "서버로(SMTP)",
    "out_nothing": "보내지 않음: 읽기만 하는 계정",
    "out_command": "프로그램과 인자",
    "smtp_host": "서버 호스트",
    "smtp_security": "연결을 어떻게 보호하나요?",
    "smtp_tls": "처음부터 TLS(포트 465)",
    "smtp_starttls": "STARTTLS(포트 587)",
    "smtp_port": "포트",
    "smtp_user": "로그인할 사용자(비우면 로그인 없음)",
    # the secret
    "where": "비밀번호나 토큰은 어디에 있나요?",
    "in_keyring": "이 데스크톱의 키링",
    "in_command": "프로그램이 출력(pass, gpg, age …)",
    "in_file": "본인만 읽을 수 있는 파일",
    "in_env": "환경 변수",
    "secret": "비밀번호 또는 토큰(표시 안 함)",
    "command": "프로그램과 인자; 첫 줄이 비밀입니다",
    "env": "변수 이름",
    "file": "파일(없으면 본인만 읽을 수 있게 만듭니다)",
    # the login
    "trying": "로그인하는 중 …",
    "logged_in": "{who}(으)로 로그인했습니다.",
    "refused": "로그인이 거부됨({reason}). 비밀번호나 토큰, 사용자 이름을 확인하세요",
    "sign_in_refused": (
        "로그인이 거부되었습니다({reason}): 그 사용자로 로그인했는지, 앱에 무엇이 허용되는지 확인하세요"
    ),
    "unavailable": "지금은 로그인할 수 없음({reason}). 호스트, 포트, 보안 설정과 서버 상태를 확인하세요",
    "unavailable_there": "지금은 로그인할 수 없음({reason}). 주소와 서버, 네트워크 상태를 확인하세요",
    "unavailable_here": "지금은 쓸 수 없음({reason}). 프로그램이나 경로, 사용 권한을 확인하세요",
    "slow": "{seconds}초 안에 응답 없음. 호스트와 포트, 방화벽을 확인하세요",
    "crashed": "{kind} 어댑터가 실패함({reason}). 프로그램의 오류입니다",
    "now_what": "어떻게 할까요?",
    "then_secret": "비밀번호나 토큰 다시 입력",
    "then_sign_in": "다시 로그인",
    "then_again": "처음부터 다시 답하기",
    "then_write": "그대로 계정 쓰기",
    "then_quit": "아무것도 쓰지 않고 나가기",
}
