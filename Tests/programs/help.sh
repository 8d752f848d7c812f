#!/usr/bin/env bash
# Every help text is as its snapshot file says; shells complete; the manual is one. LUGN_UPDATE_SNAPSHOTS=1 writes the files
# anew.
. "$(dirname "$0")/common.sh"
folder=Tests/programs/help
count=0
seen=
check() {
    local file=$1; shift
    seen="$seen $file.txt"
    if [ "${LUGN_UPDATE_SNAPSHOTS:-}" = 1 ]; then "$@" >"$folder/$file.txt"; return; fi
    "$@" | diff -u "$folder/$file.txt" - || fail "the help of $file has changed; if that is meant: LUGN_UPDATE_SNAPSHOTS=1 Tests/programs/help.sh"
    count=$((count + 1))
}
for program in lugn lugn-server lugn-admin; do
    check "$program" "$bin/$program" --help
    "$bin/$program" manual >"$scratch/$program.1"
    while read -r -a command; do
        # Of every program alike: that of one is enough.
        case "$program ${command[0]}" in lugn-*" completion" | lugn-*" manual") continue ;; esac
        check "$(IFS=-; echo "$program-${command[*]}")" "$bin/$program" "${command[@]}" --help
    done < <(tr -d '\\' <"$scratch/$program.1" | sed -n "s/^\.SS $program //p")
done
check lugn-sim "$bin/lugn-sim" --help
for file in "$folder"/*; do
    case "$seen " in *" $(basename "$file") "*) continue ;; esac
    if [ "${LUGN_UPDATE_SNAPSHOTS:-}" = 1 ]; then rm "$file"; else fail "$file is of no command"; fi
done

# The manual: nothing in it that roff warns of, and it says what help says.
for program in lugn lugn-server lugn-admin; do
    for language in sv_SE.UTF-8 C.UTF-8; do
        LC_ALL=$language "$bin/$program" manual >"$scratch/page"
        command -v groff >/dev/null || continue
        groff -man -Tutf8 -ww "$scratch/page" >"$scratch/shown" 2>"$scratch/warnings"
        [ ! -s "$scratch/warnings" ] || fail "the manual of $program in $language: $(head -n 3 "$scratch/warnings")"
        count=$((count + 1))
    done
done

# Every text of lugn is in both languages. What completion says of a command's words and options is its help.
texts_of() {
    local language=$1
    while read -r -a command; do
        LC_ALL=$language "$bin/lugn" completion words -- "${command[@]}"
        LC_ALL=$language "$bin/lugn" completion words -- "${command[@]}" -- | sed "s/^/${command[*]} /"
    done < <(grep -vxFf "$scratch/bare" "$scratch/commands")
}
sed -n "s/^\.SS lugn //p" "$scratch/lugn.1" | tr -d '\\' >"$scratch/commands"
# Commands that are declared with their texts, and not in the files of words, speak English only: they are named.
while read -r command; do
    grep -qF "\"help.$command\":" Sources/CWords/en.json || case $command in completion | manual) ;; *) echo "$command" ;; esac
done <"$scratch/commands" >"$scratch/bare"
[ ! -s "$scratch/bare" ] || echo "in English only: $(paste -sd, "$scratch/bare")"
first_words="^($(cut -d ' ' -f 1 "$scratch/bare" | paste -sd'|' | sed 's/^$/-/'))\b"
texts_of C.UTF-8 | grep -vE "$first_words" >"$scratch/english"
texts_of sv_SE.UTF-8 | grep -vE "$first_words" >"$scratch/swedish"
[ "$(wc -l <"$scratch/english")" -gt 500 ] || fail "there are too few texts"
# Names of commands are no texts.
same=$(comm -12 <(grep -P '\t.' "$scratch/english" | sort -u) <(grep -P '\t.' "$scratch/swedish" | sort -u) |
    grep -vP '^[a-z]+\t[a-z-]+(, [a-z-]+)*$' || true)
[ -z "$same" ] || fail "these texts are not in Swedish: $same"
bare=$(grep -P -- '--.*\t$' "$scratch/english" "$scratch/swedish") && fail "these options have no text: $bare"
count=$((count + 2))

# Completion, in the shells that are here.
completes() {
    local shell=$1 expected=$2 found=$3
    [ "$found" = "$expected" ] || fail "$shell completes '$found' instead of '$expected'"
    count=$((count + 1))
}
export PATH="$bin:$PATH"
in_bash() {
    bash -c 'source <(lugn completion bash); COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _lugn 2>/dev/null; echo "${COMPREPLY[*]}"' bash "$@"
}
completes bash "call case" "$(in_bash lugn ca)"
completes bash "external relative involved" "$(in_bash lugn case new --caller "")"
completes bash "relative" "$(in_bash lugn case new --caller = r)"
completes bash "Package.swift" "$(in_bash lugn import cases Packag)"
completes bash "Protocol" "$(in_bash lugn export csv Prot)"
bash -c 'source <(lugn-admin completion bash); complete -p lugn-admin' >/dev/null || fail "lugn-admin has no completion in bash"
if command -v fish >/dev/null; then
    completes fish "new" "$(fish -c 'lugn completion fish | source; complete -C "lugn case ne"' | cut -f 1)"
    completes fish "Package.swift" "$(fish -c 'lugn completion fish | source; complete -C "lugn import cases Packag"' | cut -f 1)"
fi
if command -v zsh >/dev/null; then
    completes zsh "_lugn" "$(zsh -f -c 'autoload -U compinit; compinit -u -D; source <(lugn completion zsh); echo ${_comps[lugn]}')"
fi
echo "$count texts and completions are as they should be"
