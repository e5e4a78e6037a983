# Keeps a server for the process at the other end of standard input, and not a moment longer: however that process
# ends, its end of the pipe closes. $1 is the folder to make and remove; $2, $3 and $4 are shell commands that create
# the server's files, serve, and stop the server whose process id is in $server (they fail once it is gone).
folder=$1 create=$2 serve=$3 stop=$4
exec 3<&0 </dev/null

until_caller_is_gone() {
    while read -r _ <&3; do :; done
}

mkdir -m 711 "$folder" || exit
if sh -c "$create" >"$folder/log" 2>&1 3<&-; then
    sh -c "exec $serve" >>"$folder/log" 2>&1 3<&- &
    server=$!
    {
        until_caller_is_gone
        # Again and again: a signal that comes before the server has set its handlers is lost.
        while eval "$stop"; do sleep 0.2; done
    } >/dev/null 2>&1 &
    guard=$!
    wait "$server"
    kill "$guard"
fi
# Tells the caller, if it is still there, that it waits for nothing; the log stays for it to read.
: >"$folder/ended"
until_caller_is_gone
rm -rf "$folder"
