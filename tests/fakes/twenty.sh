#!/bin/bash
# A channel out of a folder: in/NAME.txt is a message from NAME, the answer to it becomes out/KEY.txt.
#     kind = "pipe"
#     command = ["/usr/local/bin/twenty.sh", "/srv/questions"]
export LC_ALL=C; cd "$1" && mkdir -p in out || exit 1
declare -A seen
json() { tr -d '\000-\010\013-\037' | sed 's/[\\"]/\\&/g; s/\t/\\t/g' | awk '{ printf "%s%s", nl, $0; nl = "\\n" }'; }
field() { sed -nE 's/.*"'"$1"'": "(([^"\\]|\\.)*)".*/\1/p' <<< "$line"; }
report() {
    seen[$1]=1; id=$(basename "$1" .txt | json); at=$(date -u -r "$1" +%FT%TZ)
    printf '{"type": "received", "id": "%s", "at": "%s", "medium": "form", "conversation": "%s", ' "$id" "$at" "$id"
    printf '"from": {"name": "%s", "handle": "%s"}, "text": "%s"}\n' "$id" "$id" "$(json < "$1")"
}
obey() {
    key=$(field key); text=$(field text)
    case $line in
    *'"find"'*) [ -e "out/$key.txt" ] && answer=found || answer=missing ;;
    *) printf '%b\n' "${text//\\\"/\"}" > "out/.$key" && mv "out/.$key" "out/$key.txt" && answer=receipt ;;
    esac
    printf '{"type": "%s", "key": "%s", "id": "%s", "at": "%s"}\n' "$answer" "$key" "$key" "$(date -u +%FT%TZ)"
}
read -r hello
echo '{"type": "ready", "identity": {"name": "Folder", "handle": "folder"},
    "caps": {"performs": ["reply"], "idempotent_s": 86400, "find": true}}' | tr -d '\n'; echo
while :; do
    if read -r -t 0; then read -r line || exit 0; obey; continue; fi
    for file in in/*.txt; do [ ! -f "$file" ] || [ "${seen[$file]}" ] || report "$file"; done
    echo '{"type": "idle"}'; sleep 1
done
