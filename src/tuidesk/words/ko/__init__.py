"""Korean. What a person types in the shell stays English: commands, options, file names, words of JSON.

    agent      상담원 (나)           account    계정             adapter    어댑터
    away       자리 비움             canned     상용구           channel    채널
    check      확인                  colleague  동료             complete   완료
    conversation, thread  대화       customer   고객             draft      초안
    firm snooze  고정 미루기         forward    전달             handover   인계
    hold (before leaving)  발송 유예 keyring    키링             macro      매크로
    mark       표시                  medium     매체             merge      병합
    mute       알림 끄기             note       메모             open       열림
    outbox     발송 중               owner, assign  담당, 배정   palette    명령
    pending    보류 (대기 is the customer's wait)                priority   우선순위
    public     공개                  queue      목록             queued     전송 대기
    reopen     다시 열기             reply      답장             secret     비밀
    snooze     미루기, 미룸          spam       스팸             split      분리
    star       별표                  store      저장소           sync       동기화
    tag        태그                  take       맡기             undo       되돌리기
    unknown (a reply)  미확인        unread     안 읽음          view       보기
    wait       대기                  woke       돌아옴

Sentences end in -ㅂ니다, requests in -세요, labels are nouns. No particle hangs on a value that may end either way,
but for 이(가), 을(를), (으)로. A span has five cells: 12분, 1h 05, 23h, 3일 (시간 alone has four).
"""
