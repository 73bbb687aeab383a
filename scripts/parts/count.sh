# shellcheck shell=bash
# How many tests have run, from the logs of the steps.

# Adds up «test result: ok. 12 passed; …» of all test binaries.
cargo_passed() { awk '/^test result: ok\./ { sum += $4 } END { print sum + 0 }' "$logs/$1"; }

# One line of trybuild for each file; all of them are ok, or the run would have stopped. How a line ends is not looked
# at, because libtest may say in the middle of it that the test takes long.
ui_passed() { grep -oE 'test [^ ]+\.rs( \[should [a-z ]+\])? \.\.\. ' "$logs/rust" | wc -l; }

# The summary of the recorded scenarios, on all runtimes together. It, too, may stand in the middle of a line.
conformance_passed() {
    grep -oE 'conformance on [a-z]+: [0-9]+ passed' "$logs/$1" | awk '{ sum += $4 } END { print sum + 0 }'
}

node_passed() { awk '/^# pass / { sum += $3 } END { print sum + 0 }' "$logs/$1"; }

# The last line of the comparison: «smoke: 57 runs of a shape on a server».
smoke_passed() { awk '/^smoke: / { sum += $2 } END { print sum + 0 }' "$logs/smoke"; }

# The last line of the soak: «soak: 6 runs passed, 0 failed».
soak_passed() { awk '/^soak: / { sum += $2 } END { print sum + 0 }' "$logs/soak"; }

# The summary of cargo-deny: «bans ok, licenses ok, sources ok».
deny_passed() { grep -oE '\b(advisories|bans|licenses|sources) ok\b' "$logs/deny" | wc -l; }

# A part without a test is a part that does not run, whatever its exit status says.
report() {
    local name=$1 count=$2
    printf '%-28s %5d passed\n' "$name" "$count"
    ((count > 0)) || fail "$name: not a single test has run"
}
