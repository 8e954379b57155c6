# Shared by the programs in this folder; not run by itself.

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
java_wanted=25

say() { printf 'sallyport: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

java_version() { sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release" 2>/dev/null; }

# Sets JAVA_HOME to a JDK that is new enough: the one it names, else one under /usr/lib/jvm.
find_java() {
    local candidate
    for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/*; do
        if [ -x "$candidate/bin/javac" ] && [ "$(java_version "$candidate")" -ge "$java_wanted" ] 2>/dev/null; then
            export JAVA_HOME=$candidate
            return 0
        fi
    done
    return 1
}

require_java() {
    find_java || die "no JDK $java_wanted found: install one under /usr/lib/jvm (Eclipse Temurin $java_wanted, or Debian's openjdk-$java_wanted-jdk where it has it), or set JAVA_HOME"
}

# Runs bin/setup for what is missing, where that is allowed.
setup_if_missing() {
    local missing
    missing=$("$root/bin/setup" --list "$@")
    [ -z "$missing" ] && return 0
    [ "$(id -u)" -eq 0 ] || die "missing: $(echo $missing) (install with: sudo bin/setup)"
    "$root/bin/setup" "$@"
}

# Runs a command and shows that time passes: a line that counts in a terminal, one line when piped.
with_progress() {
    local label=$1 log start pid code
    shift
    log=$(mktemp)
    start=$SECONDS
    [ -t 2 ] || say "$label"
    "$@" > "$log" 2>&1 &
    pid=$!
    while kill -0 "$pid" 2>/dev/null; do
        [ -t 2 ] && printf '\r  … %s  %d s' "$label" $((SECONDS - start)) >&2
        sleep 0.2
    done
    code=0
    wait "$pid" || code=$?
    [ -t 2 ] && printf '\r\033[2K' >&2
    if [ "$code" -ne 0 ]; then
        cat "$log" >&2
        rm -f "$log"
        die "$label: failed with $code, see above"
    fi
    printf '  ✓ %s  %d s\n' "$label" $((SECONDS - start)) >&2
    rm -f "$log"
}

maven() {
    MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow" mvn -B -f "$root/pom.xml" "$@"
}

sources_newer_than() {
    [ -n "$(find "$root" \( -name target -o -name .git -o -name node_modules -o -path "$root/docs" -o -path "$root/verify" \) -prune \
        -o -type f \( -name '*.java' -o -name 'pom.xml' -o -path '*/src/*' \) -newer "$1" -print -quit)" ]
}

java_options=(--add-opens java.base/java.lang=ALL-UNNAMED --add-exports java.base/sun.nio.ch=ALL-UNNAMED --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -XX:+UseSerialGC)
# Commands live a short time: they compile less.
cli_options=(-Xmx256m -XX:TieredStopAtLevel=1 -Xlog:disable -Xlog:all=error:stderr)

set_class_path() { class_path=$(printf '%s:' "$root"/app/target/*.jar "$root"/app/target/lib/*.jar); }

# Builds, then runs one command to record what commands load: with that cache they start in half the time.
build() {
    rm -rf "$root/app/target/lib" # jars of versions no longer used
    maven -q -Dquick -DskipTests -pl app -am package
    set_class_path
    rm -f "$root/target/cli.aot"
    SALLYPORT_URL=http://127.0.0.1:1 SALLYPORT_API_KEY=none "$JAVA_HOME/bin/java" "${java_options[@]}" "${cli_options[@]}" \
        -XX:AOTCacheOutput="$root/target/cli.aot" -cp "$class_path" io.sallyport.app.Main ls || true
    [ -s "$root/target/cli.aot" ]
}

# Builds what is needed to run, unless that has been done since the last change.
build_if_needed() {
    local stamp=$root/target/built
    if [ -e "$stamp" ] && ! sources_newer_than "$stamp"; then
        return 0
    fi
    mkdir -p "$root/target" && [ -w "$root/target" ] \
        || die "this checkout has to be built first, by somebody who may write to it: sudo bin/sallyport version"
    exec 9> "$root/target/build.lock"
    flock 9
    if [ ! -e "$stamp" ] || sources_newer_than "$stamp"; then
        local began=$root/target/build-began
        touch "$began"
        with_progress "building (about a minute the first time)" build
        mv "$began" "$stamp"
    fi
    exec 9>&-
}
