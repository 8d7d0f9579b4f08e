"""The command `report`."""

TEXTS: dict[str, str] = {
    "since_help": "언제부터: 7일, 어제, 월요일, 지난달, 11월 2일, 2026-11, 2026-11-20 9:00, RFC 3339; "
    "없으면 끝의 7일 전",
    "until_help": "언제까지: 말한 날, 주, 달의 끝; 없으면 지금",
    "by_help": "다음 중 하나로 묶기: {known}",
    "me_help": "내 것만",
    "compare_help": "같은 길이의 앞 기간과 견주기",
    "team_help": "팀만: 여럿이 답하는 계정에서 누가 답장하고, 얼마나 빨랐고, 무엇을 완료했는지",
    "pictures_help": "받은 양과 남은 양, 요일과 시간, 답장 시간의 분포, 팀, 주제, 상용구, 고객의 말도 "
    "함께(html에는 늘 있음)",
    "format_help": "다음 중 하나: {known}; 없으면 파일 이름대로, 아니면 표",
    "output_help": "나만 볼 수 있는 이 파일로; 없으면 stdout으로",
    "force_help": "이미 있는 파일 대신",
    "one_format": "--json과 --format 중 하나만 쓰세요",
    "no_pictures": "CSV 파일에는 표가 하나입니다. --pictures를 빼거나 다른 형식을 쓰세요",
    "no_team_alone": "페이지에는 팀을 포함한 보고서 전체가 있습니다. --team을 빼세요",
    "no_ending": "{ending}은(는) 보고서 형식이 아닙니다. 파일 이름을 {known}(으)로 끝내거나 --format으로 정하세요",
    "team_alone": "팀 표는 사람마다 하나뿐입니다. {option}을(를) 빼세요",
    "exists": "{path}이(가) 이미 있습니다. --force를 쓰면 그 자리에 보고서를 둡니다",
    "written": "보고서를 {path}에 두었습니다.",
}
