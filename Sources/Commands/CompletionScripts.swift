/// The scripts by which shells ask a program what may stand next.
///
/// They hold nothing of the program's commands: each Tab asks the program that is installed, so that a script stays right when
/// the program changes.
enum CompletionScripts {
    static let shells = ["bash", "zsh", "fish"]

    /// Nil for a shell that is none of these.
    static func script(for shell: String, program name: String) -> String? {
        let function = "_" + name.replacing("-", with: "_")
        switch shell {
        case "bash": return bash(name, function)
        case "zsh": return zsh(name, function)
        case "fish": return fish(name, function)
        default: return nil
        }
    }

    private static func bash(_ name: String, _ function: String) -> String {
        """
        # bash completion for \(name)
        \(function)() {
            local line begun=${COMP_WORDS[COMP_CWORD]}
            [ "$begun" = "=" ] && begun=
            COMPREPLY=()
            while IFS= read -r line; do
                line=${line%%$'\\t'*}
                case $line in
                    :files) compopt -o filenames; while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$begun") ;;
                    :folders) compopt -o filenames; while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -d -- "$begun") ;;
                    # Where bash has taken --name=value apart, only the value is put in.
                    --*=*) if [[ $begun == --*=* ]]; then COMPREPLY+=("$line"); else COMPREPLY+=("${line#*=}"); fi ;;
                    *) COMPREPLY+=("$line") ;;
                esac
            done < <("${COMP_WORDS[0]}" completion words -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
        }
        complete -F \(function) \(name)

        """
    }

    private static func zsh(_ name: String, _ function: String) -> String {
        """
        #compdef \(name)
        \(function)() {
            local line word
            local -a found
            while IFS= read -r line; do
                word=${line%%$'\\t'*}
                case $word in
                    :files) _files ;;
                    :folders) _files -/ ;;
                    *) found+=("${word//:/\\\\:}:${line#*$'\\t'}") ;;
                esac
            done < <("${words[1]}" completion words -- "${(@)words[2,CURRENT]}" 2>/dev/null)
            (( $#found )) && _describe -V \(name) found
        }
        if [ "${funcstack[1]}" = "\(function)" ] || [ "${funcstack[1]}" = "_\(name)" ]; then
            \(function) "$@"
        else
            compdef \(function) \(name)
        fi

        """
    }

    private static func fish(_ name: String, _ function: String) -> String {
        """
        # fish completion for \(name)
        function _\(function)
            set -l words (commandline -opc)
            set -l begun (commandline -ct)
            for line in ($words[1] completion words -- $words[2..-1] "$begun" 2>/dev/null)
                switch $line
                    case :files
                        __fish_complete_path "$begun"
                    case :folders
                        __fish_complete_directories "$begun"
                    case '*'
                        echo -- $line
                end
            end
        end
        complete -c \(name) -f -a '(_\(function))'

        """
    }
}
