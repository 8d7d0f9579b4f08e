"""Words that stand in for text that cannot be shown, and the warnings beside a sender."""

TEXTS: dict[str, str] = {
    "marks": "<결합 문자 {count}개>",
    "more": "[{kilobytes:,}kB 더 있음]",
    "mixed-script": "한 단어에 서로 다른 문자 체계가 섞여 있음",
    "foreign-domain": "도메인에 일반 영문자가 아닌 글자가 있음",
    "name-address": "이름에 다른 주소가 적혀 있음",
    "agent-name": "우리 팀원의 이름임",
}
