"""The figures of a report: what they are called, and from what to what each one counts."""

TEXTS: dict[str, str] = {
    # what a figure is called, in 24 cells at most, and what it is
    "metric_first_response": "첫 응답",
    "define_first_response": "고객의 첫 메시지 또는 봇이 넘긴 때부터 사람이 처음 보낸 공개 답장까지. "
    "대화마다 한 번이며, 내가 시작했거나 답장 없이 완료한 대화에는 없습니다.",
    "metric_first_answer": "첫 답변",
    "define_first_answer": "첫 응답과 같되 “확인하고 있습니다”보다 많은 것을 말한 첫 답장까지. 우선 "
    "답장은 뺍니다.",
    "metric_reply": "답장 시간",
    "define_reply": "아무도 답하지 않은 첫 메시지부터 사람의 공개 답장까지. 고객이 기다릴 때마다 "
    "하나이며, 뒤이은 메시지, 메모, 반응, 자동 답장은 아무것도 바꾸지 않고, 답장은 실제로 나간 때에 "
    "셉니다.",
    "metric_handoff_wait": "인계 대기",
    "define_handoff_wait": "아직 아무도 기다리지 않을 때 봇이 넘긴 때부터 사람의 공개 답장까지.",
    "metric_reaction": "반응",
    "define_reaction": "아무도 답하지 않은 첫 메시지부터 사람이 처음 한 일까지: 답장, 메모, 태그, 배정, "
    "미루기, 완료.",
    "metric_resolution_first": "해결 (처음)",
    "define_resolution_first": "고객의 첫 메시지 또는 대화의 시작부터 첫 완료까지.",
    "metric_resolution_last": "해결 (마지막)",
    "define_resolution_last": "고객의 첫 메시지 또는 대화의 시작부터 마지막 완료까지.",
    "metric_resolution_active": "해결 (실제)",
    "define_resolution_active": "마지막 해결에서 보류하거나 미룬 시간을 뺀 것.",
    "metric_requester_wait": "고객 대기 합계",
    "define_requester_wait": "완료될 때까지 대화가 열려 있던 시간의 합. 보류하거나 미룬 시간은 뺍니다.",
    "metric_handling": "처리 시간",
    "define_handling": "일하는 동안 대화가 내 화면에 있던 시간, 이 컴퓨터에서만. 키를 누르지 않거나, "
    "절전에 들어가거나, 연결이 끊기면 멈춥니다. 손으로 고친 것도 들어 있으며, 나만 볼 수 있습니다.",
    "metric_on_target_first_response": "목표 안의 첫 응답",
    "define_on_target_first_response": "목표를 지킨 첫 응답 ÷ 목표가 있던 첫 응답.",
    "metric_first_response_within_a_day": "하루 안의 첫 응답",
    "define_first_response_within_a_day": "고객 대부분이 기대하는 24시간 안의 첫 응답 ÷ 첫 응답. 목표를 "
    "정하기 전까지 보입니다.",
    "metric_on_target_reply": "목표 안의 답장",
    "define_on_target_reply": "목표를 지킨 답장 시간 ÷ 목표가 있던 답장 시간.",
    "metric_on_target_resolution": "목표 안의 해결",
    "define_on_target_resolution": "목표를 지킨 마지막 해결 ÷ 목표가 있던 마지막 해결.",
    "metric_resolution_rate": "해결률",
    "define_resolution_rate": "이 기간의 완료 ÷ 이 기간에 받은 대화. 오래된 것을 정리하면 100 %를 넘습니다.",
    "metric_reply_rate": "답장률",
    "define_reply_rate": "고객이 쓴 것에 사람이 답장한 횟수 ÷ 고객이 쓴 횟수. 사이에 답이 없는 "
    "메시지들은 한 번이며, 봇만 답한 것은 답장이 아닙니다.",
    "metric_action_rate": "조치율",
    "define_action_rate": "고객이 쓴 것에 사람이 무엇이든 한 횟수 ÷ 고객이 쓴 횟수. 규칙이 한 일은 세지 "
    "않습니다.",
    "metric_reopen_rate": "다시 열린 비율",
    "define_reopen_rate": "7일 안에 대화가 다시 열린 완료 ÷ 완료.",
    "metric_one_touch": "한 번에 해결",
    "define_one_touch": "공개 답장 단 하나 뒤에 완료되어 7일 안에 다시 열리지 않은 것 ÷ 완료.",
    "metric_contacts_per_resolution": "해결당 문의",
    "define_contacts_per_resolution": "완료까지 고객이 쓴 횟수의 평균. 사이에 답이 없는 메시지들은 한 "
    "번입니다.",
    "metric_at_once": "동시 처리",
    "define_at_once": "하나라도 맡고 있던 시간 동안 함께 맡고 있던 대화 수의 평균: 사람이 처음 무엇을 한 "
    "때부터 완료까지.",
    "metric_messages_received": "받은 메시지",
    "define_messages_received": "고객이 쓴 메시지. 반응, 반송, 자동 메일은 뺍니다.",
    "metric_replies_sent": "보낸 답장",
    "define_replies_sent": "우리 쪽 사람이 보낸 공개 메시지. 메모, 봇, 자동 답장은 뺍니다.",
    "metric_conversations": "받은 대화",
    "define_conversations": "고객이 시작했거나 완료 뒤에 다시 쓴 대화.",
    "metric_completed": "완료",
    "define_completed": "완료한 횟수. 취소한 것은 없던 일이며, 다시 열렸다가 또 완료된 대화는 두 번 셉니다.",
    "metric_backlog": "남은 대화",
    "define_backlog": "이 기간 끝에 완료되지 않은 대화: 열림, 보류, 미룸.",
    "metric_customers": "고객 수",
    "define_customers": "글을 쓴 서로 다른 고객. 합친 고객은 하나입니다.",
    "metric_csat": "만족도 (CSAT)",
    "define_csat": "척도 위쪽의 평가(5점 중 4~5, 10점 중 7~10) ÷ 평가. 고객이 마지막으로 준 것을 셉니다.",
    "metric_nps": "추천 의향 (NPS)",
    "define_nps": "9나 10을 준 비율에서 0~6을 준 비율을 뺀 것, -100에서 100까지의 점수.",
    "metric_effort": "쉬움 (CES)",
    "define_effort": "얼마나 쉬웠는지에 고객이 준 점수의 평균을 척도의 비율로 나타낸 것: 0 %가 아래 끝, "
    "100 %가 위 끝입니다.",
    "metric_survey_response": "설문 응답",
    "define_survey_response": "답을 받은 설문 ÷ 보낸 설문.",
    # what it is by
    "by_account": "계정",
    "by_medium": "매체",
    "by_tag": "태그",
    "by_priority": "우선순위",
    "by_hour": "시간",
    "by_weekday": "요일",
    "by_day": "날짜",
    "by_week": "주",
    "by_canned": "상용구",
    "by_person": "사람",
    # columns
    "figure": "지표",
    "n": "n",
    "mean": "평균",
    "median": "중앙값",
    "p90": "p90",
    "value": "값",
    "change": "변화",
    "business": "업무 시간",
    # values
    "percent": "{value} %",
    "points": "{value}포인트",
    "better": "개선",
    "worse": "악화",
    "same": "그대로",
    # groups
    "whole": "전체",
    "weekdays": "월요일|화요일|수요일|목요일|금요일|토요일|일요일",
    # titles
    "title": "보고서",
    "title_mine": "보고서: 내 것",
    "times": "시간",
    "rates": "비율과 개수",
    "by": "{figure}, {by}별",
    "in_business": "{title}, 업무 시간",
    # about the report as a whole
    "period": "{since}부터 {until}까지, {zone}.",
    "here": "이 컴퓨터의 시계",
    "against": "변화: {since}부터 {until}까지와 견줌. 시간은 중앙값끼리 견줍니다.",
    "first_at": "맨 처음 메시지는 {at}의 것입니다.",
    "behind": "아직 예전 업무 시간, 목표, 규칙으로 잰 대화: {count:,}.",
    "provisional": "지난 7일 안에 완료된 것은 아직 다시 열릴 수 있습니다. 다시 열린 비율과 한 번에 "
    "해결은 확정이 아닙니다.",
    "columns": "중앙값: 한가운데 것. p90: 열에 아홉은 이보다 길지 않음. 업무 시간: 정해진 업무 시간 "
    "안에서만. 나머지는 달력대로입니다.",
    "rule": "규칙, 버전 {rule}.",
}
