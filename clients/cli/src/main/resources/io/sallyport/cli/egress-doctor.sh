# Runs inside a sandbox: tries every client that is installed against a host that is always allowed and one that never
# is. Writes a line for each: name, tab, exit code for the first, tab, exit code for the second, tab, what the first said.
allowed=$1
denied=$2
wait=15

try() { # NAME COMMAND…, which finds the address in URL
    name=$1
    shift
    said=$(URL=$allowed timeout $((wait + 5)) "$@" 2>&1 < /dev/null)
    first=$?
    URL=$denied timeout $((wait + 5)) "$@" > /dev/null 2>&1 < /dev/null
    second=$?
    said=$(printf '%s' "$said" | grep -v '^$' | tail -n 1 | cut -c 1-160 | tr '\t' ' ')
    printf '%s\t%s\t%s\t%s\n' "$name" "$first" "$second" "$said"
}

has() { command -v "$1" > /dev/null 2>&1; }

directory=$(mktemp -d) || exit 1
trap 'rm -rf "$directory"' EXIT

if has curl; then
    try curl sh -c 'curl -fsS -m '$wait' -o /dev/null "$URL"'
fi
if has wget; then
    try wget sh -c 'wget -nv -T '$wait' -t 1 -O /dev/null "$URL"'
fi
if has python3; then
    try "python urllib" python3 -c 'import os, urllib.request
urllib.request.urlopen(os.environ["URL"], timeout='$wait').read()'
    if python3 -c 'import requests' 2> /dev/null; then
        try "python requests" python3 -c 'import os, requests
requests.get(os.environ["URL"], timeout='$wait').raise_for_status()'
    fi
fi
if has node && node -e 'fetch' 2> /dev/null; then
    try "node fetch" node -e '
fetch(process.env.URL).then(r => r.ok ? 0 : 1, e => { console.error(String(e.cause || e)); return 1 }).then(process.exit)'
fi
if has git; then
    # There is no repository: that this is what git complains about shows that it got there.
    try "git" sh -c '
said=$(GIT_TERMINAL_PROMPT=0 git ls-remote "$URL" 2>&1)
case $said in *"not found"* | *"not valid"* | *"a git repository"*) exit 0 ;; esac
printf "%s\n" "$said"
exit 1'
fi
if has java && java --list-modules 2> /dev/null | grep -q '^jdk.compiler@'; then
    cat > "$directory/Fetch.java" <<'JAVA'
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

class Fetch {
    public static void main(String[] args) throws Exception {
        if (args.length > 0) {
            HttpClient.newHttpClient();
            return;
        }
        var request = HttpRequest.newBuilder(URI.create(System.getenv("URL"))).build();
        var answer = HttpClient.newHttpClient().send(request, BodyHandlers.discarding());
        System.exit(answer.statusCode() == 200 ? 0 : 1);
    }
}
JAVA
    # A Java whose configuration the template lacks cannot do anything.
    if java "$directory/Fetch.java" check > /dev/null 2>&1; then
        try "java HttpClient" java "$directory/Fetch.java"
    fi
fi
if has ruby; then
    try ruby ruby -ropen-uri -e 'URI.open(ENV["URL"]).read'
fi
if has php; then
    try php php -r 'exit(file_get_contents(getenv("URL")) === false ? 1 : 0);'
fi
