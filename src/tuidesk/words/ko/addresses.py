"""What is wrong with recipients as they were typed. `who` is clean."""

TEXTS: dict[str, str] = {
    "nobody": '"{who}": 받는 사람이 없습니다',
    "no_at": '"{who}": 메일 주소가 아닙니다(@ 없음)',
    "parts": '"{who}": 메일 주소가 아닙니다',
    "long": '"{who}": 주소가 너무 깁니다',
    "control": '"{who}": 주소에 쓸 수 없는 문자가 있습니다',
    "quote": '"{who}": 따옴표가 닫히지 않았습니다',
    "bracket": '"{who}": < 가 닫히지 않았습니다',
    "after": '"{who}" 뒤에 쉼표가 없습니다',
    "no_number": "“{who}”은(는) +와 국가 번호로 시작하는 전화번호가 아닙니다",
    "blank": "“{who}”에 빈칸이 있습니다. 여러 사람은 쉼표로 나누세요",
}
