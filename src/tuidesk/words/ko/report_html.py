"""The page of a report: its headings, what its pictures say, and its foot."""

TEXTS: dict[str, str] = {
    "made": "작성: {at}.",
    "contents": "차례",
    # sections
    "figures": "수치",
    "groups": "{what}별",
    "pictures": "그림",
    "topics": "주제와 상용구",
    # volume
    "course_days": "하루 단위이며, 계열마다 눈금이 다릅니다.",
    "course_weeks": "한 주 단위로 첫날에 표시하며, 계열마다 눈금이 다릅니다.",
    "course_told": "받은 메시지 {received:,}건, 완료한 대화 {completed:,}건. 남은 대화는 처음에 {first:,}건, "
    "끝에 {last:,}건, 가장 많을 때 {most:,}건이었습니다.",
    "numbers": "이 그림의 숫자",
    # heat
    "heat_received": "고객이 문의하는 때",
    "heat_received_about": "요일과 시각별로 받은 메시지. 색이 강할수록 많습니다.",
    "heat_reply": "고객이 기다리는 시간",
    "heat_reply_about": "고객이 쓴 요일과 시각별 답장 시간의 중앙값(달력 기준). 색이 강할수록 길며, "
    "분·시간(h)·일 단위로 반올림했습니다.",
    # distribution
    "replies_about": "답장이 얼마나 걸렸는지를 목표와 같은 시계로 셉니다: 막대마다 왼쪽 시간부터 오른쪽 "
    "시간까지의 답장입니다.",
    "replies_target": "대부분의 목표는 {span}이며, 목표를 완전히 넘은 막대는 빗금으로 표시합니다.",
    "replies_no_target": "대부분은 목표가 없었습니다.",
    "replies_told": "답장 {count:,}건.",
    "target": "목표 {span}",
    # team
    "team_about": "여러 사람이 답하는 계정에서 채널이 보여 주는 것입니다. 답장 시간은 달력 기준입니다.",
    # comments
    "comments_about": "최근 것부터, 고객이 쓴 그대로입니다.",
    "unnamed": "이름 없음",
    # durations, in one unit
    "seconds": "{count}초",
    "minutes": "{count}분",
    "hours": "{count}h",
    "days": "{count}일",
    # the foot
    "alone": "이 페이지는 아무것도 불러오거나 실행하지 않습니다. 그대로 보관하고 보내고 인쇄할 수 있습니다.",
}
