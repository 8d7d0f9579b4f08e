"""What is said of sign-ins in the browser."""

TEXTS: dict[str, str] = {
    # the account's file
    "help_client_id": "팀이 제공자에 등록한 앱의 ID",
    "no_client_id": "client_id가 없습니다: 팀이 제공자에 등록한 앱의 ID가 필요합니다",
    "own_address": "주소는 이미 알려져 있습니다: authorize_url, token_url, device_url, issuer를 빼세요",
    "no_address": "제공자가 google이나 microsoft가 아니면 token_url과, authorize_url 또는 device_url이 필요합니다",
    # what is kept
    "none": "아직 아무도 로그인하지 않았습니다",
    "of_another": "보관된 로그인은 계정 파일에 적힌 것과 다른 client_id나 제공자의 것입니다",
    "again": "{why}. 다시 로그인하세요: tuidesk setup --login {account}",
    "newer": "그사이 다른 프로그램이 로그인했습니다: 다음에는 그 토큰을 씁니다",
    "no_lock": "{folder}에 파일을 만들 수 없어({reason}) 두 프로그램이 토큰 하나를 함께 쓸 수 있습니다",
    "busy": "다른 tuidesk가 이 계정의 로그인을 갱신하고 있는데 끝나지 않습니다",
    "no_client_secret": "앱 자체의 비밀이 없습니다: 계정 파일의 secrets = {{ client_secret = … }}에 위치를 적으세요",
    # what the provider says
    "ended": "{host}에서 로그인이 끝났습니다: {said}",
    "not_known": "{host}에서 앱을 받아들이지 않습니다: {said}. client_id와 클라이언트 비밀이 필요한지 확인하세요",
    "no_such_scope": "{host}에서 이 앱이 요청한 권한을 주지 않습니다: {said}",
    "refused": "{host}에서 거절했습니다: {said}",
    "no_token": "토큰 없음",
    "no_code": "코드 없음",
    "no_refresh": "{host}에서 갱신할 수 없는 토큰을 주었습니다: 앱에 오프라인 접근이 허용되어야 합니다",
    "no_scope": "{host}에서 모두 허용되지 않았습니다: {scopes}이(가) 없습니다. 다시 로그인하여 허용하세요",
    "denied": "{host}에서 거부되었습니다",
    "too_late": "{host}에서 시간 안에 응답이 없었습니다",
    "bad_code": "{host}에서 코드를 받아들이지 않습니다({said}): 이미 쓰였거나 오래되었거나 일부만 복사되었습니다",
    # what the browser brings back
    "no_answer": "브라우저가 도착한 주소도, 그 코드도 아닙니다",
    "other_state": "다른 로그인에 대한 응답입니다: 여기에 보이는 주소를 여세요",
    "other_issuer": "응답이 {wanted}이(가) 아니라 {issuer}에서 왔습니다",
    "page": "tuidesk가 응답을 받았습니다. 이 페이지를 닫고 터미널로 돌아가세요.",
    "page_other": "tuidesk의 것이 아닙니다.",
    # at the mail server
    "control": "사용자 이름이나 토큰에 로그인에 쓸 수 없는 문자가 있습니다",
    "no_method": "{host}은(는) 브라우저 로그인을 받지 않습니다(OAUTHBEARER도 XOAUTH2도 없음)",
    "server_refused": "{host}에서 {user}의 로그인을 받아들이지 않습니다({reason})",
    "lacks_scope": "{host}에서 {scope} 권한을 요구하지만 {user}의 로그인에는 없습니다",
}
