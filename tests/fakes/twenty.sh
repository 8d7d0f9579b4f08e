#!/bin/bash
# A channel out of a folder: in/NAME.txt is a message from NAME, the answer to it becomes out/KEY.txt.
#     kind = "pipe"
#     command = ["/usr/local/bin/twenty.sh", "/srv/questions"]
export LC_ALL=C; cd "$1" && mkdir -p in out || exit 1; declare -A seen
json() { tr -d '\000-\010\013-\037' | sed 's/[\\"]/\\&/g; s/\t/\\t/g' | awk '{ printf "%s%s", n, $0; n = "\\n" }'; }
field() { sed -nE 's/.*"'"$1"'": "(([^"\\]|\\.)*)".*/\1/p' <<< "$line"; }
report() {
    name=$(basename "$1" .txt | json); seen[$1]=1
    printf '{"type": "received", "id": "%s", "at": "%s", "medium": "form", "conversation": "%s", ' \
        "$name" "$(date -u -r "$1" +%FT%TZ)" "$name"
    printf '"from": {"name": "%s", "handle": "%s"}, "text": "%s"}\n' "$name" "$name" "$(json < "$1")"
}
obey() {
    key=$(field key); text=$(field text); answer=receipt
    if [[ $line == *'"type": "find"'* ]]; then [ -e "out/$key.txt" ] && answer=found || answer=missing
    else printf '%b\n' "${text//\\\"/\"}" > out/tmp && mv out/tmp "out/$key.txt" || exit 1; fi
    printf '{"type": "%s", "key": "%s", "id": "%s", "at": "%s"}\n' "$answer" "$key" "$key" "$(date -u +%FT%TZ)"
}
read -r hello; printf '{"type": "ready", "identity": {"name": "Folder", "handle": "folder"}, '
echo '"caps": {"performs": ["reply"], "idempotent_s": 86400, "find": true}}'
while :; do
    if read -r -t 0; then read -r line || exit 0; obey; continue; fi
    for file in in/*.txt; do [ ! -f "$file" ] || [ "${seen[$file]}" ] || report "$file"; done
    echo '{"type": "idle"}'; sleep 1
done
