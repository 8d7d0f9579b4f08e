"""The locked screen."""

TEXTS: dict[str, str] = {
    "enter": "tuidesk가 잠겼습니다. Enter로 엽니다.",
    "passphrase": "tuidesk가 잠겼습니다. 암호를 입력하세요:",
    "wrong": "틀렸습니다. {seconds}초 뒤 다시:",
    "wait": "아직입니다.",
}
