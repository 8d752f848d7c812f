/// What may stand next on a command line, for a shell whose user presses Tab.
struct Completion {
    /// What the shell is to offer.
    struct Answer: Equatable {
        /// Words that may stand there, each with a few words on it.
        var candidates: [Candidate] = []
        /// Whether names of files, or of folders, may.
        var paths = Paths.none
    }

    struct Candidate: Equatable {
        var word: String
        var summary: String
    }

    enum Paths { case none, files, folders }

    let program: Program

    private struct Place {
        var path: [String] = []
        var isPathComplete = false
        var argumentCount = 0
        var onlyArguments = false
        var awaiting: Option?
        var given: Set<String> = []
    }

    /// - Parameter words: those behind the program's name, up to and with the one that has been begun, which may be empty.
    func answer(to words: [String]) -> Answer {
        var place = Place()
        let words = Self.joiningValues(words)
        for word in words.dropLast() { read(word, &place) }
        let begun = words.last ?? ""
        if let option = place.awaiting { return values(of: option, begun, prefix: "") }
        if begun.hasPrefix("-"), !place.onlyArguments { return options(begun, place) }
        return commandsAndArguments(begun, place)
    }

    /// bash takes `--name=value` apart; here it is one word again.
    private static func joiningValues(_ words: [String]) -> [String] {
        var joined: [String] = []
        for (index, word) in words.enumerated() {
            if word == "=", joined.last?.hasPrefix("--") == true {
                joined[joined.count - 1] += "="
            } else if index > 0, words[index - 1] == "=", joined.last?.hasSuffix("=") == true {
                joined[joined.count - 1] += word
            } else {
                joined.append(word)
            }
        }
        return joined
    }

    private func read(_ word: String, _ place: inout Place) {
        if place.awaiting != nil {
            place.awaiting = nil
        } else if place.onlyArguments || !word.hasPrefix("-") || word == "-" {
            if !place.isPathComplete, program.nextWords(after: place.path, all: true).contains(word) {
                place.path.append(word)
            } else {
                place.isPathComplete = true
                place.argumentCount += 1
            }
        } else if word == "--" {
            (place.onlyArguments, place.isPathComplete) = (true, true)
        } else if let option = known(at: place.path).first(where: { $0.isWritten(word.prefix { $0 != "=" }) }) {
            place.given.insert(option.name)
            if option.takesValue, !word.contains("=") { place.awaiting = option }
        }
    }

    private func known(at path: [String]) -> [Option] {
        program.allGlobalOptions + (program.command(at: path)?.options ?? [])
    }

    private func options(_ begun: String, _ place: Place) -> Answer {
        if let equals = begun.firstIndex(of: "=") {
            guard let option = known(at: place.path).first(where: { $0.isWritten(begun[..<equals]) }) else {
                return Answer()
            }
            return values(of: option, String(begun[begun.index(after: equals)...]), prefix: String(begun[...equals]))
        }
        let options = known(at: place.path).filter { option in
            if case .list = option.kind { return true }
            return !place.given.contains(option.name)
        }
        return Answer(
            candidates: options.filter { ("--" + $0.name).hasPrefix(begun) }.map {
                Candidate(word: "--" + $0.name, summary: $0.summary)
            })
    }

    /// - Parameter prefix: what stands before the value in the same word.
    private func values(of option: Option, _ begun: String, prefix: String) -> Answer {
        switch option.kind {
        case .choice:
            return Answer(
                candidates: option.shownChoices.filter { $0.hasPrefix(begun) }.map {
                    Candidate(word: prefix + $0, summary: "")
                })
        case .list:
            // Those before the last comma stand.
            let done = begun.lastIndex(of: ",").map { String(begun[...$0]) } ?? ""
            let last = begun.dropFirst(done.count)
            let given = done.split(separator: ",").map(String.init)
            return Answer(
                candidates: option.shownChoices.filter { $0.hasPrefix(last) && !given.contains($0) }.map {
                    Candidate(word: prefix + done + $0, summary: "")
                })
        case .value, .integer, .flag:
            return Answer(paths: Self.paths(option.pathKind))
        }
    }

    private func commandsAndArguments(_ begun: String, _ place: Place) -> Answer {
        var answer = Answer()
        if !place.isPathComplete {
            for word in program.nextWords(after: place.path) where word.hasPrefix(begun) {
                let commands = program.commands(under: place.path + [word]).filter { !$0.isHidden }
                let summary =
                    commands.count == 1
                    ? commands[0].summary : commands.map { $0.path.last ?? "" }.joined(separator: ", ")
                answer.candidates.append(Candidate(word: word, summary: summary))
            }
        }
        if let arguments = program.command(at: place.path)?.arguments, let last = arguments.last {
            let isBeyond = place.argumentCount >= arguments.count
            let argument = isBeyond ? (last.isVariadic ? last : nil) : arguments[place.argumentCount]
            if let argument {
                answer.candidates += argument.choices.filter { $0.hasPrefix(begun) }.map {
                    Candidate(word: $0, summary: "")
                }
                answer.paths = Self.paths(argument.name)
            }
        }
        return answer
    }

    private static func paths(_ placeholder: String) -> Paths {
        switch placeholder {
        case "FILE": .files
        case "DIR": .folders
        default: .none
        }
    }
}

extension Completion.Answer {
    /// A line for each candidate, its summary behind a tab; `:files` and `:folders` where paths may stand.
    var lines: [String] {
        let marks: [String] =
            switch paths {
            case .none: []
            case .files: [":files"]
            case .folders: [":folders"]
            }
        return candidates.map { $0.word + "\t" + $0.summary } + marks
    }
}
