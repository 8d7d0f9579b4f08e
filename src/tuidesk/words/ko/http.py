"""What is said of HTTP and of who speaks it."""

TEXTS: dict[str, str] = {
    "bad_base": "{base!r}은(는) tuidesk가 로그인할 수 있는 주소가 아닙니다: https://… (http는 이 컴퓨터에서만)",
    "ca": "{path}의 인증 기관을 읽을 수 없습니다: {reason}",
    "bad_proxy": "환경 변수의 프록시를 쓸 수 없습니다({what}). HTTPS_PROXY와 ALL_PROXY를 확인하세요",
    "bad_secret": "비밀 값에 헤더로 보낼 수 없는 문자가 있습니다. 전체가 복사되었는지 확인하세요",
    "closed": "계정이 닫히는 중입니다",
    "unwritable": "요청을 작성할 수 없습니다({what}). 주소와 비밀 값을 확인하세요",
    "no_connection": "{host}에 연결할 수 없습니다: {why}",
    "certificate": "{host}의 인증서를 신뢰할 수 없습니다: {why}",
    "slow": "{host}이(가) 제때 응답하지 않았습니다",
    "broken": "{host}와(과)의 연결이 끊어졌습니다({what})",
    "ended": "{host}이(가) 스트림을 끝냈습니다",
    "endless": "끝없이 이어지는 페이지",
    "status": "{host}의 응답: {status} {phrase}",
    "moved": "{host}이(가) 다른 주소로 보냅니다. 계정 파일에 그 주소를 적으세요",
    "elsewhere": "{host}이(가) {other}의 주소를 알려 주었지만 tuidesk는 그곳에 접속하지 않습니다",
    "not_understood": "{host}의 예상하지 못한 응답: {what}",
    "no_json": "JSON이 아님",
    "too_much": "{limit}바이트 초과",
    "too_big": "파일이 {limit}바이트보다 큽니다",
    "limited": "서비스의 한도에 이르렀습니다. 다시 채워질 때까지 기다립니다",
}
